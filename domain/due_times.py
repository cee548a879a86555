"""When something is due: so long after an instant, by the clock, the calendar or business days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from threading import Lock

import holidays

from domain.errors import ConfigurationError
from domain.zones import instant, wall

END_OF_BUSINESS = time(17)
MOST = 1_000  # of a unit


class Unit(StrEnum):
    """What an offset is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    BUSINESS_DAYS = "business days"


_BY_THE_CLOCK = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
_BY_THE_CALENDAR = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_OFFSET = re.compile(r"([1-9][0-9]{0,3}) +(minute|hour|day|week|business +day)s?", re.ASCII)
_ONE_AT_A_TIME = Lock()  # the library fills a year in as it is first asked for, bit by bit


@dataclass(frozen=True, slots=True)
class Offset:
    """So many minutes, hours, days, weeks or business days."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit.removesuffix("s") if self.number == 1 else self.unit
        return f"{self.number} {unit}"

    @property
    def is_by_the_clock(self) -> bool:
        """Whether it counts elapsed time, whatever the clocks on the wall show."""
        return self.unit in _BY_THE_CLOCK


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where business days are counted: a zone, a country and its state (ISO 3166)."""

    zone: str  # IANA name
    country: str
    state: str | None = None


def offset(text: str) -> Offset:
    """Read an offset such as "4 hours" or "3 business days"; ValueError where it is none."""
    match = _OFFSET.fullmatch(text.strip().lower())
    if match is None or int(match[1]) > MOST:
        raise ValueError(
            f"“{text[:40]}” is no length of time: write it as 30 minutes, 4 hours, 2 days, 1 week "
            f"or 3 business days, and at most {MOST:,} of them"
        )
    return Offset(int(match[1]), Unit(" ".join(match[2].split()) + "s"))


def due_at(length: Offset, since: datetime, calendar: Calendar, at: time | None = None) -> datetime:
    """Give the instant (UTC) that lies so long after another one.

    Hours are elapsed ones. Days keep the time that clocks on the wall show, unless one is given;
    business days end at 17:00, and begin to count on the day after.

    ConfigurationError: the calendar's country or state is not known.
    """
    if length.unit in _BY_THE_CLOCK:
        return since.astimezone(UTC) + length.number * _BY_THE_CLOCK[length.unit]
    start = wall(since, calendar.zone)
    if length.unit is Unit.BUSINESS_DAYS:
        day = _business_day(calendar, start.date(), length.number)
        return instant(datetime.combine(day, at or END_OF_BUSINESS), calendar.zone)
    end = start + length.number * _BY_THE_CALENDAR[length.unit]
    return instant(datetime.combine(end, at or end.time()), calendar.zone)


def _business_day(calendar: Calendar, after: date, number: int) -> date:
    with _ONE_AT_A_TIME:
        business = _business_calendar(calendar.country, calendar.state)
        return business.get_nth_working_day(after, number)


@cache
def _business_calendar(country: str, state: str | None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, subdiv=state)
    except NotImplementedError as error:
        raise ConfigurationError(f"country {country}, state {state or 'none'}: {error}") from error
