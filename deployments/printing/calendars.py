"""A week: days side by side where there is room, and below one another where there is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rich.box import MINIMAL_HEAVY_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from deployments.printing.tables import visible
from domain.calendar_words import Words, day_named, week_named, words
from domain.wording import Language
from tasks.calendar_days import DAY, Standing, hours, in_conflict, on_day, standing
from tasks.store.agenda import Entry

SIDE_BY_SIDE = 80  # columns of the terminal; with fewer, days are a list
NARROW = 11  # with fewer columns for a day, from when until when takes two lines
DONE, CONFLICT = "✓", "!"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a calendar: by which clocks, in which language, on which day."""

    zone: str
    language: Language
    today: date

    @property
    def said(self) -> Words:
        """The words of their language."""
        return words(self.language)


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows: who reads it, and what stands on it."""

    reader: Reader
    standings: Sequence[Standing]
    conflicts: frozenset[int]

    def on(self, day: date, whole: bool | None = None) -> list[Standing]:
        """Give what stands on a day: all, or only what takes the whole day, or what does not."""
        there = on_day(self.standings, day)
        return [each for each in there if whole is None or each.fills(day) is whole]


def page(entries: Sequence[Entry], reader: Reader, conflicts: frozenset[int]) -> Page:
    """See appointments by the clocks of who reads them."""
    return Page(reader, [standing(each, reader.zone) for each in entries], conflicts)


def week(
    owner: str, monday: date, entries: Sequence[Entry], reader: Reader, width: int
) -> RenderableType:
    """Show the week of an employee; what is done is struck out, what overlaps is marked."""
    shown = page(entries, reader, in_conflict(entries))
    days = days_to_show(monday, shown)
    title = Text(f"{visible(owner)}, {week_named(monday, reader.said)} ({reader.zone})", "bold")
    legend = Text(reader.said.legend, "dim")
    if width < SIDE_BY_SIDE:
        return Group(title, *(_day_list(day, shown) for day in days), legend)
    return Group(title, _side_by_side(days, shown, width), legend)


def days_to_show(monday: date, shown: Page) -> list[date]:
    """Give the days of a week: Saturday and Sunday only where there is something to see."""
    days = [monday + position * DAY for position in range(7)]
    return [day for day in days if day.weekday() < 5 or day == shown.reader.today or shown.on(day)]


def day_heading(day: date, reader: Reader) -> Text:
    """Name a day; today is marked."""
    name = day_named(day, reader.said)
    if day == reader.today:
        return Text(f"{name} {reader.said.today}", "bold reverse")
    return Text(name, "bold")


def day_text(day: date, standings: Sequence[Standing], shown: Page, column: int) -> Text:
    """Write what stands on a day below one another."""
    told = [_told(each, day, shown, "\n", column < NARROW) for each in standings]
    return Text("\n\n").join(told)


def named(entry: Entry, said: Words) -> str:
    """Name an appointment with its number; one that the reader may not see is just busy."""
    if entry.busy:
        return said.busy
    return f"{visible(entry.matchcode)} ({entry.appointment_id})"


def _side_by_side(days: Sequence[date], shown: Page, width: int) -> Table:
    column = (width - len(days) + 1) // len(days)
    laid_out = Table(box=MINIMAL_HEAVY_HEAD, show_edge=False, padding=0, pad_edge=False)
    for day in days:
        laid_out.add_column(day_heading(day, shown.reader), width=column, overflow="fold")
    for whole in (True, False):
        cells = [day_text(day, shown.on(day, whole), shown, column) for day in days]
        if any(cells):
            laid_out.add_row(*cells, end_section=whole)
    return laid_out


def _day_list(day: date, shown: Page) -> RenderableType:
    lines = [_told(each, day, shown, " ", False) for each in shown.on(day)]
    lines = lines or [Text(shown.reader.said.nothing, "dim")]
    return Padding(Group(day_heading(day, shown.reader), *lines), (0, 0, 1, 0))


def _told(each: Standing, day: date, shown: Page, between: str, narrow: bool) -> Text:
    """Write an appointment: from when until when, what, and its number."""
    entry, said = each.entry, shown.reader.said
    style = "dim" if entry.busy else "dim strike" if entry.done else ""
    text = Text.assemble((hours(each, day, said, narrow), style or "bold"), between)
    if entry.occurrence_id in shown.conflicts:
        text.append(f"{CONFLICT} ", "bold red")
    if entry.done:
        text.append(f"{DONE} ", "green")
    return text.append(named(entry, said), style)
