"""The buttons of a todo in the Prefect UI."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import NOW
from outgoing_contacts import GUEST, JONAS, ready
from prefect import Flow, flow
from pressed_buttons import refused, said
from todos import written

from domain.todos import TodoChange, TodoPriority
from flows.todo_actions import (
    comment_todo,
    delegate_todo,
    edit_todo,
    give_back_todo,
    mark_todo_done,
    take_todo,
    write_todo,
)
from tasks.store.database import Store
from tasks.store.todo_changes import edit
from tasks.store.todo_details import show_todo
from tasks.store.todo_overview import Wanted, list_todos

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def store(installed: Store) -> Store:
    """A store with everybody in it."""
    ready(installed)
    return installed


@pytest.mark.rule("T1", "T2", "T3")
def test_a_todo_is_written_edited_and_divided_by_forms(store):
    own = {"employee": JONAS, "matchcode": "Lager zählen"}
    whole = number(said(write_todo, **own, due=TEN, begin=TEN.replace(tzinfo=None), cases=["PR-7"]))
    part = number(said(write_todo, **own, team="Helpdesk", part_of=whole, priority="high"))

    told = said(edit_todo, todo=whole, employee=JONAS, text="alles", no_due=True, priority="low")

    line, shown = show_todo(store, whole).line, show_todo(store, part).line
    assert told == f"todo {whole} is changed"
    assert (line.employee, line.cases, line.priority) == ("Jonas Weber", ("PR-7",), "low")
    assert (line.begin, line.due) == (TEN.replace(hour=9), None)  # at ten in Berlin
    assert (shown.team, shown.parent_id, shown.priority) == ("Helpdesk", whole, TodoPriority.HIGH)
    assert shown.cases == ("PR-7",)


def test_a_run_that_is_run_again_writes_its_todo_once(store):
    @flow
    async def again() -> list[str | None]:
        runs = [await write_todo.fn(JONAS, "Lager zählen") for _ in range(2)]
        return [each.message for each in runs]

    first, second = asyncio.run(again())

    assert first == second
    assert len(list_todos(store, Wanted())) == 1


@pytest.mark.rule("T2", "T5")
def test_a_todo_changes_hands_and_is_done_and_not_done_by_forms(store):
    this: dict[str, Any] = {"todo": written(store), "employee": JONAS}
    it = this["todo"]

    told = [
        said(delegate_todo, **this, to_team="Helpdesk"),
        said(take_todo, **this),
        said(give_back_todo, **this),
        said(comment_todo, **this, text="Petra ist im Urlaub."),
        said(mark_todo_done, **this),
        said(mark_todo_done, **this),
        said(mark_todo_done, **this, done=False),
    ]

    shown = show_todo(store, it)
    assert told == [
        f"todo {it} is delegated",
        f"employee 1002 has taken todo {it}",
        f"todo {it} is its team's again",
        f"todo {it} has another comment",
        f"todo {it} is done",
        f"todo {it} was done already",
        f"todo {it} is open",
    ]
    assert (shown.line.team, shown.line.taken_by, shown.line.done) == ("Helpdesk", None, None)
    assert [each.text for each in shown.comments] == ["Petra ist im Urlaub."]


def test_what_stands_against_it_is_said_and_nothing_is_changed(store):
    it = written(store)
    edit(store, it, JONAS, TodoChange(text="alt"), NOW)
    this = {"todo": it, "employee": JONAS}
    new = {"employee": JONAS, "matchcode": "Lager"}
    forms: list[tuple[Flow[..., Any], dict[str, Any], str]] = [
        (write_todo, {**new, "employee": GUEST}, "crm.contacts"),
        (write_todo, {**new, "begin": TEN, "due": TEN.replace(hour=9)}, "before"),
        (write_todo, {**new, "matchcode": " "}, "matchcode: String should have at least 1"),
        (edit_todo, this, "say what is to change"),
        (edit_todo, {**this, "text": "neu", "seen": 0}, "look at it again"),
        (take_todo, this, "delegate it"),
        (mark_todo_done, {**this, "outcome": "repair"}, "repair"),
        (mark_todo_done, {**this, "todo": 4711}, "there is no todo 4711"),
        (comment_todo, {**this, "text": " "}, "comment"),
    ]
    before = show_todo(store, it)

    told = [refused(button, **form) for button, form, _ in forms]

    assert [each for each, (_, _, why) in zip(told, forms, strict=True) if why not in each] == []
    assert show_todo(store, it) == before


def number(told: str) -> int:
    return int(told.split()[1])
