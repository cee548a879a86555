"""What a new version says differently is told in words."""

import pytest

from domain.workflow_differences import differences
from domain.workflow_yaml import parsed

DEFINITION = """\
workflow: repair
title: Repair
steps:
  look:
    title: Look at it
    todos:
      - {key: look, activity_type: visit, matchcode: Look, assign: {team: Helpdesk}, due: 4 hours}
      - {key: write, activity_type: visit, matchcode: Write, assign: {team: Helpdesk}}
    next:
      - to: close
  close:
    title: Close it
"""


def told(*changes: tuple[str, str]) -> list[str]:
    changed = DEFINITION
    for written, instead in changes:
        assert written in changed
        changed = changed.replace(written, instead)
    return list(differences(parsed(DEFINITION, "old"), parsed(changed, "new")))


def test_the_same_workflow_has_no_differences():
    assert told(("title: Repair\n", "title: 'Repair'  # quoted\n")) == []


@pytest.mark.rule("W5")
@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("title: Repair", "title: Mend", "title: “Repair” → “Mend”"),
        ("due: 4 hours", "due: 2 hours", "steps.look.todos[look].due: “4 hours” → “2 hours”"),
        (", due: 4 hours", "", "steps.look.todos[look].due: gone, was “4 hours”"),
        (
            "Write,",
            "Write, outcomes: [ok],",
            "steps.look.todos[write].outcomes: new",
        ),
        ("- to: close", "- {to: close, if: owner}", "steps.look.next[1].if: new: “owner”"),
        ("title: Close it", f"title: {'x' * 80}", f"steps.close.title: “Close it” → “{'x' * 59}…”"),
    ],
)
def test_each_field_that_differs_is_told(written, instead, says):
    assert told((written, instead)) == [says]


def test_a_step_that_is_new_or_gone_is_told_once():
    renamed = told(("  close:", "  finish:"), ("to: close", "to: finish"))

    assert renamed == [
        "steps.look.next[1].to: “close” → “finish”",
        "steps.close: gone",
        "steps.finish: new",
    ]


def test_todos_are_compared_by_their_keys_and_not_by_their_places():
    *_, look, write = (line for line in DEFINITION.splitlines(keepends=True) if "{key" in line)

    assert told((look + write, write + look)) == ["steps.look.todos: in another order"]


def test_the_order_of_steps_is_told():
    close = "  close:\n    title: Close it\n"

    assert told((close, ""), ("steps:\n", f"steps:\n{close}")) == ["steps: in another order"]
