"""What rings: armed alarms, kept right in the transaction that changes an appointment (A3-A7)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from domain.alarms import (
    AlarmStatus,
    Expected,
    Origin,
    Preferences,
    Rearming,
    Ring,
    rearm,
    rearm_shifted,
    wanted_rings,
)
from tasks.store.informed import read_informed
from tasks.store.periods import due_at
from tasks.store.tables import (
    alarms,
    appointment_participants,
    appointments,
    dispatches,
    occurrences,
)
from tasks.store.withdrawing import withdraw_letters

AT_ONCE = 500  # occurrences or rows named in one statement


def arm(connection: Connection, occurrence_ids: Sequence[int], now: datetime) -> None:
    """Arm and void alarms so that all who take part are informed of these occurrences (A4, A5, A7).

    Called in the transaction of an edit, which holds the appointment's row. A snooze or an
    escalation outlives it where what it repeats rang for the alarm time that still holds. Letters
    of alarms that hold no more, and that have not gone out, are held back.
    """
    for some in _portions(occurrence_ids):
        changes = [(each, each.rearming(now)) for each in _read(connection, some)]
        _rearm(connection, changes)
        unwanted = [each.ids[ring] for each, new in changes for ring in new.to_withdraw]
        for few in _portions(unwanted):
            withdraw_letters(connection, few, now)


def arm_again(connection: Connection, occurrence_ids: Sequence[int]) -> None:
    """Let alarms follow their appointments after a zone's rules changed, and nothing else.

    What had still to ring is not lost: where its new instant has passed, it rings at once.
    """
    for some in _portions(occurrence_ids):
        _rearm(connection, [(each, each.shifting()) for each in _read(connection, some)])


def arm_employees(connection: Connection, employee_ids: Collection[int], now: datetime) -> None:
    """Do the same for all that employees take part in, as their wishes change or they leave."""
    joined = select(appointment_participants.c.appointment_id).where(
        appointment_participants.c.employee_id.in_(employee_ids)
    )
    theirs = or_(appointments.c.responsible_id.in_(employee_ids), appointments.c.id.in_(joined))
    queued = select(dispatches.c.id).where(dispatches.c.due_at.is_not(None))
    pending = or_(alarms.c.status == AlarmStatus.ARMED, alarms.c.dispatch_id.in_(queued))
    waiting = select(alarms.c.occurrence_id).where(alarms.c.employee_id.in_(employee_ids), pending)
    lasting = or_(occurrences.c.ends_at > now, occurrences.c.id.in_(waiting))
    concerned = select(occurrences.c.appointment_id).join(appointments).where(theirs, lasting)
    lock_appointments(connection, appointments.c.id.in_(concerned))
    query = select(occurrences.c.id).join(appointments).where(theirs, lasting)
    arm(connection, list(connection.scalars(query)), now)


def lock_appointments(connection: Connection, which: ColumnElement[bool]) -> None:
    """Hold appointments against other edits, in one order for all.

    Not against those that only refer to them: a ringer does, while it holds their alarms.
    """
    query = select(appointments.c.id).where(which).order_by(appointments.c.id)
    connection.execute(query.with_for_update(key_share=True)).all()


@dataclass(frozen=True, slots=True)
class _Alarms:
    """The alarms that one occurrence has, by their rings, and those that it should have."""

    occurrence_id: int
    expected: Expected
    ids: Mapping[Ring, int]
    armed: frozenset[Ring]  # for an alarm time
    again: Mapping[Ring, Origin]  # armed snoozes and escalations
    past: frozenset[Ring]
    posted: Mapping[Ring, Origin]  # of those, what a letter tells

    def rearming(self, now: datetime) -> Rearming:
        usual = rearm(self.expected.wanted, self.armed, self.past, now)
        gone, withdrawn = self._unwanted(self.again), self._unwanted(self.posted)
        return replace(usual, to_void=usual.to_void | gone, to_withdraw=withdrawn)

    def shifting(self) -> Rearming:
        return rearm_shifted(self.expected.wanted, self.armed, self.past)

    def _unwanted(self, rings: Mapping[Ring, Origin]) -> frozenset[Ring]:
        return frozenset(
            ring for ring, origin in rings.items() if not self.expected.holds(ring, origin)
        )


def _rearm(connection: Connection, changes: Sequence[tuple[_Alarms, Rearming]]) -> None:
    _void(connection, [each.ids[ring] for each, new in changes for ring in new.to_void])
    rows = [_row(each, ring) for each, new in changes for ring in sorted(new.to_arm)]
    if rows:
        connection.execute(insert(alarms), rows)


def _void(connection: Connection, alarm_ids: Sequence[int]) -> None:
    for some in _portions(alarm_ids):
        unrung = alarms.c.id.in_(some) & (alarms.c.status == AlarmStatus.ARMED)
        connection.execute(delete(alarms).where(unrung))


def _read(connection: Connection, ids: Sequence[int]) -> list[_Alarms]:
    """Read occurrences with their alarms, which nobody rings meanwhile."""
    of_these = alarms.c.occurrence_id.in_(ids)
    connection.execute(select(alarms.c.id).where(of_these).with_for_update()).all()
    rows: dict[int, list[Any]] = defaultdict(list)
    # Only now: what a ringer entered while it was waited for was not there before.
    for row in connection.execute(select(alarms).where(of_these)):
        rows[row.occurrence_id].append(row)
    query = select(occurrences, appointments.c.cancelled_at, appointments.c.deleted_at)
    found = connection.execute(query.join(appointments).where(occurrences.c.id.in_(ids))).all()
    informed = read_informed(connection, {row.appointment_id for row in found})
    return [_alarms(row, informed[row.appointment_id], rows[row.id]) for row in found]


def _alarms(occurrence: Any, informed: Mapping[int, Preferences], rows: Sequence[Any]) -> _Alarms:
    armed = [row for row in rows if row.status == AlarmStatus.ARMED]
    past = [row for row in rows if row.status != AlarmStatus.ARMED]
    expected = Expected(
        wanted_rings(_due_at(occurrence), informed),
        frozenset(_ring(row) for row in past if row.origin == Origin.TIME),
        frozenset(employee for employee, wishes in informed.items() if wishes.escalates),
    )
    return _Alarms(
        occurrence.id,
        expected,
        {_ring(row): row.id for row in rows},
        frozenset(_ring(row) for row in armed if row.origin == Origin.TIME),
        {_ring(row): Origin(row.origin) for row in armed if row.origin != Origin.TIME},
        frozenset(_ring(row) for row in past),
        {_ring(row): Origin(row.origin) for row in past if row.dispatch_id is not None},
    )


def _due_at(row: Any) -> datetime | None:
    return None if row.cancelled_at or row.deleted_at else due_at(row)


def _ring(row: Any) -> Ring:
    return Ring(row.employee_id, row.channel, row.due_at)


def _row(occurrence: _Alarms, ring: Ring) -> dict[str, Any]:
    return {
        "occurrence_id": occurrence.occurrence_id,
        "employee_id": ring.employee_id,
        "channel": ring.channel,
        "due_at": ring.due_at,
        "origin": Origin.TIME,
        "status": AlarmStatus.ARMED,
        "next_at": ring.due_at,
        "attempts": 0,
    }


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
