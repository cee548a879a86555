"""A workflow's board, as the Prefect UI gets it."""

import base64
import re
from typing import Any

import pytest
from bench.workflow_cases import straight

from tasks.store.workflow_counts import Standstill, StepCount, WorkflowCounts
from tasks.workflow_board import board_key, board_text


def counts(**changes: Any) -> WorkflowCounts:
    usual: dict[str, Any] = {
        "workflow": straight(steps=2),
        "steps": {"s0": StepCount(1_200, 3_400, 56), "s1": StepCount()},
        "former": {},
        "standing": [],
    }
    return WorkflowCounts(**{**usual, **changes})


def picture(board: str) -> str:
    found = re.search(r"data:image/svg\+xml;base64,([^)]+)", board)
    assert found
    return base64.b64decode(found[1]).decode()


def test_each_step_has_a_line_with_its_cases_and_todos():
    lines = board_text(counts()).splitlines()

    assert "| Step 0 | 1,200 | 3,400 | 56 |" in lines
    assert "| Step 1 | 0 | 0 | 0 |" in lines


def test_the_picture_says_how_many_cases_are_where():
    drawn = picture(board_text(counts()))

    assert "1,200 cases, 3,400 open, 56 overdue" in drawn
    assert "0 cases, 0 open<" in drawn


def test_what_stands_still_is_named_by_visit_case_and_reason():
    standing = [Standstill(17, "SC-1042", "s1", "There is no team Night|shift.")]

    lines = board_text(counts(standing=standing)).splitlines()

    assert r"| 17 | SC-1042 | s1 | There is no team Night\|shift. |" in lines


def test_where_nothing_stands_still_nothing_is_said_of_it():
    assert "stand still" not in board_text(counts())


@pytest.mark.rule("W5")
def test_a_step_of_an_earlier_version_has_a_line_of_its_own():
    lines = board_text(counts(former={"old_one": StepCount(3, 2, 1)})).splitlines()

    assert r"| old\_one, of an earlier version | 3 | 2 | 1 |" in lines


def test_a_retired_workflow_says_so():
    told = "It is retired: no case starts with it any more."

    assert told in board_text(counts(is_retired=True)).splitlines()
    assert told not in board_text(counts())


def test_each_workflow_has_a_board_of_its_own():
    names = ["a", "a-b", "a_b", "a--b", "a__b", "a-_b", "a_-b", "a---b", "a-b-", "a-b_", "a_b-"]
    keys = [board_key(name) for name in names]

    assert len(set(keys)) == len(names)
    assert all(re.fullmatch("[a-z0-9-]+", key) for key in keys)
    assert board_key("late-payment_2") == "workflow-late-payment--2"
