"""Commands with which todos are written, changed and divided."""

import re
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated

import typer

from deployments.cli.common import Acting, Number, Seen, numbered, opened_store, say
from domain.errors import KontaktwerkError
from domain.todos import UNCHANGED, NewTodo, TodoChange, TodoPriority, Unchanged
from domain.written_times import TIMES, written_time
from domain.zones import instant, wall
from tasks.store.database import Store

PHONE_NOTE = "phone note"
NONE = ("none", "keine")
LAST_MINUTE = time(23, 59)
MIDNIGHT = re.compile(r"\b00?[:.]00")  # as it is written, if it is meant
Type = Annotated[str, typer.Option("--type", help="Its activity type.")]
Text = Annotated[str, typer.Option(help="What is to be done, in full.")]
Employee = Annotated[str | None, typer.Option(help="Whom it is for: a personnel number.")]
Team = Annotated[str | None, typer.Option(help="The team that it is for.")]
Begin = Annotated[str | None, typer.Option(help=f"When it begins: {TIMES}.", metavar="TIME")]
Due = Annotated[str | None, typer.Option(help="When it is due, as --begin.", metavar="TIME")]


def new_todo(
    matchcode: str,
    creator: Acting,
    text: Text = "",
    employee: Employee = None,
    team: Team = None,
    priority: TodoPriority = TodoPriority.NORMAL,
    begin: Begin = None,
    due: Due = None,
    case: Annotated[list[str] | None, typer.Option(help="The number of a case.")] = None,
    part_of: Annotated[int | None, numbered("The todo that it is a part of.")] = None,
    activity_type: Type = PHONE_NOTE,
) -> None:
    """Write a todo, and give its number; it is for yourself, where nobody is named."""
    from tasks import todos

    store = opened_store()
    new = NewTodo(
        activity_type,
        matchcode,
        text,
        priority,
        creator if employee is None and team is None else employee,
        team,
        _time(store, creator, begin),
        _due(store, creator, due),
        tuple(case or ()),
        part_of,
    )
    say(str(todos.write_todo(new, creator)))


def divide_todo(
    number: Number,
    parts: Annotated[list[str], typer.Argument(help="The matchcode of each part.")],
    divider: Acting,
    employee: Employee = None,
    team: Team = None,
    due: Due = None,
    activity_type: Type = PHONE_NOTE,
) -> None:
    """Divide a todo into parts, all at once; they are for yourself, where nobody is named."""
    from tasks import todos

    store = opened_store()
    whose = divider if employee is None and team is None else employee
    by = _due(store, divider, due)
    usual = NewTodo(activity_type, "", employee=whose, team=team, due=by)
    numbers = todos.divide(number, [replace(usual, matchcode=each) for each in parts], divider)
    say(" ".join(map(str, numbers)))


def edit_todo(
    number: Number,
    editor: Acting,
    matchcode: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    text: Annotated[str | None, typer.Option(help="What is to be done, in full.")] = None,
    priority: TodoPriority | None = None,
    begin: Begin = None,
    due: Due = None,
    activity_type: Annotated[str | None, typer.Option("--type", help="Its activity type.")] = None,
    seen: Seen = None,
) -> None:
    """Change what a todo says and when it is due; --begin and --due can be none."""
    from tasks import todos

    store = opened_store()
    change = TodoChange(
        UNCHANGED if activity_type is None else activity_type,
        UNCHANGED if matchcode is None else matchcode,
        UNCHANGED if text is None else text,
        priority or UNCHANGED,
        _changed(begin, _time(store, editor, begin)),
        _changed(due, _due(store, editor, due)),
    )
    todos.edit(number, editor, change, seen=seen)
    say(f"Todo {number} is changed.")


def _changed(written: str | None, read: datetime | None) -> datetime | Unchanged | None:
    return UNCHANGED if written is None else read


def _due(store: Store, employee: str, text: str | None) -> datetime | None:
    """Read when something is due; a day without a time is meant until its last minute."""
    return _time(store, employee, text, LAST_MINUTE)


def _time(
    store: Store, employee: str, text: str | None, of_a_day: time = time.min
) -> datetime | None:
    """Read a time by the clocks of an employee's zone."""
    from tasks.store.staff import colleague

    if text is None or text.lower() in NONE:
        return None
    zone = colleague(store, employee).zone
    try:
        read = written_time(text, wall(store.now(), zone))
    except (ValueError, OverflowError) as error:
        raise KontaktwerkError(str(error)) from error
    only_a_day = read.time() == time.min and not MIDNIGHT.search(text)
    return instant(datetime.combine(read, of_a_day) if only_a_day else read, zone)
