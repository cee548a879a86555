"""A workflow's board, as the Prefect UI gets it."""

import base64
import re
from typing import Any

from bench.workflow_cases import straight

from tasks.store.workflow_counts import Standstill, StepCount, WorkflowCounts
from tasks.workflow_board import board_text


def counts(**changes: Any) -> WorkflowCounts:
    usual: dict[str, Any] = {
        "workflow": straight(steps=2),
        "steps": {"s0": StepCount(1_200, 3_400, 56), "s1": StepCount()},
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
