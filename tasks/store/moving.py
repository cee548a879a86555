"""Where occurrences go as an appointment moves: one of them, or a series by its rule (A5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.appointments import (
    Alarm,
    BookingReason,
    Period,
    reasons_against_alarm,
    reasons_against_period,
)
from domain.recurrence import begins, reasons_against_rule
from domain.refusals import Refusal
from domain.series_moves import moved_rule
from domain.zones import instant, wall
from tasks.store.periods import alarm_of, alarm_row, period_of, placed


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an appointment's occurrences are from now on, and what speaks against it."""

    rows: Sequence[dict[str, Any]]  # what changes of each occurrence, with its id
    rule: str | None = None
    refusals: Sequence[Refusal] = ()


def move_one(occurrence: Any, period: Period, away: bool = True) -> Moved:
    """Move one occurrence, away from where the rule has it."""
    if wrong := reasons_against_period(period):
        return Moved((), refusals=wrong)
    alarm = _alarm_in(occurrence, period.zone)
    row = _row(occurrence, period, alarm, changed=away)
    return Moved([row], refusals=reasons_against_alarm(alarm, period, series=False))


def move_all(appointment: Any, occurrences: Sequence[Any], period: Period, now: datetime) -> Moved:
    """Move a whole appointment: each occurrence to the begin that the rule gives it now.

    What has begun already, of a series, stays where it was; so does what is done or cancelled.
    """
    if wrong := reasons_against_period(period):
        return Moved((), refusals=wrong)
    if appointment.rule is None:
        moved = move_one(occurrences[0], period, away=False)
        return replace(moved, rows=[{**row, "recurrence": period.begins} for row in moved.rows])
    rule = moved_rule(appointment.rule, period_of(appointment), period)
    if rule is None:
        return Moved((), refusals=[Refusal(BookingReason.OFF_THE_RULE, appointment.rule)])
    return _move_series(occurrences, period, _lasting(rule, period, len(occurrences)), now)


def _move_series(occurrences: Sequence[Any], period: Period, lasting: str, now: datetime) -> Moved:
    if wrong := reasons_against_rule(period, lasting):
        return Moved((), refusals=wrong)
    pairs = list(zip(occurrences, begins(period, lasting), strict=True))
    ones = [_of_series(each, period.beginning(begin), now) for each, begin in pairs]
    rows = [
        {**row, "recurrence": begin}
        for (_, begin), one in zip(pairs, ones, strict=True)
        for row in one.rows
    ]
    return Moved(rows, lasting, [refusal for one in ones for refusal in one.refusals])


def _of_series(occurrence: Any, period: Period, now: datetime) -> Moved:
    if occurrence.begins_at > now and not (occurrence.cancelled or occurrence.done):
        moved = move_one(occurrence, period, away=False)
        return replace(moved, refusals=[_named(each, occurrence) for each in moved.refusals])
    stays = period_of(occurrence)
    return Moved([_row(occurrence, stays, alarm_of(occurrence), changed=stays != period)])


def _named(refusal: Refusal, occurrence: Any) -> Refusal:
    """Say of which occurrence the alarm is that stands against moving all of them."""
    if refusal.reason is not BookingReason.ALARM_AFTER_END:
        return refusal
    begin = occurrence.begins.isoformat(" ", "minutes")
    return Refusal(BookingReason.ALARM_OF_ONE_AFTER_END, begin)


def _row(occurrence: Any, period: Period, alarm: Alarm | None, changed: bool) -> dict[str, Any]:
    """Give all columns that a move may change, so that many rows change by one statement."""
    return {
        "id": occurrence.id,
        "recurrence": occurrence.recurrence,
        "changed": changed,
        **placed(period),
        **alarm_row(alarm),
    }


def _lasting(rule: str, period: Period, count: int) -> str:
    """Let a rule that ends at a time end after so many occurrences, where it would lose some."""
    if reasons_against_rule(period, rule) or len(begins(period, rule)) == count:
        return rule
    parts = (part for part in rule.upper().split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    return ";".join([*parts, f"COUNT={count}"])


def _alarm_in(occurrence: Any, zone: str) -> Alarm | None:
    """Give an alarm as clocks in another zone show it; one before the begin moves with it."""
    alarm = alarm_of(occurrence)
    if alarm is None or alarm.at is None or zone == occurrence.zone:
        return alarm
    return Alarm(at=wall(instant(alarm.at, occurrence.zone), zone))
