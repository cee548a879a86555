"""Lists as XLSX workbooks (ECMA-376), written as they are read.

Every text is an inline string, which no spreadsheet takes for a formula or a link. XlsxWriter and
openpyxl take eight and fourteen times as long for the same cells: docs/lists.md has the figures.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from tasks.exporting.columns import Cell
from tasks.exporting.xlsx_parts import escaped, fixed_parts, head_of_sheet, letters, tail_of_sheet

MOST_ROWS = 1_048_575  # of a sheet, beside its header
LONGEST_TEXT = 32_767  # of a cell, in UTF-16 code units
AT_ONCE = 1_000
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - days are counted by the clocks on a wall
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets count differently
_DAY = timedelta(days=1)
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # would be read as a character's code
_HEADING, _TIME, _DATE = 1, 2, 3  # the cells' formats, by their places in styles.xml


@dataclass(frozen=True, slots=True)
class Layout:
    """What a workbook says of its columns, and by which name."""

    name: str
    header: Sequence[str]
    widths: Sequence[int]  # in letters


def write_xlsx(
    target: IO[bytes], layout: Layout, rows: Iterable[Sequence[Cell]], most: int = MOST_ROWS
) -> int:
    """Write rows as they come, on further sheets what is too much for one; gives their number."""
    left, sheets = iter(rows), 0
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=4) as book:
        first = next(left, None)
        while first is not None or not sheets:
            sheets += 1
            its = chain([first] if first is not None else [], islice(left, most - 1))
            _write_sheet(book, sheets, layout, its)
            first = next(left, None)
        for path, content in fixed_parts(layout.name, sheets):
            book.writestr(path, content)
    return sheets


def _write_sheet(
    book: ZipFile, number: int, layout: Layout, rows: Iterable[Sequence[Cell]]
) -> None:
    columns = [letters(place) for place in range(len(layout.header))]
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
        part.write(head_of_sheet(layout.widths, is_first=number == 1).encode())
        part.write(_heading(columns, layout.header).encode())
        last, numbered = 1, enumerate(rows, start=2)
        while some := list(islice(numbered, AT_ONCE)):
            part.write("".join(_row(columns, last, row) for last, row in some).encode())
            last = some[-1][0]
        part.write(tail_of_sheet(columns[-1], last).encode())


def _heading(columns: Sequence[str], header: Sequence[str]) -> str:
    cells = zip(columns, header, strict=True)
    return f'<row r="1">{"".join(_text(f"{c}1", name, _HEADING) for c, name in cells)}</row>'


def _row(columns: Sequence[str], number: int, row: Sequence[Cell]) -> str:
    cells = zip(columns, row, strict=True)
    return f'<row r="{number}">{"".join(_cells(cells, number))}</row>'


def _cells(cells: Iterable[tuple[str, Cell]], number: int) -> Iterator[str]:
    for column, cell in cells:
        place = f"{column}{number}"
        if isinstance(cell, str):
            if cell:
                yield _text(place, cell)
        elif isinstance(cell, bool):
            yield f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        elif isinstance(cell, int):
            yield f'<c r="{place}"><v>{cell}</v></c>'
        elif cell is not None:
            yield _time(place, cell)


def _text(place: str, text: str, style: int = 0) -> str:
    if len(text) > LONGEST_TEXT // 2:
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    said = escaped(_ESCAPED.sub("_x005F_", text))
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    )


def _time(place: str, at: date | datetime) -> str:
    """Write a time or a day as spreadsheets count them; as a text what is too early for that."""
    day = at.date() if isinstance(at, datetime) else at
    if day < _FIRST_DAY:
        return _text(place, str(at))
    if isinstance(at, datetime):
        return f'<c r="{place}" s="{_TIME}"><v>{(at - _DAY_0) / _DAY:.9f}</v></c>'
    return f'<c r="{place}" s="{_DATE}"><v>{(at - _DAY_0.date()).days}</v></c>'
