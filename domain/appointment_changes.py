"""What a change made different about an appointment: as a whole, and about single occurrences."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from domain.appointments import Alarm, Period
from domain.changes import Difference, Facts, differences

_OF_PERIODS = frozenset({"begin", "end", "zone", "all_day", "rule"})
_TELLING = frozenset({"begin", "end"})  # they say by themselves which occurrence is meant
_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "m"))


@dataclass(frozen=True, slots=True)
class OccurrenceFacts:
    """What is noted of one occurrence where it changes."""

    begin: str
    end: str
    zone: str
    alarm: str | None
    done: str
    cancelled: str


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """What is noted of an appointment where it changes."""

    whole: Facts
    occurrences: Mapping[int, OccurrenceFacts]  # by their ids, the first one first


def occurrence_facts(period: Period, alarm: Alarm | None, done: bool, off: bool) -> OccurrenceFacts:
    """Write down how an occurrence stands."""
    begin, end = written(period.begins), written(period.ends)
    shown = None if alarm is None else _alarm(alarm)
    return OccurrenceFacts(begin, end, period.zone, shown, yes_or_no(done), yes_or_no(off))


def appointment_differences(before: AppointmentFacts, after: AppointmentFacts) -> list[Difference]:
    """Say what is different: what is so about all occurrences once, else of which it is.

    Where a series was moved, its rule says where its occurrences are.
    """
    whole = differences(before.whole, after.whole)
    moved = any(each.field in _OF_PERIODS for each in whole)
    told = [field.name for field in fields(OccurrenceFacts)]
    wanted = [name for name in told if not (moved and name in _OF_PERIODS)]
    return [*whole, *(each for name in wanted for each in _of_some(name, before, after))]


def written(at: datetime) -> str:
    """Write down what clocks on the wall show."""
    return at.isoformat(" ", "minutes")


def yes_or_no(is_so: bool) -> str:
    """Write down whether something is so."""
    return "yes" if is_so else "no"


def _of_some(field: str, before: AppointmentFacts, after: AppointmentFacts) -> Iterator[Difference]:
    """Say what is different about one field, for all occurrences together that it is so of."""
    alike: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for id_, was in before.occurrences.items():
        values = getattr(was, field), getattr(after.occurrences.get(id_, was), field)
        if values[0] != values[1]:
            alike[values].append(was.begin)
    for (was_so, is_so), begins in alike.items():
        of_all = len(begins) == len(before.occurrences) or field in _TELLING
        of = "" if of_all else f"{_span(begins)}: "
        yield Difference(field, _labelled(of, was_so), _labelled(of, is_so))


def _span(begins: Sequence[str]) -> str:
    return begins[0] if len(begins) == 1 else f"{begins[0]} … {begins[-1]}"


def _labelled(of: str, value: str | None) -> str | None:
    return f"{of}{value or '–'}" if of else value


def _alarm(alarm: Alarm) -> str:
    """Write an alarm down as the command line takes it: begin, 15m, 2h, 1d, or a time."""
    if alarm.at is not None:
        return written(alarm.at)
    if not alarm.lead:
        return "begin"
    fitting = ((alarm.lead // unit, name) for unit, name in _UNITS if not alarm.lead % unit)
    count, name = next(fitting, (int(alarm.lead.total_seconds()), "s"))
    return f"{count}{name}"
