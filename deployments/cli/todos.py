"""Commands about todos: what is to be done, by whom, and how it goes."""

from typing import Annotated

import typer

from deployments.cli.common import (
    Acting,
    Limit,
    Number,
    Viewer,
    console,
    employee_id,
    opened_store,
    say,
)
from deployments.cli.todo_writing import divide_todo, edit_todo, new_todo
from domain.errors import KontaktwerkError

app = typer.Typer(help="Todos: what is to be done, and by whom.", no_args_is_help=True)
app.command("new")(new_todo)
app.command("edit")(edit_todo)
app.command("divide")(divide_todo)


@app.command("list")
def list_todos(
    viewer: Viewer = None,
    team: Annotated[str | None, typer.Option(help="Those of a team.")] = None,
    case: Annotated[str | None, typer.Option(help="Those of a case.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Those of everybody.")] = False,
    done: Annotated[bool, typer.Option("--done", help="Those that are done.")] = False,
    limit: Limit = 50,
) -> None:
    """List what you have to do, as you would work; or the todos of a team, a case, or all."""
    from deployments.printing.todos import overview_table, todos_table
    from tasks.store.todo_overview import Wanted, list_todos, overview

    store, who, zone = opened_store(), employee_id(viewer), _zone(viewer)
    mine = not (team or case or everyone)
    if mine and who is None:
        raise KontaktwerkError("say who you are with --as, or name --team, --case or --all")
    if who is not None and mine and not done:
        console.print(overview_table(overview(store, who, store.now(), limit), zone))
        return
    wanted = Wanted(who if mine else None, team, case, done)
    console.print(todos_table(list_todos(store, wanted, who, limit), zone))


@app.command("show")
def show_todo(number: Number, viewer: Viewer = None) -> None:
    """Show a todo: its text, its parts as a tree, its comments, and who changed what."""
    from deployments.printing.todos import todo_panel
    from tasks.store.todo_details import show_todo

    shown = show_todo(opened_store(), number, employee_id(viewer))
    console.print(todo_panel(shown, _zone(viewer)))


@app.command("done")
def do_todo(
    number: Number,
    employee: Acting,
    outcome: Annotated[
        str | None, typer.Option(help="With which outcome, where its workflow asks for one.")
    ] = None,
) -> None:
    """Note that a todo is done."""
    _set_done(number, employee, True, outcome)


@app.command("undone")
def undo_todo(number: Number, employee: Acting) -> None:
    """Note that a todo is not done after all, nor what it is a part of."""
    _set_done(number, employee, False)


@app.command("take")
def take_todo(number: Number, employee: Acting) -> None:
    """Take a todo of a team of yours."""
    from tasks import todos

    opened_store()
    todos.take(number, employee)
    say(f"Todo {number} is yours.")


@app.command("give-back")
def give_back_todo(number: Number, employee: Acting) -> None:
    """Give a todo back to its team."""
    from tasks import todos

    opened_store()
    todos.give_back(number, employee)
    say(f"Todo {number} is its team's again.")


@app.command("delegate")
def delegate_todo(
    number: Number,
    employee: Acting,
    to: Annotated[str | None, typer.Option(help="The new one's personnel number.")] = None,
    team: Annotated[str | None, typer.Option(help="Or a team.")] = None,
) -> None:
    """Delegate a todo to somebody else, or to a team."""
    from tasks import todos

    opened_store()
    todos.delegate(number, employee, to, team)
    say(f"Todo {number} is delegated.")


@app.command("comment")
def comment_todo(number: Number, text: str, employee: Acting) -> None:
    """Comment on a todo."""
    from tasks import todos

    opened_store()
    todos.comment(number, employee, text)
    say(f"Todo {number} has your comment.")


def _set_done(number: int, employee: str, done: bool, outcome: str | None = None) -> None:
    from tasks import todos

    opened_store()
    changed = todos.set_done(number, employee, done, outcome)
    state = "done" if done else "open"
    for each in changed:
        say(f"Todo {each} is {state}.")
    if not changed:
        say(f"Todo {number} was {state} already.")


def _zone(viewer: str | None) -> str:
    from tasks.settings import settings
    from tasks.store.staff import colleague

    return colleague(opened_store(), viewer).zone if viewer else settings().zone
