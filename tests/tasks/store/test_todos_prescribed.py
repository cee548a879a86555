"""Todos that workflows prescribe: entered many at once, each exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW, rows
from outgoing_contacts import MIA, ready
from sqlalchemy import select
from todos import entered_visit, history

from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.tables import cases as case_rows
from tasks.store.tables import outgoing_events, todo_cases, todo_changes
from tasks.store.tables import todos as todo_rows
from tasks.store.todo_details import show_todo
from tasks.store.todo_drafts import TodoDraft, enter_todos


def drafts(store: Store, *visits: int) -> list[TodoDraft]:
    """Give a todo and its part, and a part of that, for each visit; the deepest comes first."""
    with store.reading() as connection:
        case_id = connection.scalar(select(case_rows.c.id).where(case_rows.c.number == "SC-1042"))
    mia = employee_by_number(store, MIA)
    return [
        TodoDraft(visit, path, "phone note", path, employee_id=mia, case_ids=(case_id or 0,))
        for path in ("repair/order/pay", "repair/order", "repair")
        for visit in visits
    ]


def entered(store: Store, some: list[TodoDraft]) -> list[int]:
    return store.write(lambda connection: enter_todos(connection, some, NOW))


@pytest.mark.rule("W1", "T3")
def test_wholes_and_parts_of_many_visits_are_entered_at_once(store):
    ready(store)
    visits = [entered_visit(store, number=number) for number in (1, 2, 3)]

    ids = entered(store, drafts(store, *visits))

    wholes = [show_todo(store, each) for each in ids[:3]]
    assert len(ids) == rows(store, todo_rows) == rows(store, todo_cases) == 9
    for whole in wholes:
        [part] = whole.parts
        assert [each.todo.matchcode for each in part.parts] == ["repair/order/pay"]
        assert (whole.line.matchcode, whole.line.cases) == ("repair", ("SC-1042",))
        assert (whole.creator, history(whole)) == (None, [("created", None, None)])


@pytest.mark.rule("W1")
def test_what_was_prescribed_before_is_not_entered_again(store):
    ready(store)
    some = drafts(store, entered_visit(store))

    first, again = entered(store, some), entered(store, some)

    assert (len(first), again) == (3, [])
    assert rows(store, todo_rows) == rows(store, todo_changes) == rows(store, outgoing_events) == 3


@pytest.mark.rule("W1")
def test_a_part_that_was_missing_is_entered_below_the_whole_that_is_there(store):
    ready(store)
    [_, part, whole] = drafts(store, entered_visit(store))
    [whole_id] = entered(store, [whole])

    [part_id] = entered(store, [part, whole])

    assert show_todo(store, part_id).line.parent_id == whole_id


def test_nothing_is_entered_where_nothing_is_prescribed(store):
    assert entered(store, []) == []


@pytest.mark.rule("W1")
def test_by_several_planners_at_once_each_todo_is_entered_once(store):
    ready(store)
    some = drafts(store, *(entered_visit(store, number=number) for number in range(1, 6)))
    together = Barrier(4)

    def enter(_: int) -> list[int]:
        together.wait(60)
        return entered(store, some)

    with ThreadPoolExecutor(4) as planners:
        found = list(planners.map(enter, range(4)))

    assert sorted(map(len, found)) == [0, 0, 0, 15]
    assert rows(store, todo_rows) == rows(store, outgoing_events) == 15


def test_times_and_reminders_are_kept(store):
    ready(store)
    due = NOW + timedelta(days=1)
    draft = TodoDraft(
        entered_visit(store), "a", "phone note", "A", team_id=1, begin=NOW, due=due, remind_at=due
    )

    [todo_id] = entered(store, [draft])

    line = show_todo(store, todo_id).line
    with store.reading() as connection:
        remind_at = connection.scalar(select(todo_rows.c.remind_at))
    assert (line.begin, line.due, line.team, remind_at) == (NOW, due, "Helpdesk", due)
