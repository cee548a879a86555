"""Lists exported exactly as filtered: what a wish lists goes into a file, line by line (L7)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, TypeVar

from domain.errors import BadFilter
from domain.export_wording import list_name
from domain.lists import Listed, Wish
from tasks.exporting.calendar import ENTRIES, EVENTS, write_events, write_todos
from tasks.exporting.columns import COLUMNS, Reader, headers, rows
from tasks.exporting.csv import write_csv
from tasks.exporting.files import replacing
from tasks.exporting.xlsx import Layout, write_xlsx
from tasks.store.database import Store
from tasks.store.lists.reading import LISTS, ListOf

Line = TypeVar("Line")


class Format(StrEnum):
    """As what a list is written."""

    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported, for whom, and how."""

    listed: Listed
    wish: Wish
    viewer: int | None  # the employee who sees it
    format: Format
    reader: Reader
    separator: str | None = None  # of CSV; none: the language's usual one


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    lines: int
    sheets: int = 1


def require_format(listed: Listed, format_: Format) -> None:
    """Raise BadFilter where a list cannot be written so."""
    if format_ is Format.ICS and listed not in (Listed.APPOINTMENTS, Listed.TODOS):
        raise BadFilter(f"{listed} are no calendar: export them as csv or xlsx")


def export(
    store: Store, what: Export, target: Path, told: Callable[[int], None] = lambda _: None
) -> Written:
    """Write a list as it is now to a file, whole or not at all; tells each line's number.

    BadFilter where the wish makes no sense or the format does not fit; OSError where the file
    cannot be written.
    """
    require_format(what.listed, what.format)
    counted = 0

    def counting(lines: Iterable[Line]) -> Iterator[Line]:
        nonlocal counted
        for counted, line in enumerate(lines, start=1):
            yield line
            told(counted)

    with replacing(target) as file:
        sheets = _write(file, what, lambda of: counting(of.each(store, what.wish, what.viewer)))
    return Written(counted, sheets)


def _write(file: IO[bytes], what: Export, lines: Callable[[ListOf[Any]], Iterator[Any]]) -> int:
    """Write the lines of a list; gives the number of sheets."""
    name = list_name(what.listed, what.reader.language)
    if what.format is Format.ICS:
        if what.listed is Listed.TODOS:
            write_todos(file, name, lines(ENTRIES))
        else:
            write_events(file, name, lines(EVENTS))
        return 1
    columns = COLUMNS[what.listed]
    header = headers(columns, what.reader)
    cells = rows(columns, lines(LISTS[what.listed]), what.reader)
    if what.format is Format.XLSX:
        return write_xlsx(file, Layout(name, header, [each.width for each in columns]), cells)
    write_csv(file, header, cells, what.reader.language, what.separator)
    return 1
