"""Ringing: what is due is told and marked as rung in one transaction, each alarm once (A4, A6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from domain.alarm_texts import alarm_texts
from domain.alarms import MESSAGE, AlarmStatus, Origin, Ring, escalation
from domain.ringing import Rung, next_try
from domain.sending import is_alive
from tasks.store.alarm_facts import DueAlarm, Terms, read_alarms
from tasks.store.alarm_letters import Posted, post_alarms
from tasks.store.among import among
from tasks.store.contact_events import Told, announce_rung
from tasks.store.database import Store
from tasks.store.inbox import Note, tell_each
from tasks.store.queues import last_beat
from tasks.store.tables import alarms

ALARMS = "alarms"  # the service that gives signs of life

_THIS = update(alarms).where(alarms.c.id == bindparam("this"))
_POSTED = _THIS.values(dispatch_id=bindparam("dispatch"))
_NOTICED = _THIS.values(acknowledged_at=bindparam("since"), snoozed_until=bindparam("until"))
_FAILING = _THIS.values(
    status=bindparam("stands"),
    attempts=bindparam("tried"),
    reason=bindparam("because"),
    next_at=bindparam("again"),
)


def ring_due(store: Store, now: datetime, most: int, terms: Terms) -> Rung:
    """Ring what is due, so many alarms at most, in one transaction.

    Where one of them cannot even be looked at, each is rung by itself, so that the others ring.
    """
    try:
        return store.write(lambda connection: _ring(connection, _due(now, most), terms, now))
    except OperationalError:
        raise  # the database does not answer, which is no alarm's fault
    except Exception:  # noqa: BLE001 - the faulty one is found, and keeps its reason
        return _ring_one_by_one(store, now, most, terms)


def next_due(store: Store) -> datetime | None:
    """Tell when the next alarm is due; None where none is armed."""
    waiting = alarms.c.next_at.is_not(None)
    query = select(alarms.c.next_at).where(waiting).order_by(alarms.c.next_at).limit(1)
    with store.reading() as connection:
        at: datetime | None = connection.scalar(query)
    return at


def alarms_are_rung(store: Store, now: datetime) -> bool:
    """Tell whether somebody rings alarms, by the last sign of life."""
    with store.reading() as connection:
        return is_alive(last_beat(connection, ALARMS), now)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Alarms by what is to be done with them."""

    told: Sequence[DueAlarm]  # by a message
    posted: Sequence[DueAlarm]  # by a dispatch
    void: Sequence[DueAlarm]  # of those who have left

    @classmethod
    def of(cls, due: Sequence[DueAlarm]) -> "_Sorted":
        present = [alarm for alarm in due if alarm.active]
        return cls(
            [alarm for alarm in present if alarm.channel == MESSAGE],
            [alarm for alarm in present if alarm.channel != MESSAGE],
            [alarm for alarm in due if not alarm.active],
        )


def _due(now: datetime, most: int) -> Any:
    """Select what is due; what somebody else rings or changes just now is left to them."""
    due = select(alarms.c.id).where(alarms.c.next_at <= now).order_by(alarms.c.next_at)
    return due.limit(most).with_for_update(skip_locked=True)


def _ring(connection: Connection, selecting: Any, terms: Terms, now: datetime) -> Rung:
    ids = list(connection.scalars(selecting))
    if not ids:
        return Rung()
    due = _Sorted.of(read_alarms(connection, ids, terms, now))
    _tell(connection, due.told, terms, now)
    posted = post_alarms(connection, due.posted, terms.language, now)
    rung = [*due.told, *(alarm for alarm in due.posted if alarm.id in posted.dispatch_ids)]
    _mark(connection, rung, posted, now)
    _announce(connection, rung, now)
    _escalate(connection, due.told, now)
    _void(connection, due.void)
    failed = [alarm for alarm in due.posted if alarm.id in posted.reasons]
    outcome = _fail(connection, {each.id: each.attempts for each in failed}, posted.reasons, now)
    late = sum(alarm.facts.late is not None for alarm in rung)
    return outcome + Rung(rung=len(rung), late=late, void=len(due.void))


