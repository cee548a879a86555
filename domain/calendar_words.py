"""The words of calendars and plans, in English and German."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.wording import Language


@dataclass(frozen=True, slots=True)
class Words:
    """What calendars say in one language."""

    weekdays: tuple[str, ...]
    day: str  # a day's form, without its weekday
    full_day: str
    week: str
    today: str
    all_day: str
    busy: str
    nothing: str
    staff_plan: str
    equipment: str
    conflicts: str
    no_conflicts: str
    legend: str  # of the marks


_WORDS: Mapping[Language, Words] = {
    Language.ENGLISH: Words(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        "%d %b",
        "%d %b %Y",
        "Week",
        "today",
        "all day",
        "busy",
        "nothing",
        "Staff plan",
        "Equipment",
        "Conflicts",
        "No conflicts.",
        "! overlaps, ✓ done",
    ),
    Language.GERMAN: Words(
        ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        "%d.%m.",
        "%d.%m.%Y",
        "Woche",
        "heute",
        "ganztägig",
        "belegt",
        "nichts",
        "Personalplan",
        "Equipment",
        "Konflikte",
        "Keine Konflikte.",
        "! überschneidet sich, ✓ erledigt",
    ),
}


def words(language: Language) -> Words:
    """Give the words of a language."""
    return _WORDS[language]


def day_named(day: date, said: Words) -> str:
    """Name a day briefly, such as Tue 24 Nov or Di 24.11."""
    return f"{said.weekdays[day.weekday()]} {day:{said.day}}"


def day_in_full(day: date, said: Words) -> str:
    """Name a day with its year."""
    return f"{said.weekdays[day.weekday()]} {day:{said.full_day}}"


def week_named(monday: date, said: Words) -> str:
    """Name a week by its number, and from when until when it is."""
    year, week, _ = monday.isocalendar()
    sunday = monday + timedelta(days=6)
    return f"{said.week} {week}/{year}, {monday:{said.day}} – {sunday:{said.full_day}}"
