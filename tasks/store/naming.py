"""Whom and what an appointment names, by numbers: their ids, and what speaks against them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from domain.appointments import BookingReason
from domain.refusals import Refusal
from tasks.store.tables import cases, contacts, employees, equipment
from tasks.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Named:
    """Who was found by numbers, in their order and each once, and why not all."""

    ids: tuple[int, ...]
    refusals: tuple[Refusal, ...] = ()


def employees_named(connection: Connection, numbers: Iterable[str], to_join: bool = True) -> Named:
    """Find employees by their personnel numbers; who left can take part no more."""
    gone = BookingReason.EMPLOYEE_LEFT if to_join else None
    return _named(connection, employees, numbers, BookingReason.EMPLOYEE_UNKNOWN, gone)


def equipment_named(connection: Connection, numbers: Iterable[str], to_join: bool = True) -> Named:
    """Find equipment by its numbers; what is gone can be booked no more."""
    gone = BookingReason.EQUIPMENT_GONE if to_join else None
    return _named(connection, equipment, numbers, BookingReason.EQUIPMENT_UNKNOWN, gone)


def cases_named(connection: Connection, numbers: Iterable[str]) -> Named:
    """Find cases by their numbers, in whichever letters."""
    upper = [number.upper() for number in numbers]
    return _named(connection, cases, upper, BookingReason.CASE_UNKNOWN, None)


def reasons_against_contact(
    connection: Connection, contact_id: int | None, viewer_id: int
) -> list[Refusal]:
    """Say why there can be no follow-up of a contact: it is not there, or not to be seen (L9)."""
    if contact_id is None:
        return []
    allowed = visible_to(viewer_id) & (contacts.c.id == contact_id)
    if connection.scalar(select(contacts.c.id).where(allowed)) is not None:
        return []
    return [Refusal(BookingReason.CONTACT_UNKNOWN, str(contact_id))]


def _named(
    connection: Connection,
    table: Table,
    numbers: Iterable[str],
    unknown: BookingReason,
    gone: BookingReason | None,
) -> Named:
    wanted = list(dict.fromkeys(number.strip() for number in numbers))
    known = _rows(connection, table, wanted)
    missing = [Refusal(unknown, number) for number in wanted if number not in known]
    found = [known[number] for number in wanted if number in known]
    left = [Refusal(gone, row.name) for row in found if not row.active] if gone else []
    return Named(tuple(row.id for row in found), (*missing, *left))


def _rows(connection: Connection, table: Table, numbers: Collection[str]) -> dict[str, Any]:
    possible = [number for number in numbers if number.isprintable()]
    query = select(table).where(table.c.number.in_(possible))
    return {row.number: row for row in connection.execute(query)} if possible else {}
