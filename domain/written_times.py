"""Times as people write them, read as what clocks on the wall show (so without a zone)."""

import re
from datetime import date, datetime, time, timedelta

from domain.appointments import AT_BEGIN, YEARS, Alarm

TIMES = "2026-11-24 09:00, 24.11.2026 09:00, 24.11. 09:00, tomorrow 09:00 (morgen 9:00), 09:00"
ALARMS = "begin, none, 15m, 2h, 1d, or a time such as 2026-11-24 08:30"

_DAY = timedelta(days=1)
_RELATIVE = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2}
_CLOCK = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(:(?P<second>\d{2}))?( ?uhr)?")
_BETWEEN = re.compile(r"(?<=\d)T(?=\d)")  # date and time, as computers write them
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_GERMAN_DAY = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})?")
_LEAD = re.compile(r"(?P<count>\d{1,6})\s*(?P<unit>m|min|h|d|w)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def written_time(text: str, now: datetime, after: datetime | None = None) -> datetime:
    """Read a time; where only the clock's is written, the first one not before after, or now.

    ValueError says what cannot be read, or lies beyond the years that are kept. A day without a
    time is its midnight.
    """
    return _in_range(_written_time(text, now, after), text)


def _written_time(text: str, now: datetime, after: datetime | None) -> datetime:
    words = " ".join(_BETWEEN.sub(" ", text).split()).lower()
    if clock := _CLOCK.fullmatch(words):
        return _next(_time(clock, text), after or now)
    for pattern in (_ISO_DAY, _GERMAN_DAY):
        if found := pattern.match(words):
            return _on(_date(found, now, text), words[found.end() :], text)
    named, _, rest = words.partition(" ")
    if named in _RELATIVE:
        return _on(now.date() + _RELATIVE[named] * _DAY, rest, text)
    raise _unreadable(text)


def written_alarm(text: str, now: datetime, begins: datetime) -> Alarm | None:
    """Read when an alarm is to ring: at the begin, so long before it, at a time, or not at all.

    Where only the clock's time is written, it is that of the day of the begin.
    """
    words = text.strip().lower()
    if words in ("none", "kein", "keiner"):
        return None
    if words in ("begin", "beginn"):
        return AT_BEGIN
    if lead := _LEAD.fullmatch(words):
        return Alarm(lead=timedelta(**{_UNITS[lead["unit"]]: int(lead["count"])}))
    midnight = datetime.combine(begins.date(), time())
    try:
        return Alarm(at=written_time(text, now, midnight))
    except ValueError as error:
        raise ValueError(f"{text} is no alarm time: write it as {ALARMS}") from error


def written_week(text: str) -> date:
    """Read a week such as 2026-W48, and give its Monday; ValueError where it is none."""
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip().upper())
    if found is None:
        raise ValueError(f"{text} is no week: write it as 2026-W48")
    if int(found[1]) not in YEARS:
        raise _out_of_range(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise ValueError(f"there is no week {text}") from error


def _next(clock: time, after: datetime) -> datetime:
    today = datetime.combine(after.date(), clock)
    return today if today >= after.replace(second=0, microsecond=0) else today + _DAY


def _on(day: date, rest: str, text: str) -> datetime:
    words = rest.strip(" ,").removeprefix("um ").removeprefix("at ")
    if not words:
        return datetime.combine(day, time())
    clock = _CLOCK.fullmatch(words)
    if clock is None:
        raise _unreadable(text)
    return datetime.combine(day, _time(clock, text))


def _time(found: re.Match[str], text: str) -> time:
    try:
        return time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError as error:
        raise _unreadable(text) from error


def _date(found: re.Match[str], now: datetime, text: str) -> date:
    """Give a day; one without a year is the next one."""
    month, day = int(found["month"]), int(found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(now.year, month, day)
        return this_year if this_year >= now.date() else date(now.year + 1, month, day)
    except ValueError as error:
        raise _unreadable(text) from error


def _in_range(at: datetime, text: str) -> datetime:
    if at.year not in YEARS:
        raise _out_of_range(text)
    return at


def _out_of_range(text: str) -> ValueError:
    return ValueError(f"{text} is not in the years {YEARS[0]} to {YEARS[-1]}")


def _unreadable(text: str) -> ValueError:
    return ValueError(f"{text} is no time: write it as {TIMES}")
