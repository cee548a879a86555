"""Appointments written as the components of iCalendar: VEVENT, and VALARM in it (RFC 5545)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from urllib.parse import quote

import icalendar
from dateutil.rrule import rrulestr

from domain.appointments import Alarm, Period, Priority
from domain.calendar_events import Event, Occurring
from domain.mail import MailAddress
from domain.zones import instant, zone

UTC_ZONES = frozenset({"UTC", "Etc/UTC"})
_PRIORITIES = {Priority.HIGH: 1, Priority.NORMAL: 5, Priority.LOW: 9}
_NOBODY = "invalid:nomail"  # who publishes must be named (RFC 5546, 3.2.1), known or not
_IN_ADDRESSES = "@!$&'*+-./=?^_`{|}~"
_TEXT = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n"}
_LINE = {code: " " for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}


def components(event: Event) -> Iterator[icalendar.Event]:
    """Write a series as what its rule says, and each exception from it."""
    master = component_of(event, event.first)
    if event.rule:
        _recur(master, event, event.rule)
    _ring(master, event, event.usual_alarm, event.first)
    yield master
    for each in event.exceptions:
        yield exception(event, each)


def exception(event: Event, occurring: Occurring) -> icalendar.Event:
    """Write one occurrence of a series as it is, whatever the rule says."""
    component = component_of(event, occurring.period)
    component.add("recurrence-id", _value(occurring.recurrence, event.first))
    _ring(component, event, occurring.alarm, occurring.period)
    return component


def component_of(event: Event, period: Period) -> icalendar.Event:
    """Write what an appointment is at one time."""
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at.astimezone(UTC))
    component.add("dtstart", _value(period.begins, period))
    if period.ends_at > period.begins_at:
        component.add("dtend", _value(period.ends, period))
    component.add("summary", one_line(event.matchcode))
    component.add("status", "CONFIRMED")
    component.add("priority", _PRIORITIES[event.priority])
    if event.place:
        component.add("location", one_line(event.place))
    if described := "\n\n".join(filter(None, [event.text, "\n".join(event.people)])):
        component.add("description", in_lines(described))
    component.add("organizer", _party(event.organizer))
    for attendee in event.attendees:
        component.add("attendee", _asked(attendee))
    return component


def _value(on_the_wall: datetime, period: Period) -> date | datetime:
    if period.all_day:
        return on_the_wall.date()
    if period.zone in UTC_ZONES:
        return on_the_wall.replace(tzinfo=UTC)
    return on_the_wall.replace(tzinfo=zone(period.zone))


def _recur(component: icalendar.Event, event: Event, rule: str) -> None:
    """Say when a series recurs; by its days where calendars would read its rule otherwise."""
    recurrences = [each.recurrence for each in event.occurrences]
    if _is_read_alike(rule, event.period.begins, tuple(recurrences)):
        component.add("rrule", icalendar.vRecur.from_ical(_until(rule, _end(event, recurrences))))
    else:
        component.add("rdate", [_value(each, event.period) for each in recurrences])
    cancelled = [each.recurrence for each in event.occurrences if each.cancelled]
    if cancelled:
        component.add("exdate", [_value(each, event.period) for each in cancelled])


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


def _ring(component: icalendar.Event, event: Event, alarm: Alarm | None, period: Period) -> None:
    if alarm is None:
        return
    ringing = icalendar.Alarm()
    ringing.add("action", "DISPLAY")
    ringing.add("description", one_line(event.matchcode))
    ringing.add("trigger", -alarm.lead if alarm.lead is not None else alarm.due_at(period))
    component.add_component(ringing)


def _party(party: MailAddress | None) -> icalendar.vCalAddress:
    address = f"mailto:{quote(party.address, safe=_IN_ADDRESSES)}" if party else _NOBODY
    written = icalendar.vCalAddress(address)
    if party and party.name:
        written.params["CN"] = one_line(party.name).replace('"', "'")
    return written


def _asked(guest: MailAddress) -> icalendar.vCalAddress:
    written = _party(guest)
    written.params["ROLE"] = "REQ-PARTICIPANT"
    written.params["PARTSTAT"] = "NEEDS-ACTION"
    written.params["RSVP"] = "TRUE"
    return written


def one_line(text: str) -> str:
    """Write words in one line, without what a calendar cannot hold."""
    return in_lines(text.translate(_LINE))


def in_lines(text: str) -> str:
    """Leave out what a calendar cannot hold (RFC 5545, 3.3.11)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TEXT)
    return lines.encode("utf-8", "replace").decode()
