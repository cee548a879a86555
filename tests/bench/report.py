"""What a benchmark found, as a table: the figure, what it is measured by, and the target."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

console = Console(width=110)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    what: str
    measured: str
    ratio: str = ""
    target: str = ""
    reached: bool | None = None  # None where there is no target

    @property
    def verdict(self) -> str:
        """Whether the target is reached, in a word."""
        return "" if self.reached is None else "yes" if self.reached else "NO"


def show(title: str, findings: Sequence[Finding], ratio_to: str = "ratio") -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left", expand=True)
    for name in ("", "measured", ratio_to, "target", "reached"):
        table.add_column(name, justify="left" if name == "" else "right")
    for each in findings:
        table.add_row(each.what, each.measured, each.ratio, each.target, each.verdict)
    console.print(table)


def say(text: str) -> None:
    """Say something beside the tables."""
    console.print(text, style="dim")
