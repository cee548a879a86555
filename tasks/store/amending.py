"""The frame of every change to an appointment: held, judged, armed anew, and guests told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.appointment_changes import AppointmentFacts, appointment_differences
from domain.appointments import BookingReason, may_change
from domain.changes import Editing
from domain.errors import Refused, UnknownRecord
from domain.refusals import Refusal
from domain.sending import EDIT_OTHERS, PERMISSION, Actor
from tasks.store.actors import actor
from tasks.store.appointment_facts import read_facts
from tasks.store.appointment_visibility import contact_shown_to, record_of, shown_to
from tasks.store.arming import arm, lock_appointments
from tasks.store.conflicts import Conflict, Demand, conflicts_of
from tasks.store.invitations import tell_guests
from tasks.store.record_changes import note, reasons_as_stale
from tasks.store.tables import (
    appointment_equipment,
    appointment_participants,
    appointments,
    occurrences,
)


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that nobody else changes meanwhile, who changes it, and why they may not."""

    row: Any
    editor: Actor
    occurrences: Sequence[Any]  # that the change is about, by their position
    refusals: Sequence[Refusal]
    before: AppointmentFacts

    @property
    def id(self) -> int:
        """The appointment's id."""
        return int(self.row.id)

    @property
    def is_cancelled(self) -> bool:
        """Whether what the change is about is cancelled, as a whole."""
        return all(each.cancelled for each in self.occurrences)

    def require(self, *refusals: Refusal) -> None:
        """Refuse a change where anything stands against it, all at once."""
        if against := tuple(dict.fromkeys((*self.refusals, *refusals))):
            raise Refused(against)

    def require_live(self, *refusals: Refusal) -> None:
        """Do the same, also where the appointment is cancelled."""
        cancelled = self.occurrences and self.is_cancelled
        self.require(*([Refusal(BookingReason.IS_CANCELLED)] if cancelled else []), *refusals)


def held(
    connection: Connection,
    appointment_id: int,
    editing: Editing,
    occurrence: datetime | None = None,
) -> Held:
    """Hold an appointment to change it, as a whole or one occurrence of it.

    UnknownRecord where there is none that the employee may see.
    """
    editor = actor(connection, editing.employee)
    lock_appointments(connection, appointments.c.id == appointment_id)
    seen = (appointments.c.id == appointment_id) & shown_to(editor.id)
    open_to = contact_shown_to(editor.id).label("open")
    query = select(appointments, open_to).where(seen, appointments.c.deleted_at.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no appointment {appointment_id} that you may see")
    found = _occurrences(connection, appointment_id, occurrence)
    refusals = reasons_not_to_change(connection, row, editor)
    if occurrence is not None and not found:
        shown = occurrence.isoformat(" ", "minutes")
        refusals.append(Refusal(BookingReason.NO_SUCH_OCCURRENCE, shown))
    refusals += reasons_as_stale(connection, record_of(row.id, row.open), editing)
    return Held(row, editor, found, refusals, read_facts(connection, row.id))


def settle(connection: Connection, this: Held, now: datetime) -> None:
    """Note what is different about an appointment: its alarms follow, and its guests are told."""
    different = appointment_differences(this.before, read_facts(connection, this.id))
    note(connection, record_of(this.id), different, this.editor.id, now)
    changed = update(appointments).where(appointments.c.id == this.id).values(changed_at=now)
    connection.execute(changed)
    arm(connection, [each.id for each in this.occurrences], now)
    tell_guests(connection, this.id, now)


def clashes(
    connection: Connection,
    this: Held,
    employee_ids: Collection[int],
    equipment_ids: Collection[int],
    now: datetime,
) -> tuple[Conflict, ...]:
    """Tell where these are in two places at a time by a change; what is over is in nobody's way."""
    live = ~occurrences.c.cancelled & ~occurrences.c.done & (occurrences.c.ends_at > now)
    query = select(occurrences).where(occurrences.c.appointment_id == this.id, live)
    changed = {each.id for each in this.occurrences}
    times = [(row.begins_at, row.ends_at) for row in connection.execute(query) if row.id in changed]
    return conflicts_of(
        connection, Demand(times, employee_ids, equipment_ids, this.id), this.editor.id
    )


def taking_part(connection: Connection, this: Held) -> set[int]:
    """Read which employees take part, the responsible one among them."""
    joined = appointment_participants.c
    query = select(joined.employee_id).where(joined.appointment_id == this.id)
    responsible = select(appointments.c.responsible_id).where(appointments.c.id == this.id)
    return {*connection.scalars(query), *connection.scalars(responsible)}


def used(connection: Connection, this: Held) -> set[int]:
    """Read which equipment is used."""
    taken = appointment_equipment.c
    query = select(taken.equipment_id).where(taken.appointment_id == this.id)
    return set(connection.scalars(query))


def reasons_not_to_change(connection: Connection, row: Any, editor: Actor) -> list[Refusal]:
    """Say why an employee may not change an appointment, given its row; empty means they may."""
    joined = appointment_participants.c
    query = select(joined.employee_id).where(joined.appointment_id == row.id)
    concerned = {row.creator_id, row.responsible_id, *connection.scalars(query)}
    refusals = []
    if PERMISSION not in editor.permissions:
        refusals.append(Refusal(BookingReason.NO_PERMISSION))
    if not may_change(editor.id, concerned, EDIT_OTHERS in editor.permissions):
        refusals.append(Refusal(BookingReason.NOT_YOURS))
    return refusals


def _occurrences(
    connection: Connection, appointment_id: int, occurrence: datetime | None
) -> Sequence[Any]:
    query = select(occurrences).where(occurrences.c.appointment_id == appointment_id)
    if occurrence is not None:
        query = query.where(occurrences.c.recurrence == occurrence)
    return connection.execute(query.order_by(occurrences.c.position)).all()
