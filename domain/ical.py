"""Appointments written as iCalendar: feeds, files, invitations and what calls them off.

By RFC 5545, and RFC 5546 for what each method may carry. The same state gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import icalendar

from domain.appointments import Period
from domain.calendar_events import Event, for_guests
from domain.ical_events import UTC_ZONES, component_of, components, exception, one_line
from domain.ical_zones import described

PRODUCT = "-//Kontaktwerk//Kontaktwerk//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
CLOSING = b"END:VCALENDAR\r\n"


def feed(events: Iterable[Event], name: str) -> str:
    """Write a calendar that others subscribe to; it names no attendees (RFC 5546, 3.2.1)."""
    calendar = _calendar(PUBLISH, [replace(event, attendees=()) for event in events])
    calendar.add("x-wr-calname", one_line(name))
    return _written(calendar)


def opening(name: str, method: str | None = None) -> bytes:
    """Begin a calendar that is written a component at a time, and ended by CLOSING."""
    calendar = _empty(method)
    calendar.add("x-wr-calname", one_line(name))
    octets: bytes = calendar.to_ical(sorted=False)
    return octets.removesuffix(CLOSING)


def published(event: Event) -> Sequence[icalendar.Event]:
    """Write an appointment for a file, with nobody's answers; what is called off says so."""
    told = replace(event, attendees=())
    if not event.is_cancelled:
        return list(components(told))
    component = component_of(told, told.first)
    component["status"] = "CANCELLED"
    return [component]


def single(event: Event, recurrence: datetime | None = None) -> str:
    """Write one appointment as a file, or one occurrence of a series."""
    wanted = replace(event, attendees=())
    if recurrence is None or not event.rule:
        return _written(_calendar(PUBLISH, [wanted]))
    return _written(_of_some(PUBLISH, wanted, [recurrence]))


def request(event: Event) -> str:
    """Write the invitation of guests to an appointment as it is now."""
    return _written(_calendar(REQUEST, [for_guests(event)]))


def cancel(event: Event, recurrences: Sequence[datetime] = ()) -> str:
    """Write that an appointment does not take place, or some occurrences of a series."""
    told = for_guests(event)
    if recurrences:
        return _written(_of_some(CANCEL, told, recurrences))
    calendar, component = _empty(CANCEL), component_of(told, told.first)
    component["status"] = "CANCELLED"
    return _written(_complete(calendar, [component], [told.first]))


def _calendar(method: str, events: Sequence[Event]) -> icalendar.Calendar:
    written = [component for event in events for component in components(event)]
    periods = [each.period for event in events for each in event.occurrences]
    return _complete(_empty(method), written, [*periods, *(event.first for event in events)])


def _of_some(method: str, event: Event, recurrences: Sequence[datetime]) -> icalendar.Calendar:
    occurrences = [event.occurring(each) for each in recurrences]
    written = [exception(event, each) for each in occurrences]
    if method == CANCEL:
        for component in written:
            component["status"] = "CANCELLED"
    periods = [event.first, *(each.period for each in occurrences)]
    return _complete(_empty(method), written, periods)


def _empty(method: str | None) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def _complete(
    calendar: icalendar.Calendar,
    written: Iterable[icalendar.Event],
    periods: Sequence[Period],
) -> icalendar.Calendar:
    """Put in the components, after the zones that they speak of."""
    years = [each.begins.year for each in periods] + [each.ends.year for each in periods]
    names = {each.zone for each in periods if not each.all_day} - UTC_ZONES
    for name in sorted(names):
        calendar.add_component(described(name, min(years) - 1, max(years)))
    for component in written:
        calendar.add_component(component)
    return calendar


def _written(calendar: icalendar.Calendar) -> str:
    octets: bytes = calendar.to_ical(sorted=False)
    return octets.decode()
