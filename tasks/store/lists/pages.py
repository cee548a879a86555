"""Pages of long lists, by key: as quick for what is rare as for what is frequent.

First a stretch of the list is walked in its order, which soon fills a page with what is frequent.
What is too rare for that is gathered by the index of its narrowest filter, and sorted. So the work
of a page grows with the stretch and with the hits, never with the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    func,
    literal,
    select,
    tuple_,
)

from domain.page_keys import page_key, read_page_key

STRETCH = 3_000  # rows that are looked at before anything is gathered
PROBE = 20_000  # hits from where on it does not matter how many there are


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

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What holds for every row of it."""
        return [each.condition for each in self.filters]


@dataclass(frozen=True, slots=True)
class PageOfIds:
    """The ids of a page in their order, and the key of the next page."""

    ids: tuple[int, ...]
    next: str | None  # none: this is the last


def read_page(connection: Connection, asked: Question, limit: int, key: str | None) -> PageOfIds:
    """Read a page; BadFilter where its key is of another list."""
    kinds = [each.type.python_type for each in asked.sorting.columns]
    begin = read_page_key(key, asked.name, kinds) if key else None
    rows = _rows(connection, asked, limit + 1, begin)
    shown = rows[:limit]
    more = page_key(asked.name, shown[-1]) if len(rows) > limit else None
    return PageOfIds(tuple(row[-1] for row in shown), more)


def count(connection: Connection, asked: Question) -> int:
    """Count what a list has, on all its pages."""
    query = select(func.count()).select_from(asked.table).where(*asked.conditions)
    if narrowest := _narrowest(connection, asked):
        query = query.where(_among(asked, narrowest))
    return int(connection.execute(query).scalar_one())


def each_page(connection: Connection, asked: Question, limit: int) -> Iterator[tuple[int, ...]]:
    """Read the ids of a whole list, page by page."""
    page = read_page(connection, asked, limit, None)
    while page.ids:
        yield page.ids
        if page.next is None:
            return
        page = read_page(connection, asked, limit, page.next)


def _rows(
    connection: Connection, asked: Question, limit: int, begin: Sequence[Any] | None
) -> list[tuple[Any, ...]]:
    query = select(*asked.sorting.columns).order_by(*asked.sorting.clauses)
    if begin is not None:
        query = query.where(asked.sorting.after(begin))
    end = connection.execute(query.offset(STRETCH).limit(1)).one_or_none()
    wanted = query.where(*asked.conditions).limit(limit)
    if end is None:
        return _tuples(connection, wanted)
    found = _tuples(connection, wanted.where(~asked.sorting.after(end)))
    if len(found) == limit:
        return found
    if narrowest := _narrowest(connection, asked):
        return _tuples(connection, wanted.where(_among(asked, narrowest)))
    return _tuples(connection, wanted)


def _narrowest(connection: Connection, asked: Question) -> Filter | None:
    """Choose the filter that lets the fewest pass, of those that have an index."""
    indexed = [each for each in asked.filters if each.ids is not None]
    if len(indexed) < 2:
        return next(iter(indexed), None)
    return min(indexed, key=lambda each: _passing(connection, each))


def _passing(connection: Connection, filter_: Filter) -> int:
    assert filter_.ids is not None
    some = filter_.ids.limit(PROBE).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _among(asked: Question, narrowest: Filter) -> ColumnElement[bool]:
    assert narrowest.ids is not None
    hits = narrowest.ids.cte("hits").prefix_with("MATERIALIZED")
    return asked.table.c.id.in_(select(*hits.c))


def _tuples(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]