def _tell(connection: Connection, due: Sequence[DueAlarm], terms: Terms, now: datetime) -> None:
    notes = [
        Note(
            f"alarm:{alarm.id}",
            alarm.employee_id,
            alarm.contact_id,
            alarm_texts(alarm.facts, terms.language),
        )
        for alarm in due
    ]
    tell_each(connection, notes, now)


def _mark(connection: Connection, rung: Sequence[DueAlarm], posted: Posted, now: datetime) -> None:
    these = among(connection, alarms.c.id, [alarm.id for alarm in rung])
    values = {"status": AlarmStatus.RUNG, "rung_at": now, "next_at": None, "reason": None}
    marking = update(alarms).where(these).values(attempts=alarms.c.attempts + 1, **values)
    connection.execute(marking)
    sent = [{"this": id_, "dispatch": to} for id_, to in posted.dispatch_ids.items()]
    if sent:
        connection.execute(_POSTED, sent)
    noticed = [
        {"this": alarm.id, "since": each.acknowledged_at, "until": each.snoozed_until}
        for alarm in rung
        if (each := alarm.noticed)
    ]
    if noticed:  # by one channel is for all
        connection.execute(_NOTICED, noticed)


def _announce(connection: Connection, rung: Sequence[DueAlarm], now: datetime) -> None:
    told = [
        Told(alarm.id, alarm.appointment_id, alarm.number, alarm.facts.late is not None)
        for alarm in rung
    ]
    announce_rung(connection, told, now)


def _escalate(connection: Connection, told: Sequence[DueAlarm], now: datetime) -> None:
    """Arm what follows where nobody notices the message, by another channel."""
    rows = [
        {
            "occurrence_id": alarm.occurrence_id,
            "employee_id": ring.employee_id,
            "channel": ring.channel,
            "due_at": ring.due_at,
            "next_at": ring.due_at,
            "origin": Origin.ESCALATION,
            "status": AlarmStatus.ARMED,
            "attempts": 0,
        }
        for alarm in told
        if alarm.noticed is None and (ring := escalation(_ring_of(alarm), alarm.wishes, now))
    ]
    if rows:
        connection.execute(insert(alarms), rows)


def _ring_of(alarm: DueAlarm) -> Ring:
    return Ring(alarm.employee_id, alarm.channel, alarm.due_at)


def _void(connection: Connection, void: Collection[DueAlarm]) -> None:
    if void:
        connection.execute(delete(alarms).where(alarms.c.id.in_([alarm.id for alarm in void])))


def _fail(
    connection: Connection, attempts: Mapping[int, int], reasons: Mapping[int, str], now: datetime
) -> Rung:
    """Note why alarms could not ring, and when they are tried again."""
    rows = [
        _failure(alarm_id, before + 1, reasons[alarm_id], now)
        for alarm_id, before in attempts.items()
    ]
    if rows:
        connection.execute(_FAILING, rows)
    failed = sum(row["stands"] is AlarmStatus.FAILED for row in rows)
    return Rung(failing=len(rows) - failed, failed=failed)


def _failure(alarm_id: int, attempts: int, reason: str, now: datetime) -> dict[str, Any]:
    again = next_try(attempts, now)
    status = AlarmStatus.ARMED if again else AlarmStatus.FAILED
    told = {"stands": status, "tried": attempts, "because": reason, "again": again}
    return {"this": alarm_id, **told}


def _ring_one_by_one(store: Store, now: datetime, most: int, terms: Terms) -> Rung:
    due = select(alarms.c.id).where(alarms.c.next_at <= now).order_by(alarms.c.next_at)
    with store.reading() as connection:
        ids = list(connection.scalars(due.limit(most)))
    return sum((_ring_one(store, alarm_id, now, terms) for alarm_id in ids), Rung())


def _ring_one(store: Store, alarm_id: int, now: datetime, terms: Terms) -> Rung:
    this = _due(now, 1).where(alarms.c.id == alarm_id)
    try:
        return store.write(lambda connection: _ring(connection, this, terms, now))
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - it keeps its reason, and the others go on
        reason = f"a fault of this program: {type(error).__name__}"

    def failing(connection: Connection) -> Rung:
        left = connection.execute(this.add_columns(alarms.c.attempts)).all()
        attempts = {row.id: row.attempts for row in left}
        return _fail(connection, attempts, {alarm_id: reason}, now)

    return store.write(failing)
