"""Recurring appointments by the rules of RFC 5545, as the wall-clock begins of every occurrence.

dateutil finds them. Only what the RFC allows is let through to it, and nothing endless.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from domain.appointments import YEARS, BookingReason, Period, reasons_against_period
from domain.refusals import Refusal
from domain.zones import instant

MOST = 2_000  # occurrences of one appointment
"""Each one is kept, changed, cancelled and rung for itself."""

_LONGEST = 500  # characters of a rule
_CYCLE = timedelta(days=146_097)  # 400 years, in which the calendar repeats itself, weekdays too
_LATER = 19 * _CYCLE
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_DAY = "|".join(DAYS)
_OF_YEAR = r"[+-]?0{0,2}([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])"
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,9}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "WKST": _DAY,
}
_LISTS = {
    "BYMONTH": r"0?[1-9]|1[0-2]",
    "BYMONTHDAY": r"[+-]?(0?[1-9]|[12]\d|3[01])",
    "BYDAY": rf"([+-]?(0?[1-9]|[1-4]\d|5[0-3]))?({_DAY})",
    "BYHOUR": r"[01]?\d|2[0-3]",
    "BYMINUTE": r"[0-5]?\d",
    "BYSETPOS": _OF_YEAR,
    "BYWEEKNO": r"[+-]?(0?[1-9]|[1-4]\d|5[0-3])",
    "BYYEARDAY": _OF_YEAR,
}
_GRAMMAR = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in (
        *_PARTS.items(),
        *((name, f"({each})(,({each}))*") for name, each in _LISTS.items()),
    )
}
_NOT_WITH = {  # RFC 5545, 3.3.10; a week's or a day's BYSETPOS dateutil takes wrongly
    "DAILY": {"BYWEEKNO", "BYYEARDAY", "BYSETPOS"},
    "WEEKLY": {"BYWEEKNO", "BYYEARDAY", "BYSETPOS", "BYMONTHDAY"},
    "MONTHLY": {"BYWEEKNO", "BYYEARDAY"},
    "YEARLY": set[str](),
}
OF_DAY = {"BYHOUR", "BYMINUTE"}  # times of the day


def begins(period: Period, rule: str | None) -> list[datetime]:
    """Give the wall-clock begins of every occurrence, the given one first (RFC 5545, 3.8.5.3).

    The rule is one that nothing stands against; without a rule there is the one occurrence.
    """
    if rule is None:
        return [period.begins]
    parts = _read(rule)
    return _with_first(period, parts, _matching(period, parts))[:MOST]


def matches(period: Period, rule: str) -> bool:
    """Whether a begin is one that the rule gives by itself, whenever it ends."""
    parts = {name: text for name, text in _read(rule).items() if name not in ("COUNT", "UNTIL")}
    return _matching(period, {**parts, "COUNT": "1"}) == [period.begins]


def reasons_against_rule(period: Period, rule: str | None) -> list[Refusal]:
    """Say why an appointment cannot recur like this; empty means it can."""
    if rule is None:
        return []
    parts = _read(rule)
    if _is_wrong(parts, period.all_day):
        return [Refusal(BookingReason.BAD_RULE, _shown(rule))]
    if not parts.keys() & {"COUNT", "UNTIL"}:
        return [Refusal(BookingReason.ENDLESS_RULE)]
    if int(parts.get("COUNT", 1)) > MOST:
        return [Refusal(BookingReason.TOO_MANY, str(MOST))]
    if reasons_against_period(period):
        return []  # nothing can be found from there, and that is said already
    return _reasons_against_begins(period, parts)


def _reasons_against_begins(period: Period, parts: Mapping[str, str]) -> list[Refusal]:
    matching = _matching(period, parts)
    if not matching:
        return [Refusal(BookingReason.EMPTY_RULE)]
    found = _with_first(period, parts, matching)
    if found[-1].year not in YEARS or len(found) < int(parts.get("COUNT", 0)):
        return [Refusal(BookingReason.OUT_OF_RANGE)]
    if len(found) > MOST:
        return [Refusal(BookingReason.TOO_MANY, str(MOST))]
    return []


def _read(rule: str) -> dict[str, str]:
    """Read the parts of a rule; none at all where one is unknown, twice there or out of range."""
    if len(rule) > _LONGEST:
        return {}
    pairs = [part.partition("=")[::2] for part in rule.upper().split(";")]
    well_formed = all(name in _GRAMMAR and _GRAMMAR[name].fullmatch(text) for name, text in pairs)
    parts = dict(pairs)
    return parts if well_formed and len(parts) == len(pairs) else {}


def _is_wrong(parts: Mapping[str, str], all_day: bool) -> bool:
    by = {name for name in parts if name.startswith("BY")}
    return (
        "FREQ" not in parts
        or {"COUNT", "UNTIL"} <= parts.keys()
        or bool(by & _NOT_WITH[parts["FREQ"]])
        or by == {"BYSETPOS"}
        or (all_day and bool(by & OF_DAY))
        or not _is_date(parts.get("UNTIL", "20000101"))
        or _counts_wrongly(parts)
    )


def _counts_wrongly(parts: Mapping[str, str]) -> bool:
    """Whether its weekdays are counted where there is nothing, or not that many, to count."""
    ordinals = [int(each[:-2]) for each in parts.get("BYDAY", "").split(",") if each[:-2]]
    if parts["FREQ"] in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts:
        return bool(ordinals)
    of_months = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts
    return of_months and any(abs(each) > 5 for each in ordinals)


def _is_date(until: str) -> bool:
    try:
        datetime.fromisoformat(until)
    except ValueError:
        return False
    return True


def _matching(period: Period, parts: Mapping[str, str]) -> list[datetime]:
    """Give what matches the rule itself, up to the first one too many or out of range.

    dateutil looks for what never comes until the year 9999. So it looks from a begin shortly
    before that: years that are a multiple of 400 later have the same calendar.
    """
    start = (period.begins + _LATER).replace(microsecond=0)
    away = start - period.begins
    found = (each - away for each in rrulestr(_for_dateutil(parts, start), dtstart=start))
    most = min(int(parts.get("COUNT", MOST + 1)), MOST + 1)
    return list(islice(_in_range(_until(period, parts, found)), most))


def _for_dateutil(parts: Mapping[str, str], start: datetime) -> str:
    """Write the rule as dateutil takes it in the RFC's sense, and quickly."""
    given = {name: text for name, text in parts.items() if name not in ("COUNT", "UNTIL")}
    if "BYWEEKNO" in given:
        given.setdefault("BYDAY", DAYS[start.weekday()])
    if "BYMONTHDAY" in given and (given["FREQ"], given.get("INTERVAL", "1")) == ("DAILY", "1"):
        given["FREQ"] = "MONTHLY"  # it finds the same ones without trying every day
    return ";".join(f"{name}={text}" for name, text in given.items())


def _until(
    period: Period, parts: Mapping[str, str], found: Iterable[datetime]
) -> Iterable[datetime]:
    """Leave out what comes after UNTIL: a whole day, a time on the wall, or one of UTC."""
    if "UNTIL" not in parts:
        return found
    last = datetime.fromisoformat(parts["UNTIL"])
    if last.tzinfo is not None:
        return takewhile(lambda each: instant(each, period.zone) <= last, found)
    if "T" not in parts["UNTIL"]:
        last = datetime.combine(last, time.max)
    return takewhile(lambda each: each <= last, found)


def _in_range(found: Iterable[datetime]) -> Iterator[datetime]:
    for each in found:
        yield each
        if each.year not in YEARS:
            return


def _with_first(
    period: Period, parts: Mapping[str, str], matching: list[datetime]
) -> list[datetime]:
    """Count the begin as the first occurrence, whether it matches the rule or not."""
    if matching[:1] == [period.begins]:
        return matching
    return [period.begins, *matching][: int(parts.get("COUNT", MOST + 1))]


def _shown(rule: str) -> str:
    return "".join(each if each.isprintable() else " " for each in rule[:100])
