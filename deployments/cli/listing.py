"""Lists on the terminal: a page as a table or as JSON, the key of the next one, or only a count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import RenderableType

from deployments.cli.common import Limit, console, opened_store, say
from deployments.cli.json_output import Json, say_json
from domain.lists import Wish

if TYPE_CHECKING:
    from tasks.store.lists.reading import ListOf

Line = TypeVar("Line")
_PageKey = Annotated[
    str | None,
    typer.Option("--page", metavar="KEY", help="Go on there; each page ends with the next key."),
]
_Count = Annotated[bool, typer.Option("--count", help="Only say how many there are.")]
SHOWING = tuple(  # the parameters that say How, as commands have them
    Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
    for name, default, annotation in (
        ("limit", 50, Limit),
        ("page", None, _PageKey),
        ("count", False, _Count),
        ("json", False, Json),
    )
)


@dataclass(frozen=True, slots=True)
class How:
    """How much of a list is shown, from where on, and to whom: a person or a program."""

    limit: int
    page: str | None
    count: bool
    json: bool

    @property
    def is_usual(self) -> bool:
        """Whether a person sees the beginning."""
        return not (self.page or self.count or self.json)


def show_list(
    of: "ListOf[Line]",
    wish: Wish,
    viewer: int | None,
    how: How,
    table: Callable[[Sequence[Line]], RenderableType],
) -> None:
    """Show a page of a list as somebody may see it."""
    store = opened_store()
    if how.count:
        show_count(of.count(store, wish, viewer), how)
        return
    page = of.page(store, wish, viewer, how.limit, how.page)
    show_page(page.lines, page.next, how, table)


def show_count(count: int, how: How) -> None:
    """Say how many there are."""
    if how.json:
        say_json({"count": count})
    else:
        say(str(count))


def show_page(
    lines: Sequence[Line],
    next_key: str | None,
    how: How,
    table: Callable[[Sequence[Line]], RenderableType],
) -> None:
    """Show lines as a table, or all that is known of them as JSON, and where the list goes on."""
    if how.json:
        say_json({"rows": lines, "next": next_key})
        return
    console.print(table(lines))
    if next_key:
        say(f"next page: --page {next_key}")
