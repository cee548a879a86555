from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directory import CaseKind
from domain.due_times import Offset, Unit
from domain.errors import DefinitionError
from domain.workflow_checks import Known
from domain.workflow_yaml import MOST_PROBLEMS, checked, parsed
from domain.workflows import MOST_STEPS, Assignment, Pick, When, Workflow
from domain.yaml_lines import DEEPEST, LARGEST, MOST_PARTS

SERVICE_CALL = """\
workflow: service-call
title: Service call
starts:
  - on: contact_received
    case_kind: service_call
    if: contact.sender != 'robot@mueller.example'
    enter: intake
advances:
  - {on: contact_received, in: waiting, enter: intake}
steps:
  intake:
    title: Look at it
    todos:
      - key: look
        activity_type: phone
        matchcode: "Look at {{ case.number }}"
        text: |
          {{ address.name }} has written.
          Please answer.
        priority: high
        assign: {role: owner, else: {team: Helpdesk, pick: least_loaded}}
        due: 4 hours
        outcomes: [solved, ask]
        remind:
          after: 1 hour
          every: 1 day
          escalate: {after: 2 reminders, to: {employee: 0042}}
        parts:
          - {key: read, matchcode: Read it}
    next:
      - {to: waiting, outcome: ask}
      - {end: true}
  waiting:
    title: Wait for the customer
    enter_from_outside: false
    todos:
      - key: urge
        activity_type: phone
        matchcode: Urge
        assign: {team: Helpdesk}
        due: 3 business days
        at: 17:00
    next:
      - {to: intake, when: any_done}
"""
KNOWN = Known({"0042"}, {"Helpdesk"}, {"phone"})


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(DefinitionError) as refused:
        checked(text, "service-call.yaml", KNOWN)
    return refused.value.problems


@pytest.mark.rule("W2")
def test_a_definition_says_what_it_says():
    workflow = parsed(SERVICE_CALL, "service-call.yaml")

    look = workflow.steps["intake"].todos[0]
    urge = workflow.steps["waiting"].todos[0]
    assert workflow.name == "service-call"
    assert workflow.starts[0].case_kind is CaseKind.SERVICE_CALL
    assert workflow.starts[0].unless_running
    assert workflow.advances[0].inside == "waiting"
    assert look.text == "{{ address.name }} has written.\nPlease answer.\n"
    assert look.assign == Assignment(
        role="owner", otherwise=Assignment(team="Helpdesk", pick=Pick.LEAST_LOADED)
    )
    assert look.remind is not None
    assert look.remind.escalate is not None
    assert look.remind.escalate.to.employee == "0042"
    assert (urge.due, urge.at) == (Offset(3, Unit.BUSINESS_DAYS), time(17))
    assert not workflow.steps["waiting"].enter_from_outside
    assert workflow.steps["waiting"].next[0].when is When.ANY_DONE
    assert workflow.steps["intake"].next[1].end


@pytest.mark.rule("W5")
def test_what_was_written_is_the_same_after_it_was_stored():
    workflow = parsed(SERVICE_CALL, "service-call.yaml")

    assert Workflow.model_validate(workflow.stored()) == workflow


