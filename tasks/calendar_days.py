"""Appointments as they stand on the days of whoever reads: in their own zone, day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendar_words import Words
from domain.overlaps import overlapping
from domain.zones import wall
from tasks.store.agenda import Entry

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """An appointment by the reader's clocks; whole days are the days that its own zone says."""

    entry: Entry
    begins: datetime
    ends: datetime

    @property
    def last_day(self) -> date:
        """The last day on which it stands; what ends at midnight does not stand on the next."""
        before_end = self.ends - timedelta(microseconds=1)
        return max(self.begins, before_end).date()

    def is_on(self, day: date) -> bool:
        """Whether it stands on a day."""
        return self.begins.date() <= day <= self.last_day

    def fills(self, day: date) -> bool:
        """Whether it takes a whole day."""
        midnight = datetime.combine(day, time())
        return self.begins <= midnight and midnight + DAY <= self.ends


def standing(entry: Entry, zone: str) -> Standing:
    """See an appointment by the clocks of a zone."""
    period = entry.period
    if period.all_day:
        return Standing(entry, period.begins, period.ends)
    return Standing(entry, wall(entry.begins_at, zone), wall(entry.ends_at, zone))


def on_day(entries: Iterable[Standing], day: date) -> list[Standing]:
    """Give what stands on a day: what takes all of it first, then by the begin."""
    found = [each for each in entries if each.is_on(day)]
    return sorted(found, key=lambda each: (not each.fills(day), each.begins, each.ends))


def hours(each: Standing, day: date, said: Words, narrow: bool = False) -> str:
    """Say from when until when an appointment is on a day; an arrow where it goes beyond it."""
    if each.fills(day):
        return said.all_day
    begin = f"{each.begins:%H:%M}" if each.begins.date() == day else "→"
    end = f"{each.ends:%H:%M}" if each.last_day == day else "→"
    if begin == end:
        return begin
    dash = "" if "→" in (begin, end) else "–"
    return f"{begin}{' ' if narrow else ''}{dash}{end}"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two appointments that overlap, and from when until when they do."""

    begins_at: datetime
    ends_at: datetime
    one: Entry
    other: Entry


def clashes(entries: Sequence[Entry]) -> list[Clash]:
    """Find what overlaps among the appointments of one employee, or of one piece of equipment.

    What is done needs nobody any more.
    """
    left = [each for each in entries if not each.done]
    pairs = overlapping([(each.begins_at, each.ends_at) for each in left])
    return [_clash(left[one], left[other]) for one, other in pairs]


def in_conflict(entries: Sequence[Entry]) -> frozenset[int]:
    """Give the occurrences, by their ids, that overlap with another one among these."""
    found = clashes(entries)
    return frozenset(each.occurrence_id for clash in found for each in (clash.one, clash.other))


def _clash(one: Entry, other: Entry) -> Clash:
    begins_at = max(one.begins_at, other.begins_at)
    return Clash(begins_at, min(one.ends_at, other.ends_at), one, other)
