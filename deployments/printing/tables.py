"""What every table of the command line has in common."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Lay out rows of plain texts."""
    laid_out = Table(title=title, title_justify="left")
    for column in columns:
        laid_out.add_column(column, overflow="fold")
    for row in rows:
        laid_out.add_row(*(Text(visible(cell)) for cell in row))
    return laid_out


def visible(text: str) -> str:
    """Replace what a terminal might obey: control characters, and what turns text around."""
    return _OBEYED.sub("�", text)


def local(instant: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Write an instant in this machine's time zone; "" for none."""
    return instant.astimezone().strftime(form) if instant else ""
