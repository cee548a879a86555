"""Appointments written as iCalendar: feeds, files, invitations and what calls them off.

By RFC 5545, and RFC 5546 for what each method may carry. The same state gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from domain.appointments import Period
from domain.calendar_events import Event, Occurring, for_guests
from domain.ical_events import UTC_ZONES, called_off, components, exception, one_line
from domain.ical_lines import Property, content_lines, escaped
from domain.ical_zones import described

PRODUCT = "-//Kontaktwerk//Kontaktwerk//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
CLOSING = b"END:VCALENDAR\r\n"


def feed(events: Iterable[Event], name: str) -> str:
    """Write a calendar that others subscribe to; it names no attendees (RFC 5546, 3.2.1)."""
    return _whole(PUBLISH, [replace(event, attendees=()) for event in events], name)


def opening(name: str = "", method: str | None = None) -> bytes:
    """Begin a calendar that is written a component at a time, and ended by CLOSING."""
    begin: list[Property] = [("BEGIN", "VCALENDAR"), ("PRODID", PRODUCT), ("VERSION", "2.0")]
    if method:
        begin.append(("METHOD", method))
    if name:
        begin.append(("X-WR-CALNAME", escaped(one_line(name))))
    return content_lines(begin)


def published(event: Event) -> Iterable[bytes]:
    """Write an appointment for a file, with nobody's answers; what is called off says so."""
    told = replace(event, attendees=()) if event.attendees else event
    return [called_off(told)] if event.is_cancelled else components(told)


def single(event: Event, recurrence: datetime | None = None) -> str:
    """Write one appointment as a file, or one occurrence of a series."""
    wanted = replace(event, attendees=())
    if recurrence is None or not event.rule:
        return _whole(PUBLISH, [wanted])
    occurring = wanted.occurring(recurrence)
    return _in_part(PUBLISH, wanted, [occurring], [exception(wanted, occurring)])


def request(event: Event) -> str:
    """Write the invitation of guests to an appointment as it is now."""
    return _whole(REQUEST, [for_guests(event)])


def cancel(event: Event, recurrences: Sequence[datetime] = ()) -> str:
    """Write that an appointment does not take place, or some occurrences of a series."""
    told = for_guests(event)
    if not recurrences:
        return _in_part(CANCEL, told, [], [called_off(told)])
    off = [told.occurring(each) for each in recurrences]
    return _in_part(CANCEL, told, off, [called_off(told, each) for each in off])


def _whole(method: str, events: Sequence[Event], name: str = "") -> str:
    written = [component for event in events for component in components(event)]
    periods = [each.period for event in events for each in event.occurrences]
    return _calendar(method, written, [*periods, *(event.first for event in events)], name)


def _in_part(
    method: str, event: Event, occurrences: Sequence[Occurring], written: Sequence[bytes]
) -> str:
    return _calendar(method, written, [event.first, *(each.period for each in occurrences)])


def _calendar(
    method: str, written: Sequence[bytes], periods: Sequence[Period], name: str = ""
) -> str:
    """Put components together, after the zones that they speak of."""
    zones = _zones(periods)
    return b"".join([opening(name, method), *zones, *written, CLOSING]).decode()


def _zones(periods: Sequence[Period]) -> Iterator[bytes]:
    years = [each.begins.year for each in periods] + [each.ends.year for each in periods]
    for name in sorted({each.zone for each in periods if not each.all_day} - UTC_ZONES):
        yield described(name, min(years) - 1, max(years))
