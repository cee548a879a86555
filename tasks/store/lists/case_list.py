"""Which cases a list has: filtered, searched and sorted, and what it says of each (L1-L6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from domain.directory import CaseKind
from domain.lists import Listed, Order, Wish
from domain.search_words import folded
from tasks.store.among import among as one_of
from tasks.store.lists.filters import address_id, among, colleagues, where
from tasks.store.lists.pages import Filter, Question, Sorting
from tasks.store.tables import addresses, cases, employees

SORTINGS: Mapping[Order, Sorting] = {Order.MATCHCODE: Sorting((cases.c.number, cases.c.id))}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case, as a list shows it."""

    id: int
    number: str
    title: str
    kind: CaseKind
    open: bool
    address: str | None  # its number
    address_name: str | None
    owner: str | None  # the name


def cases_asked(connection: Connection, wish: Wish, viewer: int | None) -> Question:
    """Say which cases a list has; UnknownRecord where it names what is not there."""
    order = wish.ordered(Listed.CASES)
    return Question(
        cases,
        f"{Listed.CASES} {order} {wish.digest}",
        _filters(connection, wish, viewer),
        SORTINGS[order],
    )


def read_case_lines(connection: Connection, ids: Sequence[int]) -> list[CaseLine]:
    """Read the lines of cases, in this order."""
    query = (
        select(
            cases,
            addresses.c.number.label("address"),
            addresses.c.name.label("address_name"),
            employees.c.name.label("owner"),
        )
        .outerjoin(addresses, addresses.c.id == cases.c.address_id)
        .outerjoin(employees, employees.c.id == cases.c.owner_id)
        .where(one_of(connection, cases.c.id, ids))
    )
    lines = {row.id: _line(row) for row in connection.execute(query)}
    return [lines[id_] for id_ in ids]


def _filters(connection: Connection, wish: Wish, viewer: int | None) -> list[Filter]:
    filters = []
    if wish.term:
        filters.append(Filter(_found(connection, wish.term)))
    if wish.address is not None:
        its = address_id(connection, wish.address)
        filters.append(where(cases, cases.c.address_id == its))
    if wish.only_open or wish.only_done:
        filters.append(Filter(cases.c.open if wish.only_open else ~cases.c.open))
    if wish.own and viewer is not None:
        filters.append(where(cases, cases.c.owner_id == viewer))
    if wish.own_teams and viewer is not None:
        filters.append(among(cases, direct=[cases.c.owner_id.in_(colleagues(viewer))]))
    return filters


def _found(connection: Connection, term: str) -> ColumnElement[bool]:
    """Search numbers and titles, folded here: cases are few enough to do without an index."""
    every = connection.execute(select(cases.c.id, cases.c.number, cases.c.title))
    ids = [row.id for row in every if term in folded(row.number) or term in folded(row.title)]
    # Written out, as neither database takes so many parameters.
    return cases.c.id.in_(bindparam(None, ids, expanding=True, literal_execute=True, unique=True))


def _line(row: Any) -> CaseLine:
    return CaseLine(
        row.id,
        row.number,
        row.title,
        CaseKind(row.kind),
        row.open,
        row.address,
        row.address_name,
        row.owner,
    )
