from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.due_times import Calendar, Offset, Unit
from domain.errors import Refused
from domain.transitions import AGAIN, Decision, End, Leave, Stay, TodoState, Visit, decide
from domain.workflow_facts import CaseFacts, Facts, TitledFacts
from domain.workflows import Step, Transition, When

ENTERED = datetime(2026, 11, 23, 9, tzinfo=UTC)
CALENDAR = Calendar("Europe/Berlin", "DE")
FACTS = Facts(
    case=CaseFacts("SC-1042", "service_call", "Fehler E17", open=True),
    workflow=TitledFacts("service-call", "Service call"),
    step=TitledFacts("intake", "Intake"),
    now_date=date(2026, 11, 23),
)
DONE = TodoState("call", done=True)
OPEN = TodoState("write", done=False)


def step(*transitions: dict[str, Any]) -> Step:
    return Step.model_validate({"title": "Intake", "next": transitions})


def decided(next_step: Step, *todos: TodoState, later: timedelta = timedelta(0)) -> Decision:
    return decide(next_step, Visit(ENTERED, todos, FACTS), CALENDAR, ENTERED + later)


@pytest.mark.rule("W3")
@pytest.mark.parametrize(
    ("transition", "todos", "decision"),
    [
        ({"to": "b"}, [DONE], Leave("b", "all_done")),
        ({"to": "b"}, [DONE, OPEN], Stay()),
        ({"to": "b"}, [], Leave("b", "all_done")),
        ({"end": True, "when": "all_done"}, [DONE], End("all_done")),
        ({"to": "b", "when": "any_done"}, [DONE, OPEN], Leave("b", "any_done")),
        ({"to": "b", "when": "any_done"}, [OPEN], Stay()),
        (
            {"to": "b", "when": "any_done"},
            [OPEN, TodoState("write/draft", done=True)],
            Stay(),  # a part of a todo is not yet a todo
        ),
        (
            {"to": "b", "outcome": "solved"},
            [TodoState("call", True, "solved"), OPEN],
            Leave("b", "solved"),
        ),
        ({"to": "b", "outcome": "solved"}, [TodoState("call", False, "solved")], Stay()),
        ({"to": "b", "if": "case.open"}, [DONE], Leave("b", "all_done")),
    ],
)
def test_a_step_is_left_when_its_transition_says_so(transition, todos, decision):
    assert decided(step(transition), *todos) == decision


@pytest.mark.rule("W3")
def test_a_step_without_transitions_is_the_last():
    assert decided(step(), DONE) == End("all_done")
    assert decided(step(), DONE, OPEN) == Stay()


def test_time_is_looked_at_again_when_it_is_up():
    waiting = step({"to": "ask", "after": "2 days"}, {"to": "urge", "after": "5 hours"})

    before = decided(waiting, OPEN)
    between = decided(waiting, OPEN, later=timedelta(hours=5))

    assert before == Stay(ENTERED + timedelta(hours=5))
    assert between == Leave("urge", "after")


def test_a_condition_that_fails_is_asked_again_as_the_case_may_change():
    withheld = step({"to": "b", "when": "any_done", "if": "not case.open"})

    decision = decided(withheld, DONE, OPEN)

    assert decision == Stay(ENTERED + AGAIN)


@pytest.mark.rule("W3")
@pytest.mark.parametrize("todos", [[DONE], []])
def test_where_all_is_done_and_no_condition_holds_the_visit_stands_still_and_is_asked_again(todos):
    withheld = step({"to": "b", "if": "not case.open"}, {"to": "c", "if": "not case.open"})

    assert decided(withheld, *todos) == Stay(ENTERED + AGAIN, is_stuck=True)


def test_what_waits_for_its_time_does_not_stand_still():
    waiting = step({"to": "b", "if": "not case.open"}, {"end": True, "after": "2 days"})

    before = decided(waiting, DONE)
    withheld = step({"to": "b", "if": "not case.open", "after": "2 days"})
    afterwards = decided(withheld, DONE, later=timedelta(days=2))

    assert before == Stay(ENTERED + AGAIN)
    assert afterwards == Stay(ENTERED + timedelta(days=2) + AGAIN, is_stuck=True)


def test_where_all_is_done_and_nothing_follows_the_visit_is_stuck():
    answered = step({"to": "b", "outcome": "solved"}, {"end": True, "outcome": "hopeless"})

    decision = decided(answered, TodoState("call", True, "neither"))

    assert decision == Stay(None, is_stuck=True)


def test_a_condition_that_cannot_be_answered_is_a_refusal():
    ownerless = step({"to": "b", "if": "owner.name == 'Anna Berger'"})

    with pytest.raises(Refused, match="there is no owner here"):
        decided(ownerless, DONE)


OUTCOMES = ("yes", "no")
transitions = st.builds(
    Transition,
    to=st.sampled_from(["a", "b", "c"]),
    condition=st.sampled_from([None, "case.open", "not case.open"]),
) | st.one_of(
    st.builds(Transition, to=st.just("d"), when=st.sampled_from(When)),
    st.builds(Transition, to=st.just("e"), outcome=st.sampled_from(OUTCOMES)),
    st.builds(
        Transition,
        end=st.just(True),
        after=st.builds(Offset, st.integers(1, 72), st.just(Unit.HOURS)),
        condition=st.sampled_from([None, "not case.open"]),
    ),
)
states = st.builds(
    TodoState,
    path=st.sampled_from(["x", "x/y", "z"]),
    done=st.booleans(),
    outcome=st.sampled_from([None, *OUTCOMES]),
)


def fires(transition: Transition, todos: list[TodoState], hours: int) -> bool:
    """Say the same as the rules of transitions do, read one by one."""
    done = [todo for todo in todos if todo.done]
    fired = {
        "after": transition.after is not None and transition.after.number <= hours,
        "outcome": transition.outcome in [todo.outcome for todo in done],
        "any": [todo for todo in done if "/" not in todo.path] != [],
        "all": len(done) == len(todos),
    }
    if transition.after:
        return fired["after"]
    if transition.outcome:
        return fired["outcome"]
    return fired["any" if transition.when == "any_done" else "all"]


@given(
    st.lists(transitions, min_size=1, max_size=5), st.lists(states, max_size=4), st.integers(0, 80)
)
def test_the_first_transition_that_holds_is_taken(following, todos, hours):
    holding = [
        each
        for each in following
        if fires(each, todos, hours) and each.condition != "not case.open"
    ]

    decision = decided(Step(title="A", next=tuple(following)), *todos, later=timedelta(hours=hours))

    if not holding:
        assert isinstance(decision, Stay)
    elif holding[0].end:
        assert isinstance(decision, End)
    else:
        assert isinstance(decision, Leave)
        assert decision.to == holding[0].to


@given(
    st.lists(transitions, min_size=1, max_size=5), st.lists(states, max_size=4), st.integers(0, 80)
)
def test_before_it_is_looked_at_again_time_alone_changes_nothing(following, todos, hours):
    waiting = Step(title="A", next=tuple(following))
    decision = decided(waiting, *todos, later=timedelta(hours=hours))
    assume(isinstance(decision, Stay))
    look_at = decision.look_at or ENTERED + timedelta(days=30)

    just_before = decided(waiting, *todos, later=look_at - ENTERED - timedelta(microseconds=1))

    assert isinstance(just_before, Stay)
