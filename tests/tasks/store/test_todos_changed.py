"""Todos change hands and words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from builders import DIRECTORY, NOW
from outgoing_contacts import ANNA, GUEST, JONAS, MIA, ready
from todos import history, reasons, written

from domain.directory import Directory, Team
from domain.errors import Refused, UnknownRecord
from domain.refusals import Refusal
from domain.todos import TodoChange, TodoPriority, TodoReason
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.todo_changes import comment, delegate, edit, give_back, take
from tasks.store.todo_details import show_todo
from tasks.store.todo_doing import set_done

LATER = NOW + timedelta(hours=1)


def with_a_team_of_two(store: Store) -> None:
    """Let Anna be in Jonas' team."""
    ready(store)
    both = Team(name="Helpdesk", members=(JONAS, ANNA))
    apply_directory(store, Directory(employee=DIRECTORY.employee, team=(both,)))


@pytest.mark.rule("T2")
def test_a_teams_todo_is_taken_and_given_back(store):
    ready(store)
    todo_id = written(store, by=ANNA, team="Helpdesk")

    take(store, todo_id, JONAS, NOW)
    take(store, todo_id, JONAS, NOW)
    taken = show_todo(store, todo_id).line.taken_by
    give_back(store, todo_id, JONAS, LATER)

    shown = show_todo(store, todo_id)
    assert (taken, shown.line.taken_by) == ("Jonas Weber", None)
    assert history(shown)[1:] == [
        ("taken_by", None, "Jonas Weber"),
        ("taken_by", "Jonas Weber", None),
    ]


@pytest.mark.rule("T2")
def test_what_a_colleague_took_is_given_back_by_them_or_by_who_may_edit_others_only(store):
    with_a_team_of_two(store)
    todo_id = written(store, team="Helpdesk")
    of_jonas = written(store, team="Helpdesk")
    take(store, todo_id, ANNA, NOW)
    take(store, of_jonas, JONAS, NOW)

    with pytest.raises(Refused) as refused:
        give_back(store, todo_id, JONAS, NOW)
    give_back(store, of_jonas, ANNA, NOW)

    assert refused.value.refusals == (Refusal(TodoReason.TAKEN_BY_ANOTHER, "Anna Berger"),)
    assert show_todo(store, todo_id).line.taken_by == "Anna Berger"
    assert show_todo(store, of_jonas).line.taken_by is None


@pytest.mark.rule("T2", "T5")
@pytest.mark.parametrize("change", [give_back, partial(delegate, to_employee=MIA)])
def test_what_is_done_stays_with_whom_it_is(store, change):
    ready(store)
    todo_id = written(store, team="Helpdesk")
    take(store, todo_id, JONAS, NOW)
    set_done(store, todo_id, JONAS, True, NOW)

    with pytest.raises(Refused) as refused:
        change(store, todo_id, JONAS, NOW)

    assert reasons(refused.value) == [TodoReason.IS_DONE]
    assert show_todo(store, todo_id).line.taken_by == "Jonas Weber"


@pytest.mark.rule("T2")
def test_what_nobody_has_taken_is_not_given_back(store):
    ready(store)
    todo_id = written(store, team="Helpdesk")

    with pytest.raises(Refused) as refused:
        give_back(store, todo_id, JONAS, NOW)

    assert reasons(refused.value) == [TodoReason.NOT_TAKEN]


@pytest.mark.rule("T2")
def test_of_two_who_take_a_todo_at_once_one_gets_it_and_the_other_is_told_who(store):
    with_a_team_of_two(store)
    for _ in range(5):
        todo_id, together = written(store, team="Helpdesk"), Barrier(2)

        def taken(employee: str, todo_id=todo_id, together=together) -> tuple[Refusal, ...]:
            together.wait(60)
            try:
                take(store, todo_id, employee, NOW)
            except Refused as refused:
                return refused.refusals
            return ()

        with ThreadPoolExecutor(2) as people:
            said = list(people.map(taken, [JONAS, ANNA]))

        owner = show_todo(store, todo_id).line.taken_by
        winner = {"Jonas Weber": 0, "Anna Berger": 1}[owner or ""]
        assert said[winner] == ()
        assert said[1 - winner] == (Refusal(TodoReason.TAKEN, owner or ""),)


@pytest.mark.rule("T2")
@pytest.mark.parametrize(
    ("to", "employee", "team"),
    [
        ({"to_employee": MIA}, "Mia Krüger", None),
        ({"to_team": "Sales"}, None, "Sales"),
    ],
)
def test_a_todo_that_is_delegated_anew_is_taken_by_nobody(store, to, employee, team):
    ready(store)
    todo_id = written(store, team="Helpdesk")
    take(store, todo_id, JONAS, NOW)

    delegate(store, todo_id, JONAS, LATER, **to)

    line = show_todo(store, todo_id).line
    assert (line.employee, line.team, line.taken_by) == (employee, team, None)


