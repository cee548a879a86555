"""Todos that employees write, divide, do and undo."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW, rows
from outgoing_contacts import ANNA, GUEST, JONAS, MIA, ready
from sqlalchemy import select
from todos import entered_visit, history, is_done, look_at, reasons, todo, written

from domain.errors import Refused, UnknownRecord
from domain.events import EventName
from domain.refusals import Refusal
from domain.todos import TodoPriority, TodoReason
from tasks.store.database import Store
from tasks.store.tables import outgoing_events, todo_changes
from tasks.store.tables import todos as todo_rows
from tasks.store.todo_details import show_todo
from tasks.store.todo_doing import set_done
from tasks.store.todo_drafts import TodoDraft, enter_todos
from tasks.store.todos import divide

LATER = NOW + timedelta(hours=1)


def told(store: Store) -> list[tuple[str, str]]:
    """Give the events that are to be told, and what they are about."""
    query = select(outgoing_events).order_by(outgoing_events.c.id)
    with store.reading() as connection:
        return [(row.name, row.resource) for row in connection.execute(query)]


def prescribed(store: Store, visit_id: int, template: str = "ring") -> int:
    """Enter a todo that a visit prescribes for the Helpdesk; gives its id."""
    draft = TodoDraft(visit_id, template, "phone note", "Ring", team_id=1)
    with store.writing() as connection:
        [todo_id] = enter_todos(connection, [draft], NOW)
    return todo_id


@pytest.mark.rule("T1", "T2")
def test_a_todo_is_kept_as_it_was_written(store):
    ready(store)

    todo_id = written(
        store,
        team="Helpdesk",
        text="Wegen E17",
        priority=TodoPriority.HIGH,
        begin=NOW,
        due=LATER,
        cases=("sc-1042", "PR-7"),
    )

    shown = show_todo(store, todo_id)
    line = shown.line
    assert (line.matchcode, shown.text, line.priority) == ("Petra anrufen", "Wegen E17", "high")
    assert (line.team, line.employee, shown.creator) == ("Helpdesk", None, "Jonas Weber")
    assert (line.begin, line.due, line.cases) == (NOW, LATER, ("PR-7", "SC-1042"))
    assert history(shown) == [("created", None, None)]
    assert told(store) == [(EventName.TODO_CREATED, f"kontakt.todo.{todo_id}")]


@pytest.mark.rule("T1", "T2")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"employee": None}, TodoReason.NO_ASSIGNEE),
        ({"employee": JONAS, "team": "Helpdesk"}, TodoReason.TWO_ASSIGNEES),
        ({"employee": "4711"}, TodoReason.EMPLOYEE_UNKNOWN),
        ({"employee": "\x00"}, TodoReason.EMPLOYEE_UNKNOWN),
        ({"team": "Nobody"}, TodoReason.TEAM_UNKNOWN),
        ({"activity_type": "dance"}, TodoReason.ACTIVITY_TYPE_UNKNOWN),
        ({"cases": ("SC-0",)}, TodoReason.CASE_UNKNOWN),
        ({"parent_id": 4711}, TodoReason.PARENT_UNKNOWN),
        ({"begin": LATER, "due": NOW}, TodoReason.DUE_BEFORE_BEGIN),
        ({"matchcode": " "}, TodoReason.NO_MATCHCODE),
        ({"text": "a\x00b"}, TodoReason.CONTROL_CHARACTERS),
    ],
)
def test_a_todo_that_cannot_be_is_refused_and_nothing_is_kept(store, changes, reason):
    ready(store)

    with pytest.raises(Refused) as refused:
        written(store, **changes)

    assert reasons(refused.value) == [reason]
    assert rows(store, todo_rows, todo_changes, outgoing_events) == 0


def test_all_that_stands_against_a_todo_is_said_at_once(store):
    ready(store)

    with pytest.raises(Refused) as refused:
        written(store, by=GUEST, matchcode="", team="Nobody", cases=("SC-0",))

    assert reasons(refused.value) == [
        TodoReason.NO_PERMISSION,
        TodoReason.NO_MATCHCODE,
        TodoReason.TEAM_UNKNOWN,
        TodoReason.CASE_UNKNOWN,
    ]


def test_written_again_with_the_same_key_it_is_the_same_one(store):
    ready(store)

    first, again = written(store, key="k"), written(store, key="k", matchcode="Anders")

    assert first == again
    assert rows(store, todo_rows) == 1


@pytest.mark.rule("T3")
def test_a_todo_is_divided_into_parts_that_belong_to_its_cases(store):
    ready(store)
    whole = written(store, cases=("SC-1042",))

    one, other = divide(store, whole, [todo(matchcode="eins"), todo(matchcode="zwei")], JONAS, NOW)

    shown = show_todo(store, whole)
    assert [(each.todo.id, each.todo.cases) for each in shown.parts] == [
        (one, ("SC-1042",)),
        (other, ("SC-1042",)),
    ]
    assert shown.line.open_parts == 2


@pytest.mark.rule("T3")
def test_of_parts_of_which_one_is_refused_none_is_kept(store):
    ready(store)
    whole = written(store)

    with pytest.raises(Refused):
        divide(store, whole, [todo(), todo(matchcode="")], JONAS, NOW)

    assert rows(store, todo_rows) == 1


@pytest.mark.rule("T3")
def test_todos_are_divided_five_deep_and_no_deeper(store):
    ready(store)
    deepest = written(store)
    for _ in range(4):
        deepest = written(store, parent_id=deepest)

    with pytest.raises(Refused) as refused:
        written(store, parent_id=deepest)

    assert refused.value.refusals == (Refusal(TodoReason.TOO_DEEP, "5"),)


@pytest.mark.rule("T3")
def test_a_todo_is_done_once_its_parts_are(store):
    ready(store)
    whole = written(store)
    parts = divide(store, whole, [todo(), todo()], JONAS, NOW)
    set_done(store, parts[0], JONAS, True, NOW)

    with pytest.raises(Refused) as refused:
        set_done(store, whole, JONAS, True, NOW)
    set_done(store, parts[1], JONAS, True, NOW)

    assert refused.value.refusals == (Refusal(TodoReason.PARTS_ARE_OPEN, "1"),)
    assert not is_done(store, whole)
    assert set_done(store, whole, JONAS, True, LATER) == [whole]
    assert show_todo(store, whole).line.done == LATER


@pytest.mark.rule("T3")
def test_a_todo_that_is_done_gets_no_more_parts(store):
    ready(store)
    whole = written(store)
    set_done(store, whole, JONAS, True, NOW)

    with pytest.raises(Refused) as refused:
        divide(store, whole, [todo()], JONAS, NOW)

    assert reasons(refused.value) == [TodoReason.PARENT_IS_DONE]


@pytest.mark.rule("T3", "T5")
def test_undoing_a_part_undoes_all_that_it_is_a_part_of(store):
    ready(store)
    whole = written(store)
    part = written(store, parent_id=whole)
    other, least = written(store, parent_id=whole), written(store, parent_id=part)
    for each in (least, part, other, whole):
        set_done(store, each, JONAS, True, NOW)

    undone = set_done(store, least, JONAS, False, LATER)

    assert undone == [least, part, whole]
    assert [is_done(store, each) for each in (whole, part, other, least)] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.rule("T5")
def test_done_is_a_toggle_and_every_change_of_it_is_kept(store):
    ready(store)
    todo_id = written(store)

    answers = [set_done(store, todo_id, JONAS, done, NOW) for done in (True, True, False, False)]

    at = NOW.isoformat()
    assert answers == [[todo_id], [], [todo_id], []]
    assert history(show_todo(store, todo_id))[1:] == [("done", None, at), ("done", at, None)]
    assert [name for name, _ in told(store)][1:] == [EventName.TODO_DONE, EventName.TODO_DONE]


@pytest.mark.parametrize(
    ("who", "changes", "refusals"),
    [
        (JONAS, {"employee": MIA}, []),
        (MIA, {"employee": MIA}, []),
        (MIA, {"team": "Sales"}, []),
        (ANNA, {"employee": JONAS}, []),
        (MIA, {"employee": JONAS}, [TodoReason.NOT_YOURS]),
        (MIA, {"team": "Helpdesk"}, [TodoReason.NOT_YOURS]),
        (GUEST, {"employee": GUEST}, [TodoReason.NO_PERMISSION]),
    ],
)
def test_a_todo_is_done_by_those_who_have_to_do_with_it(store, who, changes, refusals):
    ready(store)
    todo_id = written(store, by=JONAS, **changes)

    said = []
    try:
        set_done(store, todo_id, who, True, NOW)
    except Refused as refused:
        said = reasons(refused)

    assert said == refusals
    assert is_done(store, todo_id) is not bool(refusals)


def test_what_is_not_there_cannot_be_done(store):
    ready(store)

    with pytest.raises(UnknownRecord, match="there is no todo 4711"):
        set_done(store, 4711, JONAS, True, NOW)


@pytest.mark.rule("W3")
def test_the_visit_that_prescribed_a_todo_is_looked_at_when_it_is_done_and_undone(store):
    ready(store)
    visit = entered_visit(store)
    todo_id = prescribed(store, visit)

    before = look_at(store, visit)
    set_done(store, todo_id, JONAS, True, NOW)
    done = look_at(store, visit)
    set_done(store, todo_id, JONAS, False, LATER)

    assert (before, done, look_at(store, visit)) == (None, NOW, LATER)


@pytest.mark.rule("W3")
@pytest.mark.parametrize(
    ("template", "outcome", "refusal"),
    [
        ("decide", "repair", None),
        ("decide", None, Refusal(TodoReason.OUTCOME_MISSING, "repair, replace")),
        ("decide", "explode", Refusal(TodoReason.OUTCOME_UNKNOWN, "explode")),
        ("ring", None, None),
        ("ring", "repair", Refusal(TodoReason.OUTCOME_UNKNOWN, "repair")),
    ],
)
def test_a_workflows_todo_is_done_with_an_outcome_that_it_knows(store, template, outcome, refusal):
    ready(store)
    todo_id = prescribed(store, entered_visit(store), template)

    said = None
    try:
        set_done(store, todo_id, JONAS, True, NOW, outcome)
    except Refused as refused:
        [said] = refused.refusals

    assert said == refusal
    assert show_todo(store, todo_id).outcome == (None if refusal else outcome)


@pytest.mark.rule("T3")
def test_a_whole_is_not_done_while_a_part_is_added_at_the_same_time(store):
    ready(store)
    for _ in range(5):
        whole, together = written(store), Barrier(2)

        def do(whole=whole, together=together) -> bool:
            together.wait(60)
            return _is_granted(lambda: set_done(store, whole, JONAS, True, NOW))

        def add(whole=whole, together=together) -> bool:
            together.wait(60)
            return _is_granted(lambda: divide(store, whole, [todo()], JONAS, NOW))

        with ThreadPoolExecutor(2) as people:
            granted = [person.result() for person in (people.submit(do), people.submit(add))]

        assert sorted(granted) == [False, True]


@pytest.mark.rule("T3")
def test_a_whole_is_not_done_over_a_part_that_is_undone_at_the_same_time(store):
    ready(store)
    for _ in range(5):
        whole, together = written(store), Barrier(2)
        [part] = divide(store, whole, [todo()], JONAS, NOW)
        set_done(store, part, JONAS, True, NOW)

        def change(todo_id: int, done: bool, together=together) -> bool:
            together.wait(60)
            return _is_granted(lambda: set_done(store, todo_id, JONAS, done, NOW))

        with ThreadPoolExecutor(2) as people:
            list(people.map(change, [whole, part], [True, False]))

        assert not is_done(store, part)
        assert not is_done(store, whole)


@pytest.mark.rule("T5")
def test_done_by_two_at_once_it_is_done_once(store):
    ready(store)
    todo_id, together = written(store, team="Helpdesk"), Barrier(2)

    def do(employee: str) -> list[int]:
        together.wait(60)
        return set_done(store, todo_id, employee, True, NOW)

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(do, [JONAS, ANNA]))

    assert sorted(answers) == [[], [todo_id]]
    assert [field for field, *_ in history(show_todo(store, todo_id))] == ["created", "done"]


def test_what_dies_before_its_commit_has_not_happened(store, monkeypatch):
    ready(store)
    visit = entered_visit(store)
    todo_id = prescribed(store, visit)
    before = told(store)
    monkeypatch.setattr("tasks.store.todo_doing.announce_done", _die)

    with pytest.raises(KeyboardInterrupt):
        set_done(store, todo_id, JONAS, True, NOW)

    assert not is_done(store, todo_id)
    assert look_at(store, visit) is None
    assert told(store) == before


def _is_granted(change) -> bool:
    try:
        change()
    except Refused:
        return False
    return True


def _die(*_: object) -> None:
    raise KeyboardInterrupt