def test_what_makes_sense_passes_without_a_warning():
    result = checked(SERVICE_CALL, "service-call.yaml", KNOWN)

    assert result.warnings == ()
    assert result.workflow == parsed(SERVICE_CALL, "service-call.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        (
            "due: 4 hours",
            "due: soon",
            "22: steps.intake.todos[1].due: “soon” is no length of time: write it as",
        ),
        (
            "    title: Look at it",
            "    titel: Look at it",
            "12: steps.intake.titel: there is no such field: did you mean title?",
        ),
        (
            "        activity_type: phone\n        matchcode: Urge",
            "        actvity_type: phone\n        matchcode: Urge",
            "38: steps.waiting.todos[1].actvity_type: there is no such field: did you mean "
            "activity_type?",
        ),
        (
            "{team: Helpdesk, pick: least_loaded}",
            "{tem: Helpdesk, pick: least_loaded}",
            "21: steps.intake.todos[1].assign.else.tem: there is no such field: did you mean team?",
        ),
        (
            "title: Service call",
            "titl: Service call",
            "2: titl: there is no such field: did you mean title?",
        ),
        (
            "title: Service call",
            "title: Service call\nzzz: 1",
            "3: zzz: there is no such field: there are workflow, title, description, starts, "
            "advances, steps",
        ),
        (
            "    title: Look at it",
            "    condition: x",
            "12: steps.intake.condition: there is no such field: there are title,",
        ),
        (
            "{on: contact_received, in: waiting, enter: intake}",
            "{on: contact_received, in: waitng, enter: intake}",
            "9: advances[1].in: there is no step waitng: did you mean waiting?",
        ),
        (
            "{{ address.name }} has",
            "{{ address.nme }} has",
            "17: steps.intake.todos[1].text: address has no nme: it has number, name",
        ),
        (
            "role: owner,",
            "employee: 0043,",
            "21: steps.intake.todos[1].assign.employee: there is no employee 0043: did you "
            "mean 0042?",
        ),
        (
            "steps:\n  intake:",
            "steps:\n  Intake!:",
            "11: steps.Intake!.[key]: small letters",
        ),
        (
            "  - on: contact_received",
            "  on: contact_received",
            "5: mapping values are not allowed here",
        ),
        (
            "  - {on: contact_received, in: waiting, enter: intake}",
            "  on: contact_received",
            "8: advances: a list is expected here",
        ),
        (
            "        matchcode: Urge",
            "        matchcode: Urge\n        key: urge2",
            "40: steps.waiting.todos[1]: key stands here a second time: the first is on line 37",
        ),
        ("title: Service call", "title: 'Service call", "6: while parsing a block mapping"),
        ("title: Service call", "title: &x Service call", "2: anchors and aliases"),
        ("title: Service call", "title: *x", "2: anchors and aliases"),
        ("title: Service call", "title: !!python/object:os.system x", "2: tags (!)"),
        ("title: Service call", "? [a]\n: b", "2: the name of a field is a text"),
        ("title: Service call", 'title: "\\0"', "2: there is a character that no text has"),
        ("title: Service call", "title: \x07", "2: there is a character that no text has"),
        ("title: Service call", 'title: "\\ud800"', "2: there is a character that no text has"),
        ("title: Service call", 'title: "\\UFFFFFFFF"', "1: it is no readable YAML"),
        ("  waiting:\n", "---\n  waiting:\n", "33: a second document begins here"),
    ],
)
def test_a_problem_is_named_by_file_line_and_field(written, instead, says):
    assert SERVICE_CALL.count(written) == 1

    said = problems(SERVICE_CALL.replace(written, instead))

    assert any(each.startswith(f"service-call.yaml:{says}") for each in said)


def test_all_problems_are_named_at_once_in_the_order_of_their_lines():
    wrong = SERVICE_CALL.replace("due: 4 hours", "due: soon").replace("high", "urgent")

    lines = [each.split(":")[1] for each in problems(wrong)]

    assert lines == ["20", "22"]


def test_what_is_odd_is_a_warning_with_its_line():
    odd = SERVICE_CALL.replace("      - {end: true}\n", "      - {end: true, if: case.open}\n")

    [warning] = checked(odd, "service-call.yaml", KNOWN).warnings

    assert warning.startswith("service-call.yaml:30: steps.intake.next: warning: ")


@pytest.mark.parametrize("text", ["", "# nothing", "just words", "- a list", "steps: []", "~"])
def test_what_is_no_definition_is_refused(text):
    assert problems(text)


def test_what_has_too_many_problems_names_the_first():
    fields = "".join(f"field{number}: x\n" for number in range(MOST_PROBLEMS))

    said = problems(f"{fields}steps: {{}}\n")

    assert len(said) == MOST_PROBLEMS + 1
    assert said[-1] == "service-call.yaml: and 3 more problems"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * (LARGEST + 1), "more than 1,000,000 characters"),
        ("[" * 100_000, f"nested more than {DEEPEST} deep"),
        ("a: " * 1_000, "not allowed here"),
        ("- a\n" * (MOST_PARTS + 1), "more than 20,000 parts"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchors and aliases"),
        ("%YAML " + "9" * 5_000 + ".1\n--- a", "no readable YAML"),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_built(text, says):
    assert says in problems(text)[0]


def test_a_workflow_has_so_many_steps_and_no_more():
    head = "workflow: long\ntitle: Long\nsteps:\n"
    steps = [f"  s{number}: {{title: x}}\n" for number in range(MOST_STEPS + 1)]

    most = checked(head + "".join(steps[:-1]), "long.yaml", KNOWN)

    assert len(most.workflow.steps) == MOST_STEPS
    assert "at most 200" in problems(head + "".join(steps))[0]


pieces = st.sampled_from(
    [*SERVICE_CALL.splitlines(keepends=True), *"{}[]:,-?!&*|>'\"%@`# \t\n\0\x85\u2028", "---\n"]
)


@settings(deadline=None)  # a first time loads more
@given(st.text() | st.lists(pieces, max_size=40).map("".join))
def test_no_text_makes_the_parser_raise_anything_else(text):
    with suppress(DefinitionError):
        assert checked(text, "any.yaml", KNOWN).workflow.steps


@settings(deadline=None)  # a first time loads more
@given(st.integers(0, len(SERVICE_CALL)), st.integers(0, 20), st.text(max_size=5))
def test_no_slip_of_the_pen_makes_the_parser_raise_anything_else(position, cut, inserted):
    slipped = SERVICE_CALL[:position] + inserted + SERVICE_CALL[position + cut :]

    with suppress(DefinitionError):
        assert checked(slipped, "any.yaml", KNOWN).workflow.steps
