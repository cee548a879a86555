"""The staff plan: employees over the hours of a day or the days of a week, equipment beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rich.cells import set_cell_size
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deployments.printing.bars import Scale, drawn, scale
from deployments.printing.calendars import (
    CONFLICT,
    NARROW,
    Page,
    Reader,
    day_heading,
    day_text,
    days_to_show,
    named,
    page,
)
from deployments.printing.tables import visible
from domain.calendar_words import day_in_full, day_named, week_named
from domain.zones import wall
from tasks.calendar_days import Clash, clashes, in_conflict
from tasks.store.staff_plan import Row

NAMES = 20  # columns for a name, at most


@dataclass(frozen=True, slots=True)
class Plan:
    """Who and what a plan shows."""

    staff: Sequence[Row]
    equipment: Sequence[Row]

    @property
    def rows(self) -> Sequence[Row]:
        """All of it."""
        return [*self.staff, *self.equipment]

    def names(self, width: int) -> int:
        """Give the columns that names take."""
        longest = max((len(row.name) for row in self.rows), default=0)
        return min(NAMES, width // 5, longest)

    def everything(self, reader: Reader) -> Page:
        """Give all that is to be seen, as one page."""
        every = [entry for row in self.rows for entry in row.entries]
        return page(every, reader, frozenset())


def day_plan(day: date, plan: Plan, reader: Reader, width: int) -> RenderableType:
    """Show a day: a bar for each appointment over its hours, and below what overlaps."""
    said = reader.said
    title = Text(f"{said.staff_plan}, {day_in_full(day, said)} ({reader.zone})", "bold")
    return Group(title, _chart(day, plan, reader, width), _conflicts(plan.rows, reader))


def week_plan(monday: date, plan: Plan, reader: Reader, width: int) -> RenderableType:
    """Show a week: what each one has on each day, and below what overlaps.

    Where days have no room side by side, each one is drawn for itself.
    """
    days = days_to_show(monday, plan.everything(reader))
    column = (width - plan.names(width) - 2 - len(days)) // len(days)
    said = reader.said
    title = Text(f"{said.staff_plan}, {week_named(monday, said)} ({reader.zone})", "bold")
    if column >= NARROW:
        table = _side_by_side(days, plan, reader, column, plan.names(width))
        return Group(title, table, _conflicts(plan.rows, reader))
    charts = [Group(day_heading(day, reader), _chart(day, plan, reader, width)) for day in days]
    return Group(title, *charts, _conflicts(plan.rows, reader))


def _chart(day: date, plan: Plan, reader: Reader, width: int) -> RenderableType:
    """Draw a day over its hours, equipment beneath."""
    names = plan.names(width)
    hours = scale(day, plan.everything(reader).standings, width - names - 1)
    headings = Text(" " * (names + 1) + hours.headings(), "bold")
    staff = [line for row in plan.staff for line in _lines(row, hours, names, reader)]
    things = [line for row in plan.equipment for line in _lines(row, hours, names, reader)]
    beneath = [Text(reader.said.equipment, "bold"), *things] if things else []
    return Group(headings, *staff, *beneath)


def _side_by_side(
    days: Sequence[date], plan: Plan, reader: Reader, column: int, names: int
) -> RenderableType:
    laid_out = Table(padding=0, show_lines=True)
    laid_out.add_column(width=names, overflow="fold", style="bold")
    for day in days:
        laid_out.add_column(day_heading(day, reader), width=column, overflow="fold")
    for row in plan.rows:
        laid_out.add_row(*_cells(row, days, reader, column))
    return laid_out


def _lines(row: Row, hours: Scale, names: int, reader: Reader) -> list[Text]:
    """Draw what one has on a day, the name before the first line."""
    shown = page(row.entries, reader, in_conflict(row.entries))
    bars = drawn(shown, hours)
    heads = [visible(row.name), *("" for _ in bars[1:])]
    return [
        Text.assemble((f"{set_cell_size(head, names)} ", "bold"), bar)
        for head, bar in zip(heads, bars, strict=True)
    ]


def _cells(row: Row, days: Sequence[date], reader: Reader, column: int) -> list[RenderableType]:
    shown = page(row.entries, reader, in_conflict(row.entries))
    name = Text(visible(row.name))
    return [name, *(day_text(day, shown.on(day), shown, column) for day in days)]


def _conflicts(rows: Sequence[Row], reader: Reader) -> RenderableType:
    """Say in words who and what is needed twice, and when."""
    lines = [_conflict(row.name, each, reader) for row in rows for each in clashes(row.entries)]
    if not lines:
        return Text(reader.said.no_conflicts, "green")
    return Group(Text(reader.said.conflicts, "bold red"), *lines)


def _conflict(name: str, clash: Clash, reader: Reader) -> Text:
    both = f"{named(clash.one, reader.said)} / {named(clash.other, reader.said)}"
    return Text(f"{CONFLICT} {visible(name)}, {_when(clash, reader)}: {both}", "red")


def _when(clash: Clash, reader: Reader) -> str:
    begins, ends = wall(clash.begins_at, reader.zone), wall(clash.ends_at, reader.zone)
    day = "" if ends.date() == begins.date() else f"{day_named(ends.date(), reader.said)} "
    return f"{day_named(begins.date(), reader.said)} {begins:%H:%M}–{day}{ends:%H:%M}"
