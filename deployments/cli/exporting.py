"""Lists exported from the command line, with the progress on the terminal (L7)."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deployments.cli.common import employee_id, opened_store, say
from domain.errors import KontaktwerkError
from domain.lists import Listed, Wish
from tasks.settings import settings

if TYPE_CHECKING:
    from tasks.exporting.columns import Reader
    from tasks.exporting.exports import Format

EACH = 500  # lines, after which the bar moves
SEPARATORS = {"comma": ",", "semicolon": ";"}

Target = Annotated[
    Path, typer.Argument(metavar="FILE", help="Such as list.csv, list.xlsx or list.ics.")
]
ExportFormat = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="csv, xlsx or ics; else as FILE is called."),
]
Separator = Annotated[
    str | None,
    typer.Option(
        metavar="SIGN",
        help="Between the cells of CSV: comma or semicolon; else the language's usual one.",
    ),
]


@dataclass(frozen=True, slots=True)
class File:
    """Where to and as what a list is written."""

    target: Path
    format: str | None
    separator: str | None


def export_list(listed: Listed, wish: Wish, viewer: str | None, file: File) -> None:
    """Write a list to a file and say how much it was; until then the file is as it was."""
    from tasks.exporting.exports import Export, export, require_format
    from tasks.store.lists.reading import LISTS

    store, who, format_ = opened_store(), employee_id(viewer), _format(file)
    require_format(listed, format_)
    what = Export(listed, wish, who, format_, _reader(viewer), _separator(file))
    counting = _progress(lambda: LISTS[listed].count(store, wish, who))
    with ending_tidily(), counting as told:
        try:
            written = export(store, what, file.target, told)
        except OSError as error:
            reason = error.strerror or error
            raise KontaktwerkError(f"{file.target} cannot be written: {reason}") from error
    sheets = f", on {written.sheets} sheets" if written.sheets > 1 else ""
    say(f"{written.lines} {listed} written to {file.target}{sheets}")


@contextmanager
def ending_tidily() -> Iterator[None]:
    """Let whoever ends the program, or closes its terminal, end it as Ctrl-C does."""
    told = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(each, lambda number, _: sys.exit(128 + number)) for each in told]
    try:
        yield
    finally:
        for each, handler in zip(told, before, strict=True):
            signal.signal(each, handler)


@contextmanager
def _progress(count: Callable[[], int]) -> Iterator[Callable[[int], None]]:
    """Show a bar where somebody looks on; programs that read the output do not see it."""
    at_terminal = Console(stderr=True)
    if not at_terminal.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=at_terminal, transient=True) as bar:
        task = bar.add_task("", total=count())
        yield lambda line: None if line % EACH else bar.update(task, completed=line)


def _format(file: File) -> "Format":
    from tasks.exporting.exports import Format

    said = file.format or file.target.suffix.removeprefix(".")
    try:
        return Format(said.lower())
    except ValueError as error:
        known = ", ".join(Format)
        raise KontaktwerkError(
            f"say as what: --format is {known}, or FILE ends with one of them"
        ) from error


def _separator(file: File) -> str | None:
    if file.separator is None:
        return None
    if file.separator not in SEPARATORS:
        raise KontaktwerkError(f"--separator is {' or '.join(SEPARATORS)}")
    return SEPARATORS[file.separator]


def _reader(viewer: str | None) -> "Reader":
    from tasks.exporting.columns import Reader
    from tasks.store.staff import colleague

    zone = colleague(opened_store(), viewer).zone if viewer else settings().zone
    return Reader(settings().language, zone)
