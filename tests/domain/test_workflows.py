from typing import Any

import pytest
from pydantic import ValidationError

from domain.due_times import Offset, Unit
from domain.todos import TodoPriority
from domain.workflows import (
    DEEPEST,
    MOST_TODOS,
    Assignment,
    Reminder,
    Step,
    TodoTemplate,
    Transition,
    Workflow,
)

WHOLE = {"activity_type": "phone", "assign": {"role": "owner"}}


def todo(key: str = "call", **fields: Any) -> dict[str, Any]:
    return {"key": key, "matchcode": f"Do {key}", **fields}


def step(*todos: dict[str, Any], **fields: Any) -> Step:
    return Step.model_validate({"title": "Intake", "todos": todos, **fields})


@pytest.mark.rule("W5")
def test_what_is_stored_gives_the_same_workflow_again():
    part = todo("order", **{"if": "case.open"})
    whole = todo(**WHOLE, due="3 business days", at="9:30", parts=[part], outcomes=["ok", "not"])
    workflow = Workflow.model_validate(
        {
            "workflow": "repair",
            "title": "Repair",
            "starts": [{"on": "contact_received", "case_kind": "order", "enter": "intake"}],
            "advances": [{"on": "contact_received", "in": "intake", "enter": "intake"}],
            "steps": {
                "intake": {
                    "title": "Intake",
                    "todos": [whole],
                    "next": [{"to": "intake", "outcome": "not"}, {"end": True, "after": "2 weeks"}],
                }
            },
        }
    )

    again = Workflow.model_validate(workflow.stored())

    assert again == workflow


@pytest.mark.rule("T3", "W2")
def test_a_part_inherits_what_it_leaves_open_and_comes_after_its_whole():
    own = todo("order", activity_type="fax", parts=[todo("ask")])
    whole = todo(**WHOLE, priority="high", parts=[own, todo("mount", priority="low")])

    prescribed = {each.path: each for each in step(whole).prescribed()}

    assert list(prescribed) == ["call", "call/order", "call/order/ask", "call/mount"]
    assert [each.parent for each in prescribed.values()] == [None, "call", "call/order", "call"]
    asked = prescribed["call/order/ask"].template
    assert asked.activity_type == "fax"
    assert asked.assign == Assignment(role="owner")
    assert asked.priority is TodoPriority.HIGH
    assert prescribed["call/mount"].template.priority is TodoPriority.LOW


def test_reminders_are_counted_in_words_or_in_digits():
    escalations = [
        Reminder.model_validate(
            {
                "after": "1 hour",
                "every": "1 day",
                "escalate": {"after": after, "to": WHOLE["assign"]},
            }
        ).escalate
        for after in ("2 reminders", 2)
    ]

    assert escalations[0] == escalations[1]


def test_lengths_of_time_are_read_as_people_write_them():
    template = TodoTemplate.model_validate(todo(due="3 business days"))

    assert template.due == Offset(3, Unit.BUSINESS_DAYS)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "name one of employee, team and role"),
        ({"employee": "1001", "team": "Helpdesk"}, "name one of"),
        ({"role": "owner", "pick": "round_robin"}, "name a team"),
        ({"role": "boss"}, "'owner'"),
    ],
)
def test_an_assignment_names_one_way_to_find_somebody(fields, says):
    with pytest.raises(ValidationError, match=says):
        Assignment.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"to": "a", "end": True}, "name a step with to, or say end"),
        ({"when": "all_done"}, "name a step with to, or say end"),
        ({"to": "a", "when": "any_done", "outcome": "b"}, "one of when, outcome and after"),
        ({"to": "a", "after": "1 day", "outcome": "b"}, "one of when, outcome and after"),
        ({"end": "false"}, "True"),
        ({"to": "A step"}, "pattern"),
    ],
)
def test_a_transition_leads_somewhere_at_one_time(fields, says):
    with pytest.raises(ValidationError, match=says):
        Transition.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"due": "4 hours", "at": "17:00"}, "at is for what is due in days"),
        ({"at": "17:00"}, "at is for what is due in days"),
        ({"due": "1 day", "at": "1700"}, "written as 17:00"),
        ({"due": "1 day", "at": "17:00Z"}, "written as 17:00"),
        ({"due": "1 day", "at": "25:00"}, "hour"),
        ({"due": "soon"}, "no length of time"),
        ({"key": "a/b"}, "pattern"),
        ({"key": "call\n"}, "pattern"),
        ({"parts": [todo("a"), todo("a")]}, "two parts have the key a"),
        ({"remind": {"after": "1 hour", "escalate": {"after": 2, "to": {"team": "T"}}}}, "of 1"),
    ],
)
def test_a_todo_that_makes_no_sense_by_itself_is_refused(fields, says):
    with pytest.raises(ValidationError, match=says):
        TodoTemplate.model_validate({**todo(), **fields})


@pytest.mark.parametrize("missing", ["activity_type", "assign"])
def test_a_todo_that_is_no_part_says_all_that_parts_inherit(missing):
    incomplete = {name: value for name, value in WHOLE.items() if name != missing}

    with pytest.raises(ValidationError, match="todo call needs an activity_type and assign"):
        step(todo(**incomplete))


def nested(depth: int, key: str = "call") -> dict[str, Any]:
    return todo(key, parts=[nested(depth - 1, key)] if depth > 1 else [])


def test_a_step_is_as_deep_and_as_large_as_it_may_be():
    deep = step({**nested(DEEPEST), **WHOLE})
    large = step(*(todo(f"t{number}", **WHOLE) for number in range(MOST_TODOS)))

    assert len(list(deep.prescribed())) == DEEPEST
    assert len(list(large.prescribed())) == MOST_TODOS


@pytest.mark.parametrize(
    ("todos", "says"),
    [
        ([{**nested(DEEPEST + 1), **WHOLE}], "at most 5 deep"),
        ([{**nested(3, "k" * 40), **WHOLE}], "more than 100 characters"),
        ([todo(f"t{number}", **WHOLE) for number in range(MOST_TODOS + 1)], "at most 50 todos"),
        ([todo(**WHOLE, parts=[todo(f"t{n}") for n in range(MOST_TODOS)])], "at most 50 todos"),
        ([todo(**WHOLE), todo(**WHOLE)], "two todos have the key call"),
    ],
)
def test_a_step_beyond_its_bounds_is_refused(todos, says):
    with pytest.raises(ValidationError, match=says):
        step(*todos)
