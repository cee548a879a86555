"""Commands about todos: what is to be done, by whom, and how it goes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.common import (
    Acting,
    Number,
    Seen,
    Viewer,
    console,
    employee_id,
    opened_store,
    say,
)
from deployments.cli.exporting import ExportFormat, File, Separator, Target, export_list
from deployments.cli.filters import Term, filtered
from deployments.cli.json_output import Json, say_json
from deployments.cli.listing import How, show_count, show_list
from deployments.cli.todo_writing import divide_todo, edit_todo, new_todo
from domain.errors import KontaktwerkError
from domain.lists import Listed, Wish

if TYPE_CHECKING:
    from tasks.store.todo_overview import Section

MINE_DONE = Wish(only_done=True)
app = typer.Typer(help="Todos: what is to be done, and by whom.", no_args_is_help=True)
app.command("new")(new_todo)
app.command("edit")(edit_todo)
app.command("divide")(divide_todo)


@app.command("list")
@filtered(Listed.TODOS)
def list_todos(
    wish: Wish,
    how: How,
    viewer: Viewer = None,
    everyone: Annotated[bool, typer.Option("--all", help="Those of everybody.")] = False,
    done_too: Annotated[bool, typer.Option("--done-too", help="Also what is done.")] = False,
) -> None:
    """List what you have to do, as you would work; or, with filters, all that is open.

    Without a filter the todos are your own; of a team, a case or an address: everybody's.
    """
    if not everyone and wish in (Wish(), MINE_DONE):
        _show_mine(wish, viewer, how)
    elif wish.only_done or done_too:
        _show(wish, viewer, how)
    else:
        _show(replace(wish, only_open=True), viewer, how)


@app.command("search")
@filtered(Listed.TODOS, "search")
def search_todos(term: Term, wish: Wish, how: How, viewer: Viewer = None) -> None:
    """Search todos, also those that are done, by a part of the matchcode."""
    _show(replace(wish, search=term), viewer, how)


@app.command("export")
@filtered(Listed.TODOS)
def export_todos(
    target: Target,
    wish: Wish,
    viewer: Viewer = None,
    format_: ExportFormat = None,
    separator: Separator = None,
) -> None:
    """Export all todos, also those that are done, to a file, exactly as filtered."""
    export_list(Listed.TODOS, wish, viewer, File(target, format_, separator))


@app.command("show")
def show_todo(number: Number, viewer: Viewer = None, as_json: Json = False) -> None:
    """Show a todo: its text, its parts as a tree, its comments, and who changed what."""
    from deployments.printing.todos import todo_panel
    from tasks.store.todo_details import show_todo

    shown = show_todo(opened_store(), number, employee_id(viewer))
    if as_json:
        say_json({"todo": shown})
    else:
        console.print(todo_panel(shown, _zone(viewer)))


@app.command("done")
def do_todo(
    number: Number,
    employee: Acting,
    outcome: Annotated[
        str | None, typer.Option(help="With which outcome, where its workflow asks for one.")
    ] = None,
    seen: Seen = None,
) -> None:
    """Note that a todo is done."""
    _set_done(number, employee, True, seen, outcome)


@app.command("undone")
def undo_todo(number: Number, employee: Acting, seen: Seen = None) -> None:
    """Note that a todo is not done after all, nor what it is a part of."""
    _set_done(number, employee, False, seen)


@app.command("take")
def take_todo(number: Number, employee: Acting, seen: Seen = None) -> None:
    """Take a todo of a team of yours."""
    from tasks import todos

    opened_store()
    todos.take(number, employee, seen=seen)
    say(f"Todo {number} is yours.")


@app.command("give-back")
def give_back_todo(number: Number, employee: Acting, seen: Seen = None) -> None:
    """Give a todo back to its team."""
    from tasks import todos

    opened_store()
    todos.give_back(number, employee, seen=seen)
    say(f"Todo {number} is its team's again.")


@app.command("delegate")
def delegate_todo(
    number: Number,
    employee: Acting,
    to: Annotated[str | None, typer.Option(help="The new one's personnel number.")] = None,
    team: Annotated[str | None, typer.Option(help="Or a team.")] = None,
    seen: Seen = None,
) -> None:
    """Delegate a todo to somebody else, or to a team."""
    from tasks import todos

    opened_store()
    todos.delegate(number, employee, to, team, seen=seen)
    say(f"Todo {number} is delegated.")


@app.command("comment")
def comment_todo(number: Number, text: str, employee: Acting) -> None:
    """Comment on a todo."""
    from tasks import todos

    opened_store()
    todos.comment(number, employee, text)
    say(f"Todo {number} has your comment.")


def _set_done(
    number: int, employee: str, done: bool, seen: int | None, outcome: str | None = None
) -> None:
    from tasks import todos

    opened_store()
    changed = todos.set_done(number, employee, done, outcome, seen=seen)
    state = "done" if done else "open"
    for each in changed:
        say(f"Todo {each} is {state}.")
    if not changed:
        say(f"Todo {number} was {state} already.")


def _show(wish: Wish, viewer: str | None, how: How) -> None:
    from deployments.printing.todos import todos_table
    from tasks.store.lists.reading import TODOS

    who, zone = employee_id(viewer), _zone(viewer)
    show_list(TODOS, wish, who, how, lambda each: todos_table(each, zone))


def _show_mine(wish: Wish, viewer: str | None, how: How) -> None:
    """Show what somebody has to do (T4), or what is theirs and done."""
    from deployments.printing.todos import todos_table
    from tasks.store.todo_overview import Wanted, list_todos, overview

    store, who = opened_store(), employee_id(viewer)
    if who is None:
        raise KontaktwerkError("say who you are with --as, or name --team, --case or --all")
    if wish.only_done and not how.is_usual:
        _show(replace(wish, own=True), viewer, how)
    elif wish.only_done:
        finished = list_todos(store, Wanted(who, done=True), who, how.limit)
        console.print(todos_table(finished, _zone(viewer)))
    else:
        _show_overview(overview(store, who, store.now(), how.limit), _zone(viewer), how)


def _show_overview(sections: "Sequence[Section]", zone: str, how: How) -> None:
    from deployments.printing.todos import overview_table

    if how.count:
        show_count(sum(each.count for each in sections), how)
    elif how.json:
        say_json({"groups": sections})
    else:
        console.print(overview_table(sections, zone))


def _zone(viewer: str | None) -> str:
    from tasks.settings import settings
    from tasks.store.staff import colleague

    return colleague(opened_store(), viewer).zone if viewer else settings().zone
