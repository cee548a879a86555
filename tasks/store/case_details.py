"""A case with what belongs to it, as far as somebody may see it (L1, L9)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.errors import UnknownRecord
from domain.lists import Wish
from tasks.store.database import Store
from tasks.store.lists.case_list import CaseLine, read_case_lines
from tasks.store.lists.reading import APPOINTMENTS, CONTACTS, TODOS, ListOf
from tasks.store.tables import cases

FIRST = 5  # lines of each


@dataclass(frozen=True, slots=True)
class Part:
    """The first lines of what belongs to a case, and how many there are."""

    count: int
    lines: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """A case, with contacts, appointments (its follow-ups among them) and todos."""

    line: CaseLine
    contacts: Part
    appointments: Part
    todos: Part


def show_case(store: Store, number: str, viewer: int | None = None) -> CaseDetails:
    """Read a case by its number; UnknownRecord where there is none."""
    line = _line(store, number)
    wish = Wish(case=line.number)
    return CaseDetails(line, *(_part(of, store, wish, viewer) for of in _PARTS))


_PARTS: tuple[ListOf[Any], ...] = (CONTACTS, APPOINTMENTS, TODOS)


def _part(of: ListOf[Any], store: Store, wish: Wish, viewer: int | None) -> Part:
    return Part(of.count(store, wish, viewer), of.page(store, wish, viewer, FIRST).lines)


def _line(store: Store, number: str) -> CaseLine:
    this = cases.c.number == number.strip().upper()
    with store.reading() as connection:
        found = connection.scalar(select(cases.c.id).where(this))
        if found is None:
            raise UnknownRecord(f"there is no case {number}")
        return read_case_lines(connection, [found])[0]
