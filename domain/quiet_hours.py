"""Quiet hours: a part of each day in which nobody wants to be informed by their phone."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain.zones import instant, wall

_DAY = timedelta(days=1)


def after_quiet(at: datetime, quiet_from: str, quiet_until: str, zone: str) -> datetime:
    """Give the first instant, from this one on, that lies outside the quiet hours.

    They are times on the wall of a zone, such as 22:00 and 07:00; empty or equal ones mean none.
    Each night's are one stretch of time: whatever clocks show twice, or leave out, as they are
    changed counts as domain/zones.py says.
    """
    if quiet_from == quiet_until:
        return at
    first, last = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    for begin, end in _stretches(wall(at, zone).date(), first, last, zone):
        if begin <= at < end:
            return after_quiet(end, quiet_from, quiet_until, zone)
    return at


def _stretches(
    day: date, first: time, last: time, zone: str
) -> Iterator[tuple[datetime, datetime]]:
    """Give the quiet hours that begin on the day before, or on this day."""
    for begins_on in (day - _DAY, day):
        ends_on = begins_on if first < last else begins_on + _DAY
        yield (
            instant(datetime.combine(begins_on, first), zone),
            instant(datetime.combine(ends_on, last), zone),
        )
