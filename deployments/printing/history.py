"""Who changed what on a record, briefly, and the version that a change names as seen."""

from collections.abc import Sequence

from rich.text import Text

from deployments.printing.tables import visible
from domain.changes import Changed
from domain.changes_wording import NOBODY
from domain.zones import mark, wall

SHOWN = 20  # changes, at most: the last ones
LONGEST = 60  # characters of a value


def history_lines(
    changes: Sequence[Changed], version: int, zone: str, nobody: str = NOBODY
) -> list[Text]:
    """Give a line for each of the last changes, by the clocks of a zone; nobody: no employee."""
    hidden = len(changes) - SHOWN
    earlier = [f"{hidden} earlier changes"] if hidden > 0 else []
    told = [_told(each, zone, nobody) for each in changes[-SHOWN:]]
    lines = [*earlier, *told, f"version {version}"]
    return [Text(visible(line), style="dim") for line in lines]


def _told(each: Changed, zone: str, nobody: str) -> str:
    at = f"{wall(each.at, zone):%Y-%m-%d %H:%M}{mark(each.at, zone)}"
    values = f": {_brief(each.before)} → {_brief(each.after)}"
    change = "" if each.field == "created" else values
    return f"{at} {each.employee or nobody}, {each.field}{change}"


def _brief(value: str | None) -> str:
    """Show a value on one line; of a long one, its beginning."""
    line = " ".join((value or "–").split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
