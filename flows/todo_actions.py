"""The buttons of a todo: it is written and edited, changes hands, is commented on and done."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.entered import RecordNumber, Time, Version
from domain.forms import Lines, MaybeOneLine, OneLine
from domain.todos import UNCHANGED, NewTodo, TodoChange, TodoPriority
from flows.pressing import entered, meant, pressed, require_change, run_key, told
from tasks import todos
from tasks.store.database import store
from tasks.store.staff import colleague

PHONE_NOTE = "phone note"


@flow(name="write-todo", flow_run_name="write todo")
async def write_todo(
    employee: OneLine,
    matchcode: OneLine,
    text: Lines = "",
    assignee: MaybeOneLine = "",
    team: MaybeOneLine = "",
    priority: TodoPriority = TodoPriority.NORMAL,
    begin: Time | None = None,
    due: Time | None = None,
    cases: list[OneLine] | None = None,
    part_of: RecordNumber | None = None,
    activity_type: OneLine = PHONE_NOTE,
) -> State[Any]:
    """Write a todo for an employee or a team, or a part of another todo.

    Args:
        employee: The personnel number of who writes it; what they may do is checked.
        matchcode: What is to be done, in a few words.
        text: What is to be done, in full.
        assignee: The personnel number of whom it is for. With no team either: who writes it.
        team: The name of the team that it is for, instead.
        priority: How important it is.
        begin: When it begins, if it does so at a certain time.
        due: When it is due, if it is.
        cases: The numbers of the cases that it belongs to.
        part_of: The number of the todo that it is a part of.
        activity_type: What kind of work it is.
    """
    key = run_key()

    def writing() -> list[str]:
        zone = colleague(store(), employee).zone
        new = NewTodo(
            activity_type,
            matchcode,
            text,
            priority,
            assignee or (None if team else employee),
            team or None,
            meant(begin, zone),
            meant(due, zone),
            tuple(cases or ()),
            part_of,
            key,
        )
        return [f"todo {todos.write_todo(new, employee)} is written"]

    return await told(writing)


@flow(name="edit-todo", flow_run_name="edit todo {todo}")
async def edit_todo(
    todo: RecordNumber,
    employee: OneLine,
    matchcode: MaybeOneLine = "",
    text: Lines = "",
    priority: TodoPriority | None = None,
    begin: Time | None = None,
    no_begin: bool = False,
    due: Time | None = None,
    no_due: bool = False,
    activity_type: MaybeOneLine = "",
    seen: Version | None = None,
) -> State[Any]:
    """Change what a todo says, how important it is, and when it begins and is due.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who changes it; what they may do is checked.
        matchcode: What is to be done, in a few words. Left empty: as it is.
        text: What is to be done, in full. Left empty: as it is.
        priority: How important it is. Left empty: as it is.
        begin: When it begins. Left empty: as it is.
        no_begin: Whether it has no begin any more.
        due: When it is due. Left empty: as it is.
        no_due: Whether it is not due any more.
        activity_type: What kind of work it is. Left empty: as it is.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def editing() -> None:
        zone = colleague(store(), employee).zone
        change = TodoChange(
            activity_type or UNCHANGED,
            matchcode or UNCHANGED,
            entered(text) or UNCHANGED,
            priority or UNCHANGED,
            None if no_begin else meant(begin, zone) or UNCHANGED,
            None if no_due else meant(due, zone) or UNCHANGED,
        )
        require_change(change != TodoChange())
        todos.edit(todo, employee, change, seen=seen)

    return await pressed(editing, f"todo {todo} is changed")


@flow(name="delegate-todo", flow_run_name="delegate todo {todo}")
async def delegate_todo(
    todo: RecordNumber,
    employee: OneLine,
    to_employee: MaybeOneLine = "",
    to_team: MaybeOneLine = "",
    seen: Version | None = None,
) -> State[Any]:
    """Delegate a todo to another employee, or to a team.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who delegates it; what they may do is checked.
        to_employee: The personnel number of whom it is for from now on.
        to_team: The name of the team that it is for, instead.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    to = (to_employee or None, to_team or None)
    return await pressed(
        lambda: todos.delegate(todo, employee, *to, seen=seen), f"todo {todo} is delegated"
    )


@flow(name="take-todo", flow_run_name="take todo {todo}")
async def take_todo(
    todo: RecordNumber, employee: OneLine, seen: Version | None = None
) -> State[Any]:
    """Take a todo of a team, so that nobody else of it does the same work.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who takes it, who belongs to its team.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    return await pressed(
        lambda: todos.take(todo, employee, seen=seen), f"employee {employee} has taken todo {todo}"
    )


@flow(name="give-back-todo", flow_run_name="give back todo {todo}")
async def give_back_todo(
    todo: RecordNumber, employee: OneLine, seen: Version | None = None
) -> State[Any]:
    """Give a todo that somebody has taken back to its team.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who gives it back; what they may do is checked.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    return await pressed(
        lambda: todos.give_back(todo, employee, seen=seen), f"todo {todo} is its team's again"
    )


@flow(name="comment-todo", flow_run_name="comment on todo {todo}")
async def comment_todo(todo: RecordNumber, employee: OneLine, text: Lines) -> State[Any]:
    """Comment on a todo.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who says it.
        text: What is said.
    """
    return await pressed(
        lambda: todos.comment(todo, employee, text), f"todo {todo} has another comment"
    )


@flow(name="mark-todo-done", flow_run_name="mark todo {todo} done: {done}")
async def mark_todo_done(
    todo: RecordNumber,
    employee: OneLine,
    done: bool = True,
    outcome: MaybeOneLine = "",
    seen: Version | None = None,
) -> State[Any]:
    """Mark a todo as done, or as not done, as is then what it is a part of.

    Args:
        todo: The todo's number, as lists show it.
        employee: The personnel number of who marks it; what they may do is checked.
        done: Whether it is done.
        outcome: With which outcome it is done, where its workflow asks for one.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    state = "done" if done else "open"

    def marking() -> list[str]:
        changed = todos.set_done(todo, employee, done, outcome or None, seen=seen)
        return [f"todo {each} is {state}" for each in changed] or [
            f"todo {todo} was {state} already"
        ]

    return await told(marking)
