"""Appointments written as the components of iCalendar: VEVENT, and VALARM in it (RFC 5545)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from urllib.parse import quote

from dateutil.rrule import rrulestr
from icalendar import vDDDTypes, vRecur

from domain.appointments import Alarm, Period, Priority
from domain.calendar_events import Event, Occurring
from domain.ical_lines import Property, component, escaped, in_utc, parameter
from domain.mail import MailAddress
from domain.zones import instant

UTC_ZONES = frozenset({"UTC", "Etc/UTC"})
_PRIORITIES = {Priority.HIGH: "1", Priority.NORMAL: "5", Priority.LOW: "9"}
_CONFIRMED, _CANCELLED = ("STATUS", "CONFIRMED"), ("STATUS", "CANCELLED")
_ASKED = ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
_NOBODY = "invalid:nomail"  # who publishes must be named (RFC 5546, 3.2.1), known or not
_IN_ADDRESSES = "@!$&'*+-./=?^_`{|}~"
_TEXT = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n"}
_LINE = {code: " " for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}


def components(event: Event) -> Iterator[bytes]:
    """Write a series as what its rule says, and each exception from it."""
    recurring = _recurring(event, event.rule) if event.rule else ()
    yield _written(event, event.first, [*recurring, _CONFIRMED], event.usual_alarm)
    for each in event.exceptions:
        yield exception(event, each)


def exception(event: Event, occurring: Occurring) -> bytes:
    """Write one occurrence of a series as it is, whatever the rule says."""
    which = _named(event, occurring)
    return _written(event, occurring.period, [which, _CONFIRMED], occurring.alarm)


def called_off(event: Event, occurring: Occurring | None = None) -> bytes:
    """Write that an appointment does not take place, or one occurrence of a series."""
    if occurring is None:
        return _written(event, event.first, [_CANCELLED])
    return _written(event, occurring.period, [_named(event, occurring), _CANCELLED])


def _written(
    event: Event, period: Period, which: Iterable[Property], alarm: Alarm | None = None
) -> bytes:
    rings = _ringing(event, alarm, period) if alarm else ()
    return component("VEVENT", chain(_said(event), _timed(period), which, _people(event), rings))


def _said(event: Event) -> Iterator[Property]:
    yield "UID", event.uid
    yield "SEQUENCE", str(event.sequence)
    yield "DTSTAMP", in_utc(event.changed_at)
    yield "SUMMARY", escaped(one_line(event.matchcode))
    yield "PRIORITY", _PRIORITIES[event.priority]
    if event.place:
        yield "LOCATION", escaped(one_line(event.place))
    if described := "\n\n".join(filter(None, [event.text, "\n".join(event.people)])):
        yield "DESCRIPTION", escaped(in_lines(described))


def _timed(period: Period) -> Iterator[Property]:
    yield _on_the_wall("DTSTART", period, period.begins)
    if period.ends_at > period.begins_at:
        yield _on_the_wall("DTEND", period, period.ends)


def _people(event: Event) -> Iterator[Property]:
    yield _party("ORGANIZER", event.organizer)
    for each in event.attendees:
        yield _party(f"ATTENDEE{_ASKED}", each)


def _party(name: str, party: MailAddress | None) -> Property:
    if party is None:
        return name, _NOBODY
    called = parameter("CN", one_line(party.name)) if party.name else ""
    return f"{name}{called}", f"mailto:{quote(party.address, safe=_IN_ADDRESSES)}"


def _named(event: Event, occurring: Occurring) -> Property:
    return _on_the_wall("RECURRENCE-ID", event.first, occurring.recurrence)


def _on_the_wall(name: str, period: Period, *times: datetime) -> Property:
    """Write times as the clocks of a period's zone show them, or as days."""
    if period.all_day:
        return f"{name};VALUE=DATE", ",".join(f"{each:%Y%m%d}" for each in times)
    if period.zone in UTC_ZONES:
        return name, ",".join(f"{each:%Y%m%dT%H%M%SZ}" for each in times)
    written = ",".join(f"{each:%Y%m%dT%H%M%S}" for each in times)
    return f"{name};TZID={period.zone}", written


def _recurring(event: Event, rule: str) -> Iterator[Property]:
    """Say when a series recurs; by its days where calendars would read its rule otherwise."""
    recurrences = [each.recurrence for each in event.occurrences]
    if _is_read_alike(rule, event.period.begins, tuple(recurrences)):
        bounded = vRecur.from_ical(_until(rule, _end(event, recurrences)))
        yield "RRULE", bounded.to_ical().decode()
    else:
        yield _on_the_wall("RDATE", event.period, *recurrences)
    if gone := [each.recurrence for each in event.occurrences if each.cancelled]:
        yield _on_the_wall("EXDATE", event.period, *gone)


@lru_cache(maxsize=1_000)
def _is_read_alike(rule: str, begins: datetime, recurrences: Sequence[datetime]) -> bool:
    """Whether calendars find the same days; where the first is none by the rule, they differ."""
    bounded = rrulestr(_until(rule, f"{recurrences[-1]:%Y%m%dT%H%M%S}"), dtstart=begins)
    if next(iter(bounded), None) != begins:
        return False
    return tuple(islice(bounded, len(recurrences) + 1)) == recurrences


def _until(rule: str, end: str) -> str:
    """Let a rule that has an UNTIL end with its last occurrence, in the form that is wanted."""
    parts = rule.strip().removeprefix("RRULE:").upper().split(";")
    return ";".join(f"UNTIL={end}" if part.startswith("UNTIL=") else part for part in parts)


def _end(event: Event, recurrences: Sequence[datetime]) -> str:
    if event.period.all_day:
        return f"{recurrences[-1]:%Y%m%d}"
    return f"{instant(recurrences[-1], event.period.zone):%Y%m%dT%H%M%SZ}"


def _ringing(event: Event, alarm: Alarm, period: Period) -> Iterator[Property]:
    yield "BEGIN", "VALARM"
    yield "ACTION", "DISPLAY"
    yield "DESCRIPTION", escaped(one_line(event.matchcode))
    if alarm.lead is None:
        yield "TRIGGER;VALUE=DATE-TIME", in_utc(alarm.due_at(period))
    else:
        yield "TRIGGER", vDDDTypes(-alarm.lead).to_ical().decode()
    yield "END", "VALARM"


def one_line(text: str) -> str:
    """Write words in one line, without what a calendar cannot hold."""
    return text if text.isprintable() else in_lines(text.translate(_LINE))


def in_lines(text: str) -> str:
    """Leave out what a calendar cannot hold (RFC 5545, 3.3.11)."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TEXT)
    return lines.encode("utf-8", "replace").decode()
