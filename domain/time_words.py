"""Times in the words of people: when an appointment is, and how late something comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.appointments import Period
from domain.wording import Language
from domain.zones import mark, wall


@dataclass(frozen=True, slots=True)
class _Words:
    days: Sequence[str]
    months: Sequence[str]
    date: str
    clock: str  # after a time
    all_day: str
    own: str  # the same time, where the appointment is
    delay: str
    units: Sequence[tuple[str, str]]  # one of them, and several


_ENGLISH = _Words(
    days=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months=[
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date="{weekday}, {day} {month} {year}",
    clock="",
    all_day="all day",
    own="that is",
    delay="with {late} delay",
    units=(
        ("day's", "days'"),
        ("hour's", "hours'"),
        ("minute's", "minutes'"),
        ("second's", "seconds'"),
    ),
)
_GERMAN = _Words(
    days=["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months=[
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date="{weekday}, {day}. {month} {year}",
    clock=" Uhr",
    all_day="ganztägig",
    own="das ist",
    delay="mit {late} Verspätung",
    units=(
        ("Tag", "Tagen"),
        ("Stunde", "Stunden"),
        ("Minute", "Minuten"),
        ("Sekunde", "Sekunden"),
    ),
)
_WORDS = {Language.ENGLISH: _ENGLISH, Language.GERMAN: _GERMAN}
_LENGTHS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))


def period_in_words(period: Period, zone: str, language: Language) -> str:
    """Say when an appointment is, as clocks in a person's zone show it.

    Where those in the appointment's own zone show something else, that is said too.
    """
    words = _WORDS[language]
    if period.all_day:
        where = "" if period.zone == zone else f" ({period.zone})"
        return f"{_days(period, words)}, {words.all_day}{where}"
    instants = (period.begins_at, period.ends_at)
    here = _times(*instants, zone, words)
    there = here if period.zone == zone else _times(*instants, period.zone, words)
    if here == there:
        return here
    return f"{here} ({zone}), {words.own} {there} ({period.zone})"


def delay_in_words(late: timedelta, language: Language) -> str:
    """Say how late something comes, in the largest unit of which it is one at least."""
    words = _WORDS[language]
    units = zip(_LENGTHS, words.units, strict=True)
    length, (one, several) = next(
        (pair for pair in units if late >= pair[0]), (_LENGTHS[-1], words.units[-1])
    )
    count = late // length
    return words.delay.format(late=f"{count} {one if count == 1 else several}")


def _times(begins_at: datetime, ends_at: datetime, zone: str, words: _Words) -> str:
    begins, ends = wall(begins_at, zone), wall(ends_at, zone)
    begin = f"{_date(begins, words)}, {begins:%H:%M}{mark(begins_at, zone)}"
    if begins_at == ends_at:
        return f"{begin}{words.clock}"
    end = f"{ends:%H:%M}{mark(ends_at, zone)}{words.clock}"
    if begins.date() == ends.date():
        return f"{begin}–{end}"
    return f"{begin}{words.clock} – {_date(ends, words)}, {end}"


def _days(period: Period, words: _Words) -> str:
    first, last = period.begins.date(), (period.ends - timedelta(days=1)).date()
    if last <= first:
        return _date(first, words)
    return f"{_date(first, words)} – {_date(last, words)}"


def _date(day: date, words: _Words) -> str:
    return words.date.format(
        weekday=words.days[day.weekday()],
        day=day.day,
        month=words.months[day.month - 1],
        year=day.year,
    )
