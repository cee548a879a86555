"""The staff plan as Markdown: who and what is needed on which day, what overlaps is marked (L8)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from domain.calendar_words import Words, day_in_full, day_named
from domain.zones import wall
from tasks.calendar_days import Clash, Standing, clashes, hours, in_conflict, on_day, standing
from tasks.list_rows import said
from tasks.store.agenda import Entry
from tasks.store.staff_plan import Row

CONFLICT, DONE = "⚠", "✓"


def staff_plan_text(first: date, rows: Sequence[Row], zone: str, words: Words) -> str:
    """Write a week from a day on, a row for each; below what overlaps. zone is an IANA name."""
    days = _days(first, rows, zone)
    until = day_in_full(first + timedelta(days=6), words)
    return "\n".join(
        [
            f"## {words.staff_plan}, {day_in_full(first, words)} – {until} ({said(zone)})",
            "",
            _line(["", *(day_named(day, words) for day in days)]),
            _line(["---"] * (len(days) + 1)),
            *(_line(_cells(row, days, zone, words)) for row in rows),
            "",
            *_conflicts(rows, zone, words),
            "",
        ]
    )


def _days(first: date, rows: Sequence[Row], zone: str) -> list[date]:
    """Give the days of the week: Saturday and Sunday only where there is something to see."""
    there = [standing(entry, zone) for row in rows for entry in row.entries]
    days = [first + timedelta(days=position) for position in range(7)]
    return [day for day in days if day.weekday() < 5 or any(each.is_on(day) for each in there)]


def _cells(row: Row, days: Sequence[date], zone: str, words: Words) -> Iterator[str]:
    there = [standing(entry, zone) for entry in row.entries]
    twice = in_conflict(row.entries)
    yield f"**{said(row.name)}**"
    for day in days:
        told = [
            _told(each, day, words, each.entry.occurrence_id in twice)
            for each in on_day(there, day)
        ]
        yield "; ".join(told)


def _told(each: Standing, day: date, words: Words, twice: bool) -> str:
    marks = f"{f'{CONFLICT} ' if twice else ''}{f'{DONE} ' if each.entry.done else ''}"
    return f"{marks}**{hours(each, day, words)}** {_named(each.entry, words)}"


def _named(entry: Entry, words: Words) -> str:
    return words.busy if entry.busy else f"{said(entry.matchcode)} ({entry.appointment_id})"


def _conflicts(rows: Sequence[Row], zone: str, words: Words) -> list[str]:
    found = [(row.name, each) for row in rows for each in clashes(row.entries)]
    if not found:
        return [words.no_conflicts]
    lines = [f"- {CONFLICT} {said(name)}, {_clash(each, zone, words)}" for name, each in found]
    return [f"### {words.conflicts}", "", *lines]


def _clash(clash: Clash, zone: str, words: Words) -> str:
    begins, ends = wall(clash.begins_at, zone), wall(clash.ends_at, zone)
    until = f"{ends:%H:%M}"
    if ends.date() != begins.date():
        until = f"{day_named(ends.date(), words)} {until}"
    both = f"{_named(clash.one, words)} / {_named(clash.other, words)}"
    return f"{day_named(begins.date(), words)} {begins:%H:%M}–{until}: {both}"


def _line(cells: Sequence[str] | Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
