"""The filters of lists as flags, the same for every command that lists, searches or exports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from deployments.cli.common import instant, numbered
from deployments.cli.listing import SHOWING, How
from domain.lists import ORDERS, Listed, Order, Wish

Term = Annotated[str, typer.Argument(metavar="TERM", help="A part of it, in letters of any case.")]
Command = Callable[..., None]
ALL = frozenset(Listed)
DATED = ALL - {Listed.CASES}


def _text(flag: str, metavar: str, says: str) -> Any:
    return Annotated[str | None, typer.Option(flag, metavar=metavar, help=says)]


def _switch(flag: str, says: str) -> Any:
    return Annotated[bool, typer.Option(flag, help=says)]


def _time(flag: str, says: str) -> Any:
    option = typer.Option(flag, parser=instant, metavar="INSTANT", help=says)
    return Annotated[datetime | None, option]


@dataclass(frozen=True, slots=True)
class Flag:
    """One filter: the wish's field that it fills, how it is written, and which lists have it."""

    field: str
    annotation: Any
    lists: frozenset[Listed] = ALL


FLAGS = (
    Flag("search", _text("--search", "TERM", "A part of the matchcode, or of a case's title.")),
    Flag(
        "full_text",
        _text("--words", "WORDS", "Words that stand anywhere in a contact."),
        frozenset({Listed.CONTACTS}),
    ),
    Flag("address", _text("--address", "NUMBER", "Only those of an address, by its number.")),
    Flag("case", _text("--case", "NUMBER", "Only those of a case, by its number."), DATED),
    Flag(
        "contact",
        Annotated[int | None, numbered("Only a contact's follow-ups, or the answers to it.")],
        frozenset({Listed.CONTACTS, Listed.APPOINTMENTS}),
    ),
    Flag(
        "team",
        _text("--team", "NAME", "Only what is delegated to a team."),
        frozenset({Listed.TODOS}),
    ),
    Flag("own", _switch("--own", "Only those that you are responsible for or take part in.")),
    Flag("own_teams", _switch("--own-teams", "Only those of your teams, or their members.")),
    Flag("only_open", _switch("--open", "Only what is open.")),
    Flag("only_done", _switch("--done", "Only what is done.")),
    Flag(
        "only_published",
        _switch("--published", "Only what customers see."),
        frozenset({Listed.CONTACTS}),
    ),
    Flag("since", _time("--since", "Received, begun or due from this instant on."), DATED),
    Flag("until", _time("--until", "And before this one."), DATED),
)


def filtered(listed: Listed, *without: str) -> Callable[[Command], Command]:
    """Give a command the flags of a list but these, and what they say as its wish.

    A command that shows a list (it has a parameter how) also gets the flags of pages.
    """
    flags = [each for each in (*FLAGS, _sort(listed)) if _has(each, listed, without)]

    def decorated(command: Command) -> Command:
        @wraps(command)
        def run(**given: Any) -> None:
            said = {each.field: given.pop(each.field) for each in flags}
            if shows:
                given["how"] = How(**{each.name: given.pop(each.name) for each in SHOWING})
            command(wish=Wish(**{name: value for name, value in said.items() if value}), **given)

        own = signature(command).parameters
        shows = "how" in own
        kept = [each for name, each in own.items() if name not in ("wish", "how")]
        added = [*(_parameter(each) for each in flags), *(SHOWING if shows else ())]
        _declare(run, [*kept, *added])
        return run

    return decorated


def _has(flag: Flag, listed: Listed, without: tuple[str, ...]) -> bool:
    return listed in flag.lists and flag.field not in without


def _sort(listed: Listed) -> Flag:
    orders = ", ".join(ORDERS[listed])
    option = typer.Option("--sort", metavar="ORDER", help=f"By what: {orders}.")
    return Flag("order", Annotated[Order | None, option])


def _parameter(flag: Flag) -> Parameter:
    is_switch = flag.annotation.__origin__ is bool
    return Parameter(
        flag.field,
        Parameter.KEYWORD_ONLY,
        default=False if is_switch else None,
        annotation=flag.annotation,
    )


def _declare(command: Any, parameters: list[Parameter]) -> None:
    """Say which parameters a command has, as typer reads them."""
    named = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in parameters]
    command.__signature__ = signature(command).replace(parameters=named)
    command.__annotations__ = {each.name: each.annotation for each in named}
