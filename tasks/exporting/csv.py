"""Lists as CSV (RFC 4180): UTF-8 with a mark that Excel knows it by, and no formulas."""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import IO

from domain.export_wording import yes_or_no
from domain.wording import Language
from tasks.exporting.columns import Cell

SEPARATORS = {Language.ENGLISH: ",", Language.GERMAN: ";"}  # as spreadsheets there expect them
_BEGINS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def write_csv(
    target: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    language: Language,
    separator: str | None = None,
) -> None:
    """Write rows as they come; times as 2026-11-24 09:00:00, days as 2026-11-24."""
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=separator or SEPARATORS[language])  # ends lines by CR LF
    writer.writerow(header)
    writer.writerows([_written(cell, language) for cell in row] for row in rows)
    text.detach()


def _written(cell: Cell, language: Language) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, bool):
        return yes_or_no(cell, language)
    return cell if isinstance(cell, int) else str(cell)


def harmless(text: str) -> str:
    """Keep spreadsheets from taking a text for a formula, by an apostrophe before it.

    Some of them leave out blanks at its beginning before they look.
    """
    begin = text.lstrip(" \u00a0\ufeff")[:1]
    return f"'{text}" if begin in _BEGINS_A_FORMULA else text
