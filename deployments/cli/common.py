"""What the commands have in common: options, the console, and the installation's store."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from domain.entered import MOST, in_range
from domain.errors import KontaktwerkError, StoreUnavailable
from tasks.settings import settings
from tasks.store.database import Store, store

console = Console()


def instant(text: str) -> datetime:
    """Read an instant such as 2026-11-24T09:00; without a zone it is meant locally."""
    try:
        return in_range(datetime.fromisoformat(text)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise KontaktwerkError(f"{text} is no instant such as 2026-11-24T09:00") from error


def record_number(text: str) -> int:
    """Read the number of a record, such as lists show it and databases can have it."""
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and int(text) <= MOST
    ):
        raise KontaktwerkError(f"{text} is no number such as 42")
    return int(text)


def numbered(what: str) -> Any:
    """Make an option that takes a record's number."""
    return typer.Option(parser=record_number, metavar="NUMBER", help=what)


def number_of(what: str | None = None) -> Any:
    """Make an argument that takes a record's number."""
    return typer.Argument(parser=record_number, help=what)


Number = Annotated[int, number_of()]
Viewer = Annotated[
    str | None,
    typer.Option("--as", help="Your personnel number; without it nothing private is shown."),
]
Acting = Annotated[str, typer.Option("--as", help="Your personnel number.")]
Seen = Annotated[
    int | None,
    typer.Option(
        parser=record_number,
        metavar="VERSION",
        help="The version that you saw: refused if others changed it since.",
    ),
]
Limit = Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)]
NotBefore = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="Not before, such as 2026-11-24T09:00."),
]


def opened_store() -> Store:
    """Give the installation's store, its structure up to date."""
    store().upgrade()
    return store()


def employee_id(number: str | None) -> int | None:
    """Find an employee by the personnel number; none where none is named."""
    from tasks.store.directory import employee_by_number

    return employee_by_number(opened_store(), number) if number else None


def require_home() -> None:
    """Make Prefect's folder before Prefect is imported: it warns where it cannot."""
    folder = settings().folder
    try:
        (folder / "prefect").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"{folder} cannot be written: {error.strerror}") from error


def say(text: str) -> None:
    """Print a line as it is."""
    console.print(text, markup=False, soft_wrap=True)
