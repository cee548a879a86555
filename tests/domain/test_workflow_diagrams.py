from typing import Any

import pytest

from domain.workflow_diagrams import drawn, mermaid
from domain.workflows import Workflow


def workflow(**fields: Any) -> Workflow:
    usual = {
        "workflow": "repair",
        "title": "Repair",
        "starts": [{"on": "contact_received", "case_kind": "order", "enter": "intake"}],
        "advances": [{"on": "contact_received", "in": "end", "enter": "intake"}],
        "steps": {
            "intake": {
                "title": "Look at it",
                "todos": [
                    {
                        "key": "look",
                        "activity_type": "phone",
                        "matchcode": "Look",
                        "assign": {
                            "role": "owner",
                            "else": {"team": "Desk", "pick": "round_robin"},
                        },
                        "due": "2 days",
                        "at": "9:00",
                        "parts": [{"key": "ask", "matchcode": "Ask", "if": "person"}],
                    }
                ],
                "next": [
                    {"to": "end", "outcome": "ok", "if": "case.open"},
                    {"end": True, "after": "1 week"},
                ],
            },
            "end": {"title": "The end", "enter_from_outside": False},
        },
    }
    return Workflow.model_validate({**usual, **fields})


def test_a_diagram_has_its_steps_its_arrows_and_how_many_cases_are_where():
    assert mermaid(workflow(), {"intake": 1_200, "end": 1}).splitlines() == [
        "flowchart TD",
        '    s1["Look at it<br/>1,200 cases"]',
        '    s2["The end<br/>1 case"]',
        "    begin((start))",
        '    begin -- "order: contact" --> s1',
        '    s2 -. "contact" .-> s1',
        '    s1 -- "outcome ok if case.open" --> s2',
        '    s1 -- "after 1 week" --> done',
        "    s2 --> done",
        "    done(((end)))",
    ]


def test_a_diagram_without_counts_shows_none():
    assert "case<" not in mermaid(workflow())
    assert "<br/>" not in mermaid(workflow(), {"intake": 0})


@pytest.mark.parametrize("character", '"#;<>&`\\\n')
def test_no_title_breaks_out_of_its_box(character):
    title = f'a{character}]; click s1 "x'
    drawing = mermaid(workflow(steps={"intake": {"title": title}}, advances=[]))

    box = drawing.splitlines()[1]

    assert box.startswith('    s1["a')
    assert box.endswith('click s1 #34;x"]')
    assert box.count('"') == 2


def test_in_plain_text_each_step_has_its_todos_and_what_follows():
    assert drawn(workflow(description="As we do it.\n")).splitlines() == [
        "Repair (repair)",
        "As we do it.",
        "a new contact of a case of the kind order enters intake",
        "a new contact in end enters intake",
        "",
        "[intake] Look at it",
        "  □ look: Look (for the case's owner, else one of Desk, due in 2 days at 09:00)",
        "    □ ask: Ask (for the case's owner, else one of Desk) if person",
        "  outcome ok if case.open → end",
        "  after 1 week → end",
        "",
        "[end] The end (not from outside)",
        "  all done → end",
    ]


def test_an_entry_that_takes_automatic_mail_says_so():
    advance = {"on": "contact_received", "in": "end", "enter": "intake", "automatic": True}
    open_to_machines = workflow(advances=[advance])

    assert "a new contact or automatic mail in end enters intake" in drawn(open_to_machines)
    assert 's2 -. "contact or automatic mail" .-> s1' in mermaid(open_to_machines)
