"""Appointments for calendars, in tests: usual values, series by their rules, and what is read."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events

from domain.appointments import Period
from domain.calendar_events import Event, Occurring
from domain.mail import MailAddress
from domain.recurrence import begins

BERLIN = "Europe/Berlin"
CHANGED_AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
JONAS = MailAddress("Jonas Weber", "jonas.weber@firm.example")
PETRA = MailAddress("Petra Müller", "petra@mueller.example")
ALWAYS = datetime(1990, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """Read a wall-clock time."""
    return datetime.fromisoformat(text)


def period(begins: str, ends: str, zone: str = BERLIN, all_day: bool = False) -> Period:
    """Give a period by its wall-clock times."""
    return Period(at(begins), at(ends), zone, all_day)


HOUR = period("2026-11-24 10:00", "2026-11-24 11:00")


def event(
    when: Period = HOUR,
    rule: str | None = None,
    cancelled: Collection[int] = (),
    moved: dict[int, Period] | None = None,
    **changes: Any,
) -> Event:
    """Give an appointment; of a series some occurrences, by position, are cancelled or moved."""
    shown = {number: when.beginning(each) for number, each in enumerate(begins(when, rule))}
    shown_now = shown | (moved or {})
    occurrences = [
        Occurring(shown[number].begins, shown_now[number], cancelled=number in cancelled)
        for number in shown
    ]
    usual = {
        "uid": "1@kontaktwerk",
        "sequence": 0,
        "changed_at": CHANGED_AT,
        "period": when,
        "rule": rule,
        "occurrences": occurrences,
        "matchcode": "Wartung",
        "place": "Halle 2",
        "organizer": JONAS,
    }
    return Event(**{**usual, **changes})


def parsed(calendar: str) -> icalendar.Calendar:
    """Read a calendar as a strict reader does."""
    found = icalendar.Calendar.from_ical(calendar)
    assert isinstance(found, icalendar.Calendar)
    assert not [each.errors for each in found.walk() if each.errors]
    return found


def read_times(calendar: str) -> list[tuple[datetime, datetime]]:
    """Give when a calendar's events begin and end, as another program finds out."""
    found = recurring_ical_events.of(parsed(calendar)).between(*ALWAYS)
    return sorted((_instant(each["DTSTART"].dt), _instant(each["DTEND"].dt)) for each in found)


def own_times(event: Event) -> list[tuple[datetime, datetime]]:
    """Give when it takes place, as we have it."""
    return sorted((o.period.begins_at, o.period.ends_at) for o in event.taking_place)


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def later(when: Period, **by: float) -> Period:
    """Move a period by the clocks."""
    return when.beginning(when.begins + timedelta(**by))
