"""Appointments that change: moved, edited, done, cancelled, deleted, with another alarm (A3, A5).

Whose occurrence is named by its begin by the rule, it alone changes; else the whole appointment.
Where others changed it since the version that the employee saw, Refused says who changed what.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.appointment_words import reasons_against_words
from domain.appointments import (
    Alarm,
    BookingReason,
    Period,
    Priority,
    reasons_against_alarm,
)
from domain.changes import Editing
from domain.refusals import Refusal
from tasks.store.amending import Held, clashes, held, settle, taking_part, used
from tasks.store.conflicts import Conflict
from tasks.store.database import Store
from tasks.store.informed import hold_wishes
from tasks.store.moving import Moved, move_all, move_one
from tasks.store.naming import Named, employees_named
from tasks.store.periods import alarm_row, period_of, period_row
from tasks.store.related import part
from tasks.store.tables import appointment_participants, appointments, matchcode_values, occurrences
from tasks.store.zone_rules import heed_zone_rules


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed of an appointment's words and its responsible employee; None stays."""

    matchcode: str | None = None
    text: str | None = None
    place: str | None = None
    priority: Priority | None = None
    responsible: str | None = None


def move(
    store: Store,
    appointment_id: int,
    employee: str,
    period: Period,
    occurrence: datetime | None,
    now: datetime,
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Move an appointment, shorten it or give it another zone; tells what is in two places.

    Of a series, each occurrence that is still to come goes where the rule has it from the new
    begin; the days of a weekly rule move along.
    """

    def moving(connection: Connection) -> tuple[Conflict, ...]:
        heed_zone_rules(connection)
        this = held(connection, appointment_id, Editing(employee, now, seen), occurrence)
        moved = _moved(this, period, occurrence, now)
        this.require_live(*moved.refusals)
        _place(connection, moved.rows)
        if _is_whole(this, occurrence):
            _update(connection, this, {**period_row(period), "rule": moved.rule})
        settle(connection, this, now)
        everybody, everything = taking_part(connection, this), used(connection, this)
        return clashes(connection, this, everybody, everything, now)

    return store.write(moving)


def edit(
    store: Store,
    appointment_id: int,
    employee: str,
    change: Change,
    now: datetime,
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Change what an appointment says, how important it is, or who is responsible for it."""

    def editing(connection: Connection) -> tuple[Conflict, ...]:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        led = employees_named(connection, [change.responsible] if change.responsible else [])
        this.require_live(*_reasons_against(this, change), *led.refusals)
        _update(connection, this, _changed(change, led))
        part(connection, appointment_participants, this.id, led.ids)
        hold_wishes(connection, led.ids)
        settle(connection, this, now)
        return clashes(connection, this, led.ids, (), now)

    return store.write(editing)


def set_alarm(
    store: Store,
    appointment_id: int,
    employee: str,
    alarm: Alarm | None,
    occurrence: datetime | None,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Set the alarm to so long before the begin or to a time of its own, or clear it (A3)."""

    def setting(connection: Connection) -> None:
        this = held(connection, appointment_id, Editing(employee, now, seen), occurrence)
        series = this.row.rule is not None and occurrence is None
        periods = [period_of(each) for each in this.occurrences[:1]]
        wrong = [each for one in periods for each in reasons_against_alarm(alarm, one, series)]
        this.require_live(*wrong)
        _update_occurrences(connection, this, alarm_row(alarm))
        settle(connection, this, now)

    store.write(setting)


def set_done(
    store: Store,
    appointment_id: int,
    employee: str,
    done: bool,
    occurrence: datetime | None,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Mark an appointment as done, or as not done; what is done rings no alarm (A5, T5)."""

    def marking(connection: Connection) -> None:
        this = held(connection, appointment_id, Editing(employee, now, seen), occurrence)
        this.require_live()
        _update_occurrences(connection, this, {"done": done})
        settle(connection, this, now)

    store.write(marking)


def cancel(
    store: Store,
    appointment_id: int,
    employee: str,
    occurrence: datetime | None,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Cancel an appointment, which stays to be seen; what is cancelled already stays so.

    Of a whole series, what has begun already has taken place, and stays.
    """

    def cancelling(connection: Connection) -> None:
        found = held(connection, appointment_id, Editing(employee, now, seen), occurrence)
        series = occurrence is None and found.row.rule is not None
        this = _to_come(found, now) if series else found
        is_left = bool(this.occurrences) or found.is_cancelled
        this.require(*([] if is_left else [Refusal(BookingReason.HAS_BEGUN)]))
        if this.is_cancelled:
            return
        _update_occurrences(connection, this, {"cancelled": True})
        if not _takes_place(connection, this):
            _update(connection, this, {"cancelled_at": now})
        settle(connection, this, now)

    store.write(cancelling)


def delete(
    store: Store, appointment_id: int, employee: str, now: datetime, *, seen: int | None = None
) -> None:
    """Delete an appointment: nobody sees it any more, and it rings no alarm (A5)."""

    def deleting(connection: Connection) -> None:
        this = held(connection, appointment_id, Editing(employee, now, seen))
        this.require()
        _update(connection, this, {"deleted_at": now})
        settle(connection, this, now)

    store.write(deleting)


def _is_whole(this: Held, occurrence: datetime | None) -> bool:
    return occurrence is None or this.row.rule is None


def _to_come(this: Held, now: datetime) -> Held:
    return replace(this, occurrences=[each for each in this.occurrences if each.begins_at > now])


def _moved(this: Held, period: Period, occurrence: datetime | None, now: datetime) -> Moved:
    if not this.occurrences:
        return Moved(())
    if _is_whole(this, occurrence):
        return move_all(this.row, this.occurrences, period, now)
    return move_one(this.occurrences[0], period)


def _place(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    placing = update(occurrences).where(occurrences.c.id == bindparam("this"))
    changing: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "id"}
    bound = [{**row, "this": row["id"]} for row in rows]
    connection.execute(placing.values(changing), bound)


def _reasons_against(this: Held, change: Change) -> list[Refusal]:
    row = this.row
    matchcode = row.matchcode if change.matchcode is None else change.matchcode
    return reasons_against_words(matchcode, change.place or "", change.text or "")


def _changed(change: Change, responsible: Named) -> dict[str, Any]:
    said = {
        **({} if change.matchcode is None else matchcode_values(change.matchcode)),
        "text": change.text,
        "place": change.place,
        "priority": change.priority,
        "responsible_id": next(iter(responsible.ids), None),
    }
    return {name: value for name, value in said.items() if value is not None}


def _update(connection: Connection, this: Held, values: dict[str, Any]) -> None:
    if values:
        mine = update(appointments).where(appointments.c.id == this.id)
        connection.execute(mine.values(**values))


def _update_occurrences(connection: Connection, this: Held, values: dict[str, Any]) -> None:
    these = occurrences.c.id.in_([each.id for each in this.occurrences])
    connection.execute(update(occurrences).where(these).values(**values))


def _takes_place(connection: Connection, this: Held) -> bool:
    left = (occurrences.c.appointment_id == this.id) & ~occurrences.c.cancelled
    return connection.scalar(select(occurrences.c.id).where(left).limit(1)) is not None
