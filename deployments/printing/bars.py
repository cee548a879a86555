"""A day's appointments drawn as bars over its hours, the label in the bar or right beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from deployments.printing.calendars import CONFLICT, DONE, Page, named
from domain.overlaps import lanes
from tasks.calendar_days import DAY, Standing

OFFICE_HOURS = (7, 18)  # are always shown; more where there is something to see
SHORTEST = 3  # columns of a bar
BESIDE = 28  # columns of a label beside its bar, at most
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How the hours of a day lie on the columns of a terminal."""

    day: date
    first: int
    last: int  # hours of the day
    wide: int  # columns of an hour

    @property
    def grid(self) -> str:
        """An empty line, with a dot at each full hour."""
        return ("·" + " " * (self.wide - 1)) * (self.last - self.first)

    def column(self, at: datetime) -> int:
        """Give the column of a time; what lies outside is at the edge."""
        since = at - datetime.combine(self.day, time()) - self.first * HOUR
        return min(max(round(since / HOUR * self.wide), 0), len(self.grid))

    def headings(self) -> str:
        """Name the hours."""
        step = 1 if self.wide > 2 else 2
        named_hours = range(self.first, self.last, step)
        return "".join(f"{hour:02}".ljust(self.wide * step) for hour in named_hours)


@dataclass(frozen=True, slots=True)
class Bar:
    """What is drawn from one column to another: the bar, and its label where that is beside it."""

    begin: int
    end: int
    text: Text


def scale(day: date, standings: Iterable[Standing], width: int) -> Scale:
    """Fit the hours of a day, as many as there is something to see in, into a width."""
    midnight, (first, last) = datetime.combine(day, time()), OFFICE_HOURS
    for each in standings:
        if each.is_on(day) and not each.fills(day):
            first = min(first, max(each.begins, midnight).hour)
            last = max(last, -((midnight - min(each.ends, midnight + DAY)) // HOUR))
    return Scale(day, first, last, max(2, width // (last - first)))


def drawn(shown: Page, hours: Scale) -> list[Text]:
    """Draw what stands on the day; what does not fit behind another one is drawn below it."""
    bars = [_bar(each, hours, shown) for each in shown.on(hours.day)]
    in_lanes = lanes([(bar.begin, bar.end) for bar in bars])
    count = max(in_lanes, default=0) + 1
    return [
        _line([bar for bar, own in zip(bars, in_lanes, strict=True) if own == lane], hours.grid)
        for lane in range(count)
    ]


def _line(bars: Sequence[Bar], grid: str) -> Text:
    line, at = Text(), 0
    for bar in sorted(bars, key=lambda bar: bar.begin):
        line.append(grid[at : bar.begin], "dim").append_text(bar.text)
        at = bar.end
    return line.append(grid[at:], "dim")


def _bar(each: Standing, hours: Scale, shown: Page) -> Bar:
    """Draw one: with its label in it, beside it where there is more room, or as far as it goes."""
    begin = min(hours.column(each.begins), len(hours.grid) - SHORTEST)
    end = max(hours.column(each.ends), begin + SHORTEST)
    mark, style = _look(each, shown)
    label, inside = named(each.entry, shown.reader.said), end - begin - 2
    beside = _cut(label, min(BESIDE, len(hours.grid) - end - 2))
    if cell_len(mark + label) > inside and cell_len(beside) > inside:
        text = Text(_framed(mark.strip().ljust(inside, "="), each, hours.day), style)
        text.append(f" {beside} ")
        return Bar(begin, end + cell_len(beside) + 2, text)
    inner = set_cell_size(_cut(mark + label, inside), inside)
    return Bar(begin, end, Text(_framed(inner, each, hours.day), style))


def _look(each: Standing, shown: Page) -> tuple[str, str]:
    """Give the mark and the style of an appointment."""
    if each.entry.occurrence_id in shown.conflicts:
        return f"{CONFLICT} ", "bold red"
    if each.entry.done:
        return f"{DONE} ", "dim"
    return "", "dim" if each.entry.busy else "cyan"


def _framed(inner: str, each: Standing, day: date) -> str:
    """Frame a bar; an angle where it goes on beyond the day."""
    left = "[" if each.begins.date() == day else "‹"
    right = "]" if each.last_day == day else "›"
    return f"{left}{inner}{right}"


def _cut(label: str, columns: int) -> str:
    if cell_len(label) <= columns:
        return label
    return "" if columns < 2 else set_cell_size(label, columns - 1).rstrip() + "…"
