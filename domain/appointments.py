"""Appointments: from when until when, with whom and what, and when their alarm is (A1-A5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.refusals import Refusal
from domain.zones import instant, is_zone

LONGEST_LEAD = timedelta(days=366)  # how long before the begin an alarm may be
YEARS = range(1970, 2200)  # in which an appointment can be


class Priority(StrEnum):
    """How important an appointment is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class BookingReason(StrEnum):
    """Why an appointment is not booked or changed."""

    NO_PERMISSION = "no_permission"
    NOT_YOURS = "not_yours"
    END_BEFORE_BEGIN = "end_before_begin"
    NOT_WHOLE_DAYS = "not_whole_days"
    UNKNOWN_ZONE = "unknown_zone"
    OUT_OF_RANGE = "out_of_range"
    NO_MATCHCODE = "no_matchcode"
    CONTROL_CHARACTERS = "control_characters"
    EMPLOYEE_UNKNOWN = "employee_unknown"
    EMPLOYEE_LEFT = "employee_left"
    EQUIPMENT_UNKNOWN = "equipment_unknown"
    EQUIPMENT_GONE = "equipment_gone"
    CASE_UNKNOWN = "case_unknown"
    CONTACT_UNKNOWN = "contact_unknown"
    BAD_GUEST = "bad_guest"
    BAD_RULE = "bad_rule"
    ENDLESS_RULE = "endless_rule"
    EMPTY_RULE = "empty_rule"
    TOO_MANY = "too_many"
    OFF_THE_RULE = "off_the_rule"
    ALARM_OF_SERIES = "alarm_of_series"
    ALARM_AFTER_END = "alarm_after_end"
    ALARM_OF_ONE_AFTER_END = "alarm_of_one_after_end"
    BAD_LEAD = "bad_lead"
    NO_SUCH_OCCURRENCE = "no_such_occurrence"
    IS_CANCELLED = "is_cancelled"
    HAS_BEGUN = "has_begun"
    RESPONSIBLE_STAYS = "responsible_stays"


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when, as clocks on the wall of a zone show it.

    begins and ends carry no zone of their own; of whole days, ends is the midnight after the last.
    """

    begins: datetime
    ends: datetime
    zone: str  # IANA name
    all_day: bool = False

    @property
    def begins_at(self) -> datetime:
        """The instant of the begin."""
        return instant(self.begins, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant of the end; never before the begin, even where clocks leave it out."""
        return max(self.begins_at, instant(self.ends, self.zone))

    def beginning(self, begins: datetime) -> "Period":
        """Move it to another begin, as long by the clocks on the wall as it is."""
        return Period(begins, begins + (self.ends - self.begins), self.zone, self.all_day)


@dataclass(frozen=True, slots=True)
class Alarm:
    """When participants are informed: so long before the begin, or at a time of its own (A3).

    Exactly one of both is given; at is what clocks in the appointment's zone show.
    """

    lead: timedelta | None = None
    at: datetime | None = None

    def due_at(self, period: Period) -> datetime:
        """Give the instant of the alarm (UTC)."""
        if self.at is not None:
            return instant(self.at, period.zone)
        return period.begins_at - (self.lead or timedelta(0))


AT_BEGIN = Alarm(lead=timedelta(0))


@dataclass(frozen=True, slots=True)
class Guest:
    """A participant from outside, who is invited by e-mail."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """An appointment as an employee books it; employees, equipment and cases by their numbers."""

    period: Period
    responsible: str
    matchcode: str
    text: str = ""
    place: str = ""
    priority: Priority = Priority.NORMAL
    participants: tuple[str, ...] = ()  # beside the responsible employee
    guests: tuple[Guest, ...] = ()
    equipment: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    alarm: Alarm | None = None
    rule: str | None = None  # RFC 5545, such as FREQ=WEEKLY;COUNT=10
    contact_id: int | None = None  # makes it a follow-up of that contact (A2)
    key: str | None = None  # booked again with the same key, it is the same one


def reasons_against_period(period: Period) -> list[Refusal]:
    """Say why an appointment cannot be at this time; empty means it can (A1)."""
    if not is_zone(period.zone):
        return [Refusal(BookingReason.UNKNOWN_ZONE, period.zone)]
    if period.begins.year not in YEARS or period.ends.year not in YEARS:
        return [Refusal(BookingReason.OUT_OF_RANGE)]
    if period.ends < period.begins:
        return [Refusal(BookingReason.END_BEFORE_BEGIN)]
    if period.all_day and not _is_of_whole_days(period):
        return [Refusal(BookingReason.NOT_WHOLE_DAYS)]
    return []


def reasons_against_alarm(alarm: Alarm | None, period: Period, series: bool) -> list[Refusal]:
    """Say why an alarm cannot be set like this; empty means it can (A3)."""
    if alarm is None:
        return []
    if alarm.lead is not None and not timedelta(0) <= alarm.lead <= LONGEST_LEAD:
        return [Refusal(BookingReason.BAD_LEAD)]
    return [] if alarm.at is None else _reasons_against_time(alarm.at, period, series)


def may_change(actor_id: int, concerned: Collection[int | None], edits_others: bool) -> bool:
    """Whether an employee may change an appointment: one of those concerned, or who may edit all.

    Concerned are its creator, the responsible employee and the participants.
    """
    return edits_others or actor_id in concerned


def _is_of_whole_days(period: Period) -> bool:
    at_midnight = period.begins.time() == period.ends.time() == time.min
    return at_midnight and period.begins < period.ends


def _reasons_against_time(at: datetime, period: Period, series: bool) -> list[Refusal]:
    if series:
        return [Refusal(BookingReason.ALARM_OF_SERIES)]
    if at.year not in YEARS:
        return [Refusal(BookingReason.OUT_OF_RANGE)]
    if reasons_against_period(period):
        return []  # there is no end to compare it with, and that is said already
    if instant(at, period.zone) > period.ends_at:
        return [Refusal(BookingReason.ALARM_AFTER_END)]
    return []
