"""May an alarm be acknowledged, or rung again later? Every reason why not, in people's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.refusals import Refusal

LONGEST = timedelta(days=366)


class SnoozeReason(StrEnum):
    """Why an alarm is not acknowledged or snoozed."""

    NOT_RUNG = "not_rung"
    IS_OVER = "is_over"
    HOLDS_NO_MORE = "holds_no_more"
    SNOOZED_TO_THE_PAST = "snoozed_to_the_past"
    SNOOZED_TOO_LONG = "snoozed_too_long"


SNOOZE_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    SnoozeReason.NOT_RUNG: (
        "Alarm {about} has not rung yet.",
        "Der Alarm {about} hat noch nicht geklingelt.",
    ),
    SnoozeReason.IS_OVER: (
        "The appointment is done, cancelled or deleted: it rings no alarm any more.",
        "Der Termin ist erledigt, abgesagt oder gelöscht: Er klingelt nicht mehr.",
    ),
    SnoozeReason.HOLDS_NO_MORE: (
        "The appointment's alarm time was changed after this alarm rang, or you do not take part "
        "any more: nothing is repeated.",
        "Die Alarmzeit des Termins wurde geändert, nachdem dieser Alarm geklingelt hat, oder Sie "
        "nehmen nicht mehr teil: Es wird nichts wiederholt.",
    ),
    SnoozeReason.SNOOZED_TO_THE_PAST: (
        "An alarm can ring again in the future only.",
        "Ein Alarm kann nur in der Zukunft noch einmal klingeln.",
    ),
    SnoozeReason.SNOOZED_TOO_LONG: (
        "An alarm can be put off for up to 366 days.",
        "Ein Alarm kann um bis zu 366 Tage verschoben werden.",
    ),
}


@dataclass(frozen=True, slots=True)
class RungAlarm:
    """An alarm, as far as it matters to its employee who answers it."""

    id: int
    has_rung: bool
    is_over: bool  # its appointment, done, cancelled or deleted
    holds: bool  # its alarm time is still the appointment's, and its employee takes part


def reasons_not_to_acknowledge(alarm: RungAlarm) -> list[Refusal]:
    """Say why an alarm cannot be acknowledged; empty means it can."""
    return [] if alarm.has_rung else [Refusal(SnoozeReason.NOT_RUNG, str(alarm.id))]


def reasons_not_to_snooze(alarm: RungAlarm, until: datetime, now: datetime) -> list[Refusal]:
    """Say why an alarm cannot ring again at an instant; empty means it can."""
    refusals = reasons_not_to_acknowledge(alarm)
    if alarm.is_over:
        refusals.append(Refusal(SnoozeReason.IS_OVER))
    elif alarm.has_rung and not alarm.holds:
        refusals.append(Refusal(SnoozeReason.HOLDS_NO_MORE))
    if until <= now:
        refusals.append(Refusal(SnoozeReason.SNOOZED_TO_THE_PAST))
    if until - now > LONGEST:
        refusals.append(Refusal(SnoozeReason.SNOOZED_TOO_LONG))
    return refusals
