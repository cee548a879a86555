"""Times on the command line: read by the clocks of whoever acts, or of a zone that they name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar

import typer

from deployments.cli.common import opened_store
from domain.appointments import Alarm, Period
from domain.errors import KontaktwerkError
from domain.written_times import TIMES, written_alarm, written_time
from domain.zones import instant, is_zone, wall

T = TypeVar("T")
DAY = timedelta(days=1)
USUAL_LENGTH = timedelta(hours=1)

Begin = Annotated[str, typer.Option(metavar="TIME", help=f"When it begins: {TIMES}.")]
End = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="When it ends; of whole days, the last day."),
]
Minutes = Annotated[int | None, typer.Option(min=0, max=525_600, help="Or how long it takes.")]
Zone = Annotated[
    str | None, typer.Option(help="The time zone of these times, as Europe/Berlin; none: yours.")
]
Occurrence = Annotated[
    str | None,
    typer.Option(metavar="BEGIN", help="Only this one of a series, named by its begin."),
]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks by which times are read: a zone's, and what they show now."""

    zone: str
    now: datetime

    def time(self, text: str, after: datetime | None = None) -> datetime:
        """Read a time."""
        return _told(lambda: written_time(text, self.now, after))

    def alarm(self, text: str, begins: datetime) -> Alarm | None:
        """Read when an alarm is to ring."""
        return _told(lambda: written_alarm(text, self.now, begins))

    def elsewhere(self, shown: datetime, zone: str) -> datetime:
        """Say what clocks in another zone show when these ones show this."""
        return _translated(shown, self.zone, zone)

    def here(self, shown: datetime, zone: str) -> datetime:
        """Say what these clocks show when those in another zone show this."""
        return _translated(shown, zone, self.zone)

    def kept(self, read: Period, zone: str) -> Period:
        """Give what was read by these clocks in the zone that an appointment has."""
        if read.all_day:
            return read
        begins, ends = (self.elsewhere(each, zone) for each in (read.begins, read.ends))
        return Period(begins, ends, zone)


def clocks(employee: str, zone: str | None = None) -> Clocks:
    """Give the clocks of an employee, or of the zone that they name."""
    from tasks.store.staff import colleague

    store = opened_store()
    own = colleague(store, employee).zone
    by = zone if zone and is_zone(zone) else own  # what is no zone is refused with all the rest
    return Clocks(zone or own, wall(store.now(), by))


def period(
    by: Clocks, begin: str, end: str | None, minutes: int | None, all_day: bool = False
) -> Period:
    """Read from when until when something is; of whole days, the end is the last of them."""
    if end and minutes is not None:
        raise KontaktwerkError("say either --end or --minutes")
    begins = by.time(begin)
    if all_day:
        return whole_days(begins, by.time(end) if end else begins, by.zone)
    if end:
        return Period(begins, by.time(end, begins), by.zone)
    length = USUAL_LENGTH if minutes is None else timedelta(minutes=minutes)
    return Period(begins, begins + length, by.zone)


def moved(
    there: Period, by: Clocks, begin: str | None, end: str | None, minutes: int | None
) -> Period:
    """Read where to something is moved; what is not said stays as it is, its length too."""
    if there.all_day:
        first = by.time(begin) if begin else there.begins
        length = there.ends - there.begins - DAY
        return whole_days(first, by.time(end, first) if end else first + length, there.zone)
    begins = by.time(begin) if begin else by.here(there.begins, there.zone)
    if end or minutes is not None:
        return period(by, begins.isoformat(), end, minutes)
    return Period(begins, begins + (there.ends - there.begins), by.zone)


def whole_days(first: datetime, last: datetime, zone: str) -> Period:
    """Give whole days, from the first to the last one."""
    begins, ends = (datetime.combine(each.date(), time()) for each in (first, last + DAY))
    return Period(begins, ends, zone, all_day=True)


def _translated(shown: datetime, zone: str, other: str) -> datetime:
    if zone == other or not (is_zone(zone) and is_zone(other)):
        return shown
    return wall(instant(shown, zone), other)


def _told(reading: Callable[[], T]) -> T:
    try:
        return reading()
    except (ValueError, OverflowError) as error:
        raise KontaktwerkError(str(error)) from error
