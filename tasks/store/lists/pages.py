"""Pages of long lists, by key: as quick for what is rare as for what is frequent.

What a filter lets pass rarely is gathered by its index, and sorted. What is frequent soon fills a
page on a walk through the list in its order; where it does not, because it is all elsewhere, it is
gathered after all. So the work grows with the hits, never with the table.
"""

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    Select,
    Table,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from domain.page_keys import page_key, read_page_key
from tasks.store.tables import Instant

FEW = 2_500  # hits that are gathered at once
MANY = 20_000  # hits that are kept in mind on a walk; of more, each row is asked
STRETCH = 20_000  # rows that a walk looks at
STRETCH_ASKING = 5_000  # rows, where each is asked, which takes longer


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on the rows of a list, and how an index finds the ids of those it lets pass."""

    condition: ColumnElement[bool]
    ids: Select[Any] | None = None  # none: no index finds them


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which columns a list is sorted, the id the last of them, for it is never the same."""

    columns: tuple[Column[Any], ...]
    descending: bool = False

    @property
    def clauses(self) -> list[ColumnElement[Any]]:
        """What a query is ordered by."""
        return [each.desc() if self.descending else each.asc() for each in self.columns]

    def after(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Say which rows come after the one with these values."""
        row = tuple_(*self.columns)
        bound = [literal(v, c.type) for v, c in zip(values, self.columns, strict=True)]
        return row < tuple_(*bound) if self.descending else row > tuple_(*bound)


@dataclass(frozen=True, slots=True)
class Question:
    """A list as it is asked for."""

    table: Table
    name: str  # of the list, with its filters and its order: page keys belong to it alone
    filters: Sequence[Filter]
    sorting: Sorting


@dataclass(frozen=True, slots=True)
class _Hits:
    """What a filter lets pass: all ids of it where it is narrow, or the first ones of many."""

    filter: Filter | None
    ids: Sequence[int]

    @property
    def is_narrow(self) -> bool:
        return self.filter is not None and len(self.ids) < MANY

    @property
    def are_few(self) -> bool:
        return self.filter is not None and len(self.ids) < FEW


NOTHING_NARROW = _Hits(None, ())


@dataclass(frozen=True, slots=True)
class PageOfIds:
    """The ids of a page in their order, and the key of the next page."""

    ids: tuple[int, ...]
    next: str | None  # none: this is the last


def read_page(connection: Connection, asked: Question, limit: int, key: str | None) -> PageOfIds:
    """Read a page; BadFilter where its key is of another list."""
    kinds = [_kind(each.type) for each in asked.sorting.columns]
    begin = read_page_key(key, asked.name, kinds) if key else None
    rows = _rows(connection, asked, limit + 1, begin)
    shown = rows[:limit]
    more = page_key(asked.name, shown[-1]) if len(rows) > limit else None
    return PageOfIds(tuple(row[-1] for row in shown), more)


def count(connection: Connection, asked: Question) -> int:
    """Count what a list has, on all its pages."""
    query = select(func.count()).select_from(asked.table)
    counted = query.where(*_whole(connection, asked))
    return int(connection.execute(counted).scalar_one())


def each_id(
    connection: Connection, asked: Question, at_once: int
) -> Generator[Sequence[int], None, None]:
    """Read the ids of a whole list by one query, some at a time."""
    query = select(asked.table.c.id).where(*_whole(connection, asked))
    query = query.order_by(*asked.sorting.clauses)
    with connection.execute(query, execution_options={"yield_per": at_once}) as found:
        yield from found.scalars().partitions()


def _whole(connection: Connection, asked: Question) -> list[ColumnElement[bool]]:
    """Say what holds for all rows of a list, which are all read."""
    narrowest = _narrowest(connection, asked)
    return _conditions(connection, asked, narrowest if narrowest.is_narrow else NOTHING_NARROW)


def _kind(of: TypeEngine[Any]) -> type:
    if isinstance(of, Instant | DateTime):
        return datetime
    return int if isinstance(of, Integer) else str


def _rows(
    connection: Connection, asked: Question, limit: int, begin: Sequence[Any] | None
) -> list[tuple[Any, ...]]:
    query = select(*asked.sorting.columns).order_by(*asked.sorting.clauses)
    if begin is not None:
        query = query.where(asked.sorting.after(begin))
    page, narrowest = query.limit(limit), _narrowest(connection, asked)
    gathered = page.where(*_conditions(connection, asked, narrowest))
    if narrowest.are_few:
        return _tuples(connection, gathered)
    walked = page.where(*_conditions(connection, asked, narrowest, walking=True))
    stretch = STRETCH if narrowest.is_narrow else STRETCH_ASKING
    end = connection.execute(query.offset(stretch).limit(1)).one_or_none()
    if end is None:
        return _tuples(connection, walked)
    found = _tuples(connection, walked.where(~asked.sorting.after(end)))
    return found if len(found) == limit else _tuples(connection, gathered)


def _narrowest(connection: Connection, asked: Question) -> _Hits:
    """Choose the filter that lets the fewest pass, of those with an index."""
    found = NOTHING_NARROW
    for each in asked.filters:
        if each.ids is not None:
            hits = _Hits(each, connection.scalars(each.ids.limit(MANY)).all())
            if found.filter is None or len(hits.ids) < len(found.ids):
                found = hits
    return found


def _conditions(
    connection: Connection, asked: Question, narrowest: _Hits, walking: bool = False
) -> list[ColumnElement[bool]]:
    """Say what holds for a list's rows: where they are few, their ids are known already.

    Walking, rows are looked at in their order, and each whether it is among the hits.
    """
    others = [each.condition for each in asked.filters if each is not narrowest.filter]
    id_ = asked.table.c.id
    if narrowest.filter is None:
        return others
    if narrowest.is_narrow:
        known = _known(connection, narrowest.ids)
        return [*others, (id_ + 0 if walking else id_).in_(known)]  # a sum has no index
    if walking or narrowest.filter.ids is None:
        return [*others, narrowest.filter.condition]
    hits = narrowest.filter.ids.cte("hits").prefix_with("MATERIALIZED")
    return [*others, id_.in_(select(*hits.c))]


def _known(connection: Connection, ids: Sequence[int]) -> Select[Any]:
    """Select these ids, given as one value."""
    if connection.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
    return select(func.unnest(literal(list(ids), ARRAY(BigInteger))))


def _tuples(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]
