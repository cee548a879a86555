"""Events ask for steps: each enters its step once; what is refused is kept with its reason."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from builders import NOW, rows
from sqlalchemy import select
from workflows import CASE, RING, entered, started, told, visits_of, workflow

from tasks.store import runs
from tasks.store.database import Store
from tasks.store.runs import Arrived, enter_steps
from tasks.store.tables import incoming_events, step_visits, workflow_runs
from tasks.store.workflows import apply_workflow

STEPS = f"""
look: {{title: Look at it, todos: [{RING}], next: [{{to: mend}}]}}
mend: {{title: Mend it, enter_from_outside: false, todos: [{RING}]}}
wait: {{title: Wait for it, todos: [{RING}]}}
"""
PAYLOAD = {"case": CASE, "workflow": "repair", "step": "look", "idempotency_key": "1"}


def arrived(event_id: str = "e1", **changes: Any) -> Arrived:
    return Arrived(event_id, NOW, {**PAYLOAD, **changes})


def kept(store: Store) -> list[tuple[str, str | None]]:
    query = select(incoming_events).order_by(incoming_events.c.id)
    with store.reading() as connection:
        return [(row.outcome, row.reason) for row in connection.execute(query)]


@pytest.mark.rule("W4")
def test_an_event_enters_its_step_and_others_are_told(store):
    started(store, STEPS)

    [answer] = enter_steps(store, [arrived()], NOW)

    assert visits_of(store, "id", "step", "look_at") == [(answer.visit_id, "look", NOW)]
    payload = {"case": CASE, "workflow": "repair", "version": 1, "step": "look"}
    assert told(store) == [("workflow.step.begun", {**payload, "run": 1, "visit": answer.visit_id})]


@pytest.mark.rule("W1")
def test_the_same_event_five_times_enters_once(store):
    started(store, STEPS)

    at_once = enter_steps(store, [arrived()] * 3, NOW)
    later = [*enter_steps(store, [arrived()], NOW), *enter_steps(store, [arrived()], NOW)]

    assert len({each.visit_id for each in [*at_once, *later]}) == 1
    assert (rows(store, step_visits), rows(store, incoming_events)) == (1, 1)


@pytest.mark.rule("W1")
def test_different_events_with_one_key_enter_once(store):
    started(store, STEPS)

    answers = enter_steps(store, [arrived("e1"), arrived("e2")], NOW)
    answers = [*answers, entered(store, "look", "1")]

    assert len({each.visit_id for each in answers}) == 1
    assert rows(store, step_visits) == 1


@pytest.mark.rule("W1")
@pytest.mark.parametrize(
    "change", [{"case": "PR-7"}, {"workflow": "other"}, {"step": "wait"}, {"case": "SC-9"}]
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_key_that_entered_something_enters_nothing_else(store, change, at_once):
    started(store, STEPS)
    apply_workflow(store, workflow(STEPS, name="other"), NOW)
    first, second = arrived("e1"), arrived("e2", **change)

    batches = [[first, second]] if at_once else [[first], [second]]
    answers = [each for batch in batches for each in enter_steps(store, batch, NOW)]

    said = "The key 1 has entered another step, or the step of another case: take another key."
    assert [each.visit_id is None for each in answers] == [False, True]
    assert kept(store) == [("entered", None), ("refused", said)]
    assert rows(store, step_visits) == 1


@pytest.mark.rule("W1", "W5")
def test_programs_at_once_start_one_run_and_enter_each_step_once(store):
    started(store, STEPS)
    together = Barrier(4)

    def ask(_: int) -> list[int | None]:
        together.wait(60)
        events = [arrived(f"e{each}", idempotency_key=str(each)) for each in range(10)]
        return [each.visit_id for each in enter_steps(store, events, NOW)]

    with ThreadPoolExecutor(4) as programs:
        answers = list(programs.map(ask, range(4)))

    assert answers == [answers[0]] * 4
    assert (rows(store, workflow_runs), rows(store, step_visits)) == (1, 10)


@pytest.mark.rule("W4")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"case": "SC-9"}, "There is no case SC-9."),
        ({"case": "SC-1001"}, "The case SC-1001 is finished: no step of it is entered any more."),
        ({"workflow": "other"}, "There is no workflow other."),
        ({"step": "other"}, "The workflow has no step other."),
        ({"step": "mend"}, "The step mend is entered by the workflow itself only."),
        ({"case": None}, "The event cannot be understood: case: Input should be a valid string."),
        ({"case": "a\x00b"}, "The event cannot be understood: case: "),
        ({"step": "\ud800"}, "The event cannot be understood: step: "),
    ],
)
def test_what_is_refused_is_kept_with_its_reason_and_the_rest_goes_on(store, change, reason):
    started(store, STEPS)

    answers = enter_steps(store, [arrived("e1", **change), arrived("e2")], NOW)

    assert answers[0].visit_id is None
    assert (answers[0].reason or "").startswith(reason)
    assert answers[1].visit_id is not None
    assert kept(store) == [("refused", answers[0].reason), ("entered", None)]


@pytest.mark.parametrize(
    "payload", [None, [], "text", {"case": float("nan")}, {"a": "x" * 100_000}, {"a": {1, 2}}]
)
def test_an_event_that_is_nothing_like_one_is_kept_too(store, payload):
    started(store, STEPS)

    [answer] = enter_steps(store, [Arrived("e" * 100, NOW, payload)], NOW)

    assert (answer.reason or "").startswith("The event cannot be understood")
    assert kept(store) == [("refused", answer.reason)]


def test_a_key_that_was_refused_enters_once_its_case_is_there(store):
    started(store, STEPS)
    enter_steps(store, [arrived("e1", step="other")], NOW)

    [answer] = enter_steps(store, [arrived("e2")], NOW)

    assert answer.visit_id is not None


def test_an_event_that_makes_trouble_does_not_stop_the_others(store, monkeypatch):
    started(store, STEPS)
    locked_cases = runs.locked_cases

    def faulty(connection, numbers):
        if "PR-7" in numbers:
            raise RecursionError
        return locked_cases(connection, numbers)

    monkeypatch.setattr(runs, "locked_cases", faulty)
    other = arrived("e2", case="PR-7", idempotency_key="2")
    answers = enter_steps(store, [arrived("e1"), other], NOW)

    assert [each.visit_id is None for each in answers] == [False, True]
    assert kept(store) == [("entered", None), ("refused", answers[1].reason)]
    assert answers[1].reason == "a fault of this program: RecursionError"
