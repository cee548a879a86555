"""Time zones as iCalendar describes them, for calendars that know other rules, or none (RFC 5545).

Each change of the clocks is given with its day, as the zone's rules have it: no formula that would
be right for some years only.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from domain.zones import zone

_DAY = timedelta(days=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Observance:
    """What clocks show after a change, and what they showed before it."""

    before: timedelta
    after: timedelta
    name: str
    saves_daylight: bool


@lru_cache(maxsize=200)
def described(name: str, first_year: int, last_year: int) -> bytes:
    """Describe a zone from the begin of one year to the end of another."""
    rules = zone(name)
    described = Timezone()
    described.add("tzid", name)
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    onsets = defaultdict(list, {_observance(rules, begin, begin): [_on_the_wall(rules, begin)]})
    for change in _changes(rules, begin, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        before = change - timedelta(seconds=1)
        onset = _on_the_wall(rules, before) + timedelta(seconds=1)  # by the clocks before it
        onsets[_observance(rules, before, change)].append(onset)
    for observance, begins in onsets.items():
        described.add_component(_written(observance, begins))
    octets: bytes = described.to_ical(sorted=False)
    return octets


def _changes(rules: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    while begin < end:
        if _shown(rules, begin) != _shown(rules, begin + _DAY):
            yield _change(rules, begin, begin + _DAY)
        begin += _DAY


def _change(rules: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second from which the clocks show the later time."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _shown(rules, middle) == _shown(rules, before):
            before = middle
        else:
            after = middle
    return after


def _shown(rules: ZoneInfo, at: datetime) -> tuple[timedelta, str, bool]:
    local = at.astimezone(rules)
    return local.utcoffset() or _NONE, local.tzname() or "", bool(local.dst())


def _on_the_wall(rules: ZoneInfo, at: datetime) -> datetime:
    return at.astimezone(rules).replace(tzinfo=None, fold=0)


def _observance(rules: ZoneInfo, before: datetime, after: datetime) -> _Observance:
    return _Observance(_shown(rules, before)[0], *_shown(rules, after))


def _written(
    observance: _Observance, begins: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    written = TimezoneDaylight() if observance.saves_daylight else TimezoneStandard()
    written.add("dtstart", begins[0])
    if begins[1:]:
        written.add("rdate", begins[1:])
    written.add("tzname", observance.name)
    written.add("tzoffsetfrom", observance.before)
    written.add("tzoffsetto", observance.after)
    return written
