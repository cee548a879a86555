"""Rows of lists say what somebody wants to know of a record, and nothing in them is Markdown."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.appointments import Period, Priority
from domain.hit_marks import excerpt
from domain.todos import TodoPriority
from tasks.list_rows import appointment_row, bold, said, todo_row
from tasks.store.appointments import AppointmentLine
from tasks.store.todo_lines import TodoLine

BERLIN = "Europe/Berlin"
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00")


def appointment(**changes: Any) -> AppointmentLine:
    """Give an appointment of Jonas."""
    usual: dict[str, Any] = {
        "id": 7,
        "matchcode": "Halle 2",
        "place": "",
        "priority": Priority.HIGH,
        "period": Period(MIDNIGHT, MIDNIGHT.replace(day=24), BERLIN, all_day=True),
        "rule": None,
        "responsible": "Jonas Weber",
        "done": False,
        "cancelled": False,
        "contact_id": None,
    }
    return AppointmentLine(**{**usual, **changes})


def todo(**changes: Any) -> TodoLine:
    """Give a todo of the Helpdesk."""
    usual: dict[str, Any] = {
        "id": 7,
        "parent_id": None,
        "activity_type": "phone note",
        "matchcode": "Lager",
        "priority": TodoPriority.NORMAL,
        "employee": None,
        "team": "Helpdesk",
        "taken_by": None,
        "begin": None,
        "due": None,
        "created": TEN,
        "done": None,
        "open_parts": 0,
        "cases": ("PR-7", "SC-1042"),
    }
    return TodoLine(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "begins", "state"),
    [
        ({}, "2026-11-23, all day", "open"),
        ({"rule": "FREQ=DAILY;COUNT=2"}, "2026-11-23, all day", "open, recurs"),
        ({"done": True}, "2026-11-23, all day", "done"),
        ({"cancelled": True}, "2026-11-23, all day", "cancelled"),
        ({"period": Period(MIDNIGHT, MIDNIGHT, "Asia/Tokyo")}, "2026-11-22 16:00", "open"),
    ],
)
def test_an_appointment_begins_by_the_clocks_of_who_reads(changes, begins, state):
    row = appointment_row(appointment(**changes), BERLIN)

    assert (row["begins"], row["state"]) == (begins, state)


@pytest.mark.parametrize(
    ("changes", "whose", "state"),
    [
        ({}, "Helpdesk", "open"),
        ({"taken_by": "Jonas Weber"}, "Helpdesk (Jonas Weber)", "open"),
        ({"employee": "Mia Krüger", "team": None, "done": TEN}, "Mia Krüger", "done"),
    ],
)
def test_a_todo_says_whose_it_is(changes, whose, state):
    row = todo_row(todo(**changes), BERLIN)

    assert (row["for"], row["state"], row["due"]) == (whose, state, "")
    assert row["cases"] == "PR-7, SC-1042"


def test_only_the_hits_are_bold():
    found = excerpt("see **this** pump at http://evil.example", ["pump", "http"], True)

    assert found
    assert bold(found) == r"see \*\*this\*\* **pump** at **http**\://evil.example"


def test_what_turns_text_around_is_dropped():
    assert said("in\u202evoice\x07 [a](b)") == r"invoice \[a\](b)"