@pytest.mark.rule("T2")
def test_delegated_to_the_team_that_has_it_a_todo_stays_with_who_took_it(store):
    ready(store)
    todo_id = written(store, team="Helpdesk")
    take(store, todo_id, JONAS, NOW)

    delegate(store, todo_id, JONAS, LATER, to_team="Helpdesk")

    assert show_todo(store, todo_id).line.taken_by == "Jonas Weber"


@pytest.mark.rule("T2")
@pytest.mark.parametrize(
    ("who", "to", "refusals"),
    [
        (JONAS, {}, [TodoReason.NO_ASSIGNEE]),
        (JONAS, {"to_employee": MIA, "to_team": "Sales"}, [TodoReason.TWO_ASSIGNEES]),
        (JONAS, {"to_employee": "4711"}, [TodoReason.EMPLOYEE_UNKNOWN]),
        (MIA, {"to_team": "Nobody"}, [TodoReason.NOT_YOURS, TodoReason.TEAM_UNKNOWN]),
    ],
)
def test_a_todo_is_not_delegated_to_nobody_in_particular(store, who, to, refusals):
    ready(store)
    todo_id = written(store)

    with pytest.raises(Refused) as refused:
        delegate(store, todo_id, who, LATER, **to)

    assert reasons(refused.value) == refusals
    assert show_todo(store, todo_id).line.employee == "Jonas Weber"


@pytest.mark.rule("T2")
def test_nobody_who_has_left_gets_a_todo(store):
    ready(store)
    todo_id = written(store)
    [anna] = [each for each in DIRECTORY.employee if each.number == ANNA]
    apply_directory(store, Directory(employee=(anna.model_copy(update={"active": False}),)))

    with pytest.raises(Refused) as refused:
        delegate(store, todo_id, JONAS, NOW, to_employee=ANNA)

    assert refused.value.refusals == (Refusal(TodoReason.EMPLOYEE_LEFT, "Anna Berger"),)


@pytest.mark.rule("T1")
def test_what_a_todo_says_is_changed_and_who_changed_what_is_kept(store):
    ready(store)
    todo_id = written(store, due=NOW)

    wish = TodoChange(matchcode="Uwe anrufen", priority=TodoPriority.HIGH, due=None)
    edit(store, todo_id, JONAS, wish, LATER)

    shown = show_todo(store, todo_id)
    assert (shown.line.matchcode, shown.line.priority) == ("Uwe anrufen", TodoPriority.HIGH)
    assert (shown.line.due, shown.text) == (None, "")
    assert shown.changes[-1].employee == "Jonas Weber"
    assert history(shown)[1:] == [
        ("matchcode", "Petra anrufen", "Uwe anrufen"),
        ("priority", "normal", "high"),
        ("due", NOW.isoformat(), None),
    ]


@pytest.mark.rule("T1")
@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (TodoChange(due=NOW - timedelta(days=1)), TodoReason.DUE_BEFORE_BEGIN),
        (TodoChange(begin=LATER), TodoReason.DUE_BEFORE_BEGIN),
        (TodoChange(matchcode=""), TodoReason.NO_MATCHCODE),
        (TodoChange(activity_type="dance"), TodoReason.ACTIVITY_TYPE_UNKNOWN),
    ],
)
def test_a_todo_is_judged_as_it_would_be_after_the_change(store, wish, reason):
    ready(store)
    todo_id = written(store, begin=NOW, due=NOW)

    with pytest.raises(Refused) as refused:
        edit(store, todo_id, JONAS, wish, LATER)

    assert reasons(refused.value) == [reason]
    assert len(show_todo(store, todo_id).changes) == 1


def test_a_change_to_what_is_there_is_none(store):
    ready(store)
    todo_id = written(store)

    edit(store, todo_id, JONAS, TodoChange(matchcode="Petra anrufen"), LATER)

    assert len(show_todo(store, todo_id).changes) == 1


def test_everybody_who_works_with_contacts_comments(store):
    ready(store)
    todo_id = written(store)

    comment(store, todo_id, MIA, " Ist im Urlaub.\n", LATER)
    with pytest.raises(Refused) as refused:
        comment(store, todo_id, GUEST, "", LATER)

    [said] = show_todo(store, todo_id).comments
    assert (said.employee, said.at, said.text) == ("Mia Krüger", LATER, "Ist im Urlaub.")
    assert reasons(refused.value) == [TodoReason.NO_PERMISSION, TodoReason.NO_COMMENT]


@pytest.mark.parametrize("change", [take, give_back, delegate])
def test_what_is_not_there_is_not_changed(store, change):
    ready(store)

    with pytest.raises(UnknownRecord):
        change(store, 4711, JONAS, NOW)


@pytest.mark.rule("T2", "T5")
def test_what_is_done_is_not_taken(store):
    ready(store)
    todo_id = written(store, team="Helpdesk")
    set_done(store, todo_id, JONAS, True, NOW)

    with pytest.raises(Refused) as refused:
        take(store, todo_id, JONAS, NOW)

    assert reasons(refused.value) == [TodoReason.IS_DONE]
