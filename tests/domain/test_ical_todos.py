"""Todos as iCalendar shows them, read back by its own parser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from domain.ical_todos import TodoEntry, uid_of_todo, written_todo
from domain.todos import TodoPriority

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(**changes: Any) -> TodoEntry:
    usual: dict[str, Any] = {
        "uid": uid_of_todo(7, NINE),
        "created_at": NINE,
        "changed_at": NINE,
        "matchcode": "Petra anrufen",
        "text": "",
        "activity_type": "phone note",
        "priority": TodoPriority.NORMAL,
    }
    return TodoEntry(**{**usual, **changes})


def read_back(todo: TodoEntry) -> icalendar.Todo:
    component = icalendar.Component.from_ical(written_todo(todo))
    assert isinstance(component, icalendar.Todo)
    return component


def test_a_todo_says_what_when_and_how_urgent():
    read = read_back(
        entry(begin=NINE, due=NINE + HOUR, priority=TodoPriority.HIGH, text="a;b\n,c\x07")
    )

    assert read["summary"] == "Petra anrufen"
    assert (read.decoded("dtstart"), read.decoded("due")) == (NINE, NINE + HOUR)
    assert (read["priority"], read["status"]) == (1, "NEEDS-ACTION")
    assert read["description"] == "a;b\n,c"


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, "NEEDS-ACTION"), ({"is_taken": True}, "IN-PROCESS"), ({"done": NINE}, "COMPLETED")],
)
def test_a_todo_says_how_it_goes(changes, status):
    read = read_back(entry(**changes))

    assert read["status"] == status
    assert ("completed" in read) is (status == "COMPLETED")


def test_a_begin_that_is_no_earlier_than_the_due_is_left_out():
    read = read_back(entry(begin=NINE, due=NINE))

    assert "dtstart" not in read
    assert read.decoded("due") == NINE


@pytest.mark.parametrize(
    "text", ["ä" * 100, "a" + "😀" * 60, "x" * 68, "x" * 67 + "ß", "\\;,\n" * 40]
)
def test_lines_are_folded_within_no_letter(text):
    written = written_todo(entry(text=text))

    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    assert all(line.decode() for line in written.split(b"\r\n") if line)
    assert read_back(entry(text=text))["description"] == text


def test_a_part_names_the_whole():
    whole = uid_of_todo(6, NINE)

    assert read_back(entry(part_of=whole))["related-to"] == whole
