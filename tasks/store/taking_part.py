"""Who takes part in an appointment, what it needs, and which cases it belongs to (A1, A7).

Where others changed it since the version that the employee saw, Refused says who changed what.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, select

from domain.appointment_words import reasons_against_guests
from domain.appointments import BookingReason, Guest
from domain.changes import Editing
from domain.refusals import Refusal
from tasks.store.amending import Held, clashes, held, settle
from tasks.store.conflicts import Conflict
from tasks.store.database import Store
from tasks.store.informed import hold_wishes
from tasks.store.naming import Named, cases_named, employees_named, equipment_named
from tasks.store.related import invite, part, relate, uninvite
from tasks.store.tables import (
    appointment_cases,
    appointment_equipment,
    appointment_participants,
    employees,
)


def change_participants(
    store: Store,
    appointment_id: int,
    employee: str,
    add: Collection[str],
    remove: Collection[str],
    now: datetime,
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Let employees take part, or no more; tells where those who are added are at that time."""

    def changing(connection: Connection) -> tuple[Conflict, ...]:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        joining = employees_named(connection, add)
        leaving = employees_named(connection, remove, to_join=False)
        stays = _responsible(connection, this, leaving)
        this.require_live(*joining.refusals, *leaving.refusals, *stays)
        others = [each for each in joining.ids if each != this.row.responsible_id]
        added = _replace(connection, appointment_participants, this, others, leaving.ids)
        hold_wishes(connection, added)
        settle(connection, this, now)
        return clashes(connection, this, added, (), now)

    return store.write(changing)


def change_equipment(
    store: Store,
    appointment_id: int,
    employee: str,
    add: Collection[str],
    remove: Collection[str],
    now: datetime,
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Let an appointment use equipment, or no more; tells where else that is at that time."""

    def changing(connection: Connection) -> tuple[Conflict, ...]:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        taken = equipment_named(connection, add)
        left = equipment_named(connection, remove, to_join=False)
        this.require_live(*taken.refusals, *left.refusals)
        added = _replace(connection, appointment_equipment, this, taken.ids, left.ids)
        settle(connection, this, now)
        return clashes(connection, this, (), added, now)

    return store.write(changing)


def change_cases(
    store: Store,
    appointment_id: int,
    employee: str,
    add: Collection[str],
    remove: Collection[str],
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Let an appointment belong to cases, or no more."""

    def changing(connection: Connection) -> None:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        joined, left = cases_named(connection, add), cases_named(connection, remove)
        this.require_live(*joined.refusals, *left.refusals)
        _replace(connection, appointment_cases, this, joined.ids, left.ids)
        settle(connection, this, now)

    store.write(changing)


def change_guests(
    store: Store,
    appointment_id: int,
    employee: str,
    add: Collection[Guest],
    remove: Collection[str],
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Invite guests from outside, or tell those at these addresses that they are not any more."""

    def changing(connection: Connection) -> None:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        this.require_live(*reasons_against_guests(add))
        uninvite(connection, this.id, remove, now)
        invite(connection, this.id, add)
        settle(connection, this, now)

    store.write(changing)


def _replace(
    connection: Connection, table: Table, this: Held, add: Sequence[int], remove: Sequence[int]
) -> list[int]:
    """Take some away and add others; gives those that were not there."""
    part(connection, table, this.id, [each for each in remove if each not in add])
    return relate(connection, table, this.id, add)


def _responsible(connection: Connection, this: Held, leaving: Named) -> list[Refusal]:
    if this.row.responsible_id not in leaving.ids:
        return []
    query = select(employees.c.name).where(employees.c.id == this.row.responsible_id)
    name = connection.execute(query).scalar_one()
    return [Refusal(BookingReason.RESPONSIBLE_STAYS, name)]
