"""Which occurrences overlap a time, found without looking at all that ever was.

What overlaps a time began before its end, and not longer before its begin than it lasts. So
occurrences are sorted by how long they last at most, and sought with each of these lengths.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    column,
    literal_column,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tasks.store.tables import Instant, occurrences

LENGTHS = (
    timedelta(hours=2),
    timedelta(hours=26),  # a whole day, also as clocks are put back
    timedelta(days=15),
    timedelta(days=367),
    timedelta(days=85_000),  # all years in which an appointment can be
)


def span_of(begins_at: datetime, ends_at: datetime) -> int:
    """Say which is the first of LENGTHS that an occurrence does not exceed."""
    return next(span for span, most in enumerate(LENGTHS) if ends_at - begins_at <= most)


def lying_in(begin: datetime, end: datetime) -> ColumnElement[bool]:
    """Say what overlaps a time, or has no length and lies at its very begin."""
    at_begin = occurrences.c.begins_at == begin
    overlapping = [_of_span(span, begin, end, begin - most) for span, most in enumerate(LENGTHS)]
    return and_(or_(*overlapping), or_(occurrences.c.ends_at > begin, at_begin))


def overlapping(times: Sequence[tuple[datetime, datetime]]) -> CTE:
    """Select the occurrences that overlap any of these times, once for each."""
    wanted = _wanted(times)
    return union_all(*(_overlapping(wanted, span) for span in range(len(LENGTHS)))).cte("found")


def _wanted(times: Sequence[tuple[datetime, datetime]]) -> CTE:
    columns = (column("begins_at", Instant), column("ends_at", Instant))
    return values(*columns).data(list(times)).cte("wanted")


def _overlapping(wanted: CTE, span: int) -> Select[Any]:
    begins_at, ends_at = wanted.c.begins_at, wanted.c.ends_at
    since = _Earlier(begins_at, literal_column(str(LENGTHS[span] // timedelta(hours=1))))
    overlaps = _of_span(span, begins_at, ends_at, since) & (occurrences.c.ends_at > begins_at)
    return select(occurrences).select_from(wanted.join(occurrences, overlaps))


def _of_span(span: int, begin: Any, end: Any, since: Any) -> ColumnElement[bool]:
    begun = occurrences.c.begins_at
    return and_(occurrences.c.span == span, begun >= since, begun < end)


class _Earlier(FunctionElement[datetime]):
    """An instant so many hours before another one, or a part of a second before that."""

    type = Instant()
    inherit_cache = True


@compiles(_Earlier, "sqlite")
def _earlier_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    instant, hours = (compiler.process(each, **more) for each in element.clauses)
    return f"datetime({instant}, '-{hours} hours')"  # sorts before the same with its fraction


@compiles(_Earlier, "postgresql")
def _earlier_on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    instant, hours = (compiler.process(each, **more) for each in element.clauses)
    return f"({instant} - make_interval(hours => {hours}))"
