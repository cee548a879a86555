"""Whom and what an appointment has: participants, equipment, cases, and guests from outside."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from domain.appointments import Guest
from domain.mail import address_key
from tasks.store.tables import (
    appointment_cases,
    appointment_equipment,
    appointment_guests,
    appointment_participants,
)

_REFERRING = {
    appointment_participants: "employee_id",
    appointment_equipment: "equipment_id",
    appointment_cases: "case_id",
}


def relate(
    connection: Connection, table: Table, appointment_id: int, ids: Sequence[int]
) -> list[int]:
    """Let an appointment have these; gives those that it did not have yet."""
    column = _REFERRING[table]
    known = select(table.c[column]).where(table.c.appointment_id == appointment_id)
    there = set(connection.scalars(known))
    new = [each for each in ids if each not in there]
    if new:
        rows = [{"appointment_id": appointment_id, column: each} for each in new]
        connection.execute(insert(table), rows)
    return new


def part(connection: Connection, table: Table, appointment_id: int, ids: Sequence[int]) -> None:
    """Let an appointment have these no more."""
    theirs = table.c[_REFERRING[table]].in_(ids) & (table.c.appointment_id == appointment_id)
    connection.execute(delete(table).where(theirs))


def invite(connection: Connection, appointment_id: int, guests: Iterable[Guest]) -> None:
    """Let guests take part, each once; one who was uninvited is a guest again."""
    for key, guest in {address_key(guest.address): guest for guest in guests}.items():
        same = _same(appointment_id, [key])
        values = {"name": guest.name, "address": guest.address.strip(), "uninvited_at": None}
        if not connection.execute(update(appointment_guests).where(same).values(**values)).rowcount:
            row = {"appointment_id": appointment_id, "key": key, **values}
            connection.execute(insert(appointment_guests).values(**row))


def uninvite(
    connection: Connection, appointment_id: int, addresses: Iterable[str], now: datetime
) -> None:
    """Let guests take part no more."""
    keys = [address_key(address) for address in addresses]
    theirs = _same(appointment_id, keys) & appointment_guests.c.uninvited_at.is_(None)
    connection.execute(update(appointment_guests).where(theirs).values(uninvited_at=now))


def _same(appointment_id: int, keys: Sequence[str]) -> ColumnElement[bool]:
    guests = appointment_guests.c
    return (guests.appointment_id == appointment_id) & guests.key.in_(keys)
