"""What may be done with todos, and what a todo must be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.refusals import Refusal
from domain.sending import EDIT_OTHERS, PERMISSION, Actor
from domain.todos import (
    Concerned,
    NewTodo,
    TodoChange,
    TodoPriority,
    TodoReason,
    reasons_against,
    reasons_against_comment,
    reasons_against_outcome,
    reasons_not_to_change,
    reasons_not_to_divide,
    reasons_not_to_finish,
    reasons_not_to_take,
)
from domain.wording import Language, refusal_sentence

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HELPDESK, SALES = 1, 2
JONAS = Actor(10, frozenset({PERMISSION}), frozenset({HELPDESK}))
CHIEF = Actor(11, frozenset({PERMISSION, EDIT_OTHERS}))
GUEST = Actor(12, frozenset())


def todo(**changes) -> NewTodo:
    """Give a todo that nothing is wrong with."""
    return NewTodo(**{"activity_type": "phone note", "matchcode": "Ring", "team": "A", **changes})


@pytest.mark.rule("T1", "T2")
@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, []),
        ({"begin": NOW, "due": NOW}, []),
        ({"due": NOW}, []),
        ({"text": "one\ntwo\tthree\r\n"}, []),
        ({"begin": LATER, "due": NOW}, [TodoReason.DUE_BEFORE_BEGIN]),
        ({"due": NOW.replace(year=1969)}, [TodoReason.OUT_OF_RANGE]),
        ({"begin": NOW.replace(year=9999)}, [TodoReason.OUT_OF_RANGE]),
        ({"team": None}, [TodoReason.NO_ASSIGNEE]),
        ({"employee": "1"}, [TodoReason.TWO_ASSIGNEES]),
        ({"matchcode": "\t "}, [TodoReason.NO_MATCHCODE, TodoReason.CONTROL_CHARACTERS]),
        ({"matchcode": "one\ntwo"}, [TodoReason.CONTROL_CHARACTERS]),
        ({"matchcode": "half \ud800"}, [TodoReason.CONTROL_CHARACTERS]),
        ({"text": "\x1b[31m"}, [TodoReason.CONTROL_CHARACTERS]),
        (
            {"team": None, "begin": LATER, "due": NOW, "matchcode": ""},
            [TodoReason.NO_ASSIGNEE, TodoReason.DUE_BEFORE_BEGIN, TodoReason.NO_MATCHCODE],
        ),
    ],
)
def test_a_todo_is_judged_by_itself(changes, reasons):
    assert [each.reason for each in reasons_against(todo(**changes))] == reasons


@pytest.mark.rule("T1")
def test_times_in_several_zones_are_compared_by_their_instants():
    here = timezone(timedelta(hours=1))
    due = datetime(2026, 11, 23, 10, 0, tzinfo=here)

    assert reasons_against(todo(begin=NOW, due=due)) == []


@pytest.mark.parametrize(
    ("actor", "concerned", "reasons"),
    [
        (JONAS, Concerned(JONAS.id, None, SALES), []),
        (JONAS, Concerned(None, JONAS.id, None), []),
        (JONAS, Concerned(None, None, HELPDESK), []),
        (JONAS, Concerned(None, None, SALES, JONAS.id), []),
        (JONAS, Concerned(None, None, SALES), [TodoReason.NOT_YOURS]),
        (JONAS, Concerned(None, CHIEF.id, None), [TodoReason.NOT_YOURS]),
        (CHIEF, Concerned(None, JONAS.id, None), []),
        (GUEST, Concerned(GUEST.id, None, SALES), [TodoReason.NO_PERMISSION]),
        (GUEST, Concerned(None, None, SALES), [TodoReason.NO_PERMISSION, TodoReason.NOT_YOURS]),
    ],
)
def test_a_todo_is_changed_by_those_who_have_to_do_with_it(actor, concerned, reasons):
    assert [each.reason for each in reasons_not_to_change(actor, concerned)] == reasons


@pytest.mark.rule("T2")
@pytest.mark.parametrize(
    ("actor", "concerned", "done", "refusals"),
    [
        (JONAS, Concerned(None, None, HELPDESK), False, []),
        (JONAS, Concerned(None, None, HELPDESK, JONAS.id), False, []),
        (JONAS, Concerned(None, None, SALES), False, [Refusal(TodoReason.NOT_IN_TEAM)]),
        (CHIEF, Concerned(None, None, SALES), False, [Refusal(TodoReason.NOT_IN_TEAM)]),
        (JONAS, Concerned(None, JONAS.id, None), False, [Refusal(TodoReason.NOT_OF_A_TEAM)]),
        (JONAS, Concerned(None, None, HELPDESK), True, [Refusal(TodoReason.IS_DONE)]),
        (
            JONAS,
            Concerned(None, None, HELPDESK, CHIEF.id),
            False,
            [Refusal(TodoReason.TAKEN, "Anna")],
        ),
    ],
)
def test_a_teams_todo_is_taken_by_one_of_its_members(actor, concerned, done, refusals):
    assert reasons_not_to_take(actor, concerned, done, "Anna") == refusals


@pytest.mark.rule("T3")
def test_a_todo_is_finished_after_its_parts():
    assert reasons_not_to_finish(0) == []
    assert reasons_not_to_finish(2) == [Refusal(TodoReason.PARTS_ARE_OPEN, "2")]


@pytest.mark.rule("T3")
@pytest.mark.parametrize(
    ("depth", "done", "reasons"),
    [
        (1, False, []),
        (4, False, []),
        (5, False, [TodoReason.TOO_DEEP]),
        (1, True, [TodoReason.PARENT_IS_DONE]),
        (5, True, [TodoReason.TOO_DEEP, TodoReason.PARENT_IS_DONE]),
    ],
)
def test_a_todo_is_divided_so_deep_and_while_it_is_open(depth, done, reasons):
    assert [each.reason for each in reasons_not_to_divide(depth, done)] == reasons


@pytest.mark.parametrize(
    ("outcome", "possible", "reasons"),
    [
        (None, (), []),
        ("yes", ("yes", "no"), []),
        (None, ("yes", "no"), [TodoReason.OUTCOME_MISSING]),
        ("maybe", ("yes", "no"), [TodoReason.OUTCOME_UNKNOWN]),
        ("yes", (), [TodoReason.OUTCOME_UNKNOWN]),
    ],
)
def test_an_outcome_is_one_of_those_that_are_possible(outcome, possible, reasons):
    assert [each.reason for each in reasons_against_outcome(outcome, possible)] == reasons


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Fertig.\nMorgen mehr.", []),
        ("\n", [TodoReason.NO_COMMENT]),
        ("a\x00", [TodoReason.CONTROL_CHARACTERS]),
    ],
)
def test_a_comment_says_something(text, reasons):
    assert [each.reason for each in reasons_against_comment(text)] == reasons


def test_a_change_leaves_what_it_does_not_name():
    before = todo(begin=NOW, due=LATER, text="text")

    after = TodoChange(priority=TodoPriority.HIGH, due=None).of(before)

    assert after == todo(begin=NOW, due=None, text="text", priority=TodoPriority.HIGH)


def test_the_most_important_comes_first():
    ranks = {each: each.rank for each in TodoPriority}

    assert ranks == {TodoPriority.HIGH: 0, TodoPriority.NORMAL: 1, TodoPriority.LOW: 2}


@pytest.mark.parametrize("reason", TodoReason)
def test_each_reason_is_a_sentence_in_both_languages(reason):
    english, german = (refusal_sentence(Refusal(reason, "{0}"), each) for each in Language)

    assert english.endswith(".")
    assert german.endswith(".")
    assert english != german
    assert "{about}" not in english + german
