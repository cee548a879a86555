"""The buttons of workflows: enter a step, try again, end a run."""

import asyncio
from typing import Any

import pytest
from bench.workflow_cases import straight
from prefect.client.schemas.objects import State

from flows.enter_step import enter_step
from flows.workflow_actions import end_workflow_run, retry_visit
from tasks.store.database import Store
from tasks.store.workflows import apply_workflow

CASE, WORKFLOW = "SC-1042", "pressed"


@pytest.fixture
def place(installed) -> Store:
    apply_workflow(installed, straight(steps=2, name=WORKFLOW), installed.now())
    return installed


def pressed(flow: Any, *given: Any) -> State[Any]:
    state: State[Any] = asyncio.run(flow(*given, return_state=True))
    return state


@pytest.mark.rule("W4")
def test_a_case_enters_a_step_by_the_run_form(place):
    state = pressed(enter_step, CASE, WORKFLOW, "s0")

    assert state.is_completed()
    assert state.message.startswith(f"case {CASE} is in step s0: visit ")


@pytest.mark.rule("W1")
def test_twice_with_one_key_is_one_visit(place):
    first = pressed(enter_step, CASE, WORKFLOW, "s0", "the same")
    second = pressed(enter_step, CASE, WORKFLOW, "s0", "the same")
    other = pressed(enter_step, CASE, WORKFLOW, "s0")

    assert first.message == second.message
    assert other.message != first.message


@pytest.mark.parametrize(
    ("case", "workflow", "step", "reason"),
    [
        ("SC-9999", WORKFLOW, "s0", "There is no case SC-9999."),
        (CASE, "missing", "s0", "There is no workflow missing."),
        (CASE, WORKFLOW, "s9", "The workflow has no step s9."),
        ("SC-1001", WORKFLOW, "s0", "The case SC-1001 is finished"),
        (" ", WORKFLOW, "s0", "case: "),
    ],
)
def test_a_run_that_is_refused_fails_with_the_reason(place, case, workflow, step, reason):
    state = pressed(enter_step, case, workflow, step)

    assert state.is_failed()
    assert state.message.startswith(reason)


@pytest.mark.parametrize("flow", [retry_visit, end_workflow_run])
def test_what_is_not_there_is_refused_with_a_sentence(place, flow):
    state = pressed(flow, 987_654)

    assert state.is_failed()
    assert "987654" in state.message
