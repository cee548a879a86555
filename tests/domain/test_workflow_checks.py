from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workflow_checks import Finding, Known, findings
from domain.workflow_cycles import cycles_without_a_person
from domain.workflows import Workflow

KNOWN = Known({"1001", "1002"}, {"Helpdesk"}, {"phone", "e-mail"})


def todo(**fields: Any) -> dict[str, Any]:
    usual = {"key": "call", "matchcode": "Call", "activity_type": "phone"}
    return {**usual, "assign": {"role": "owner"}, **fields}


def step(*todos: dict[str, Any], then: tuple[dict[str, Any], ...] = (), **fields: Any) -> Any:
    return {"title": "A step", "todos": todos, "next": then, **fields}


def workflow(*, starts: Any = (), advances: Any = (), **steps: Any) -> Workflow:
    return Workflow.model_validate(
        {
            "workflow": "repair",
            "title": "Repair",
            "starts": starts,
            "advances": advances,
            "steps": steps,
        }
    )


def found(of: Workflow) -> list[Finding]:
    return list(findings(of, KNOWN))


def test_nothing_is_wrong_with_what_makes_sense():
    sensible = workflow(
        starts=[{"on": "contact_received", "case_kind": "service_call", "enter": "intake"}],
        advances=[{"on": "contact_received", "in": "waiting", "enter": "intake"}],
        intake=step(
            todo(outcomes=["solved", "ask"], due="1 day", remind={"after": "1 hour"}),
            then=({"to": "waiting", "outcome": "ask"}, {"end": True, "outcome": "solved"}),
        ),
        waiting=step(then=({"to": "intake", "after": "3 days"},)),
    )

    assert found(sensible) == []


@pytest.mark.parametrize(
    ("wrong", "where", "says"),
    [
        ({"activity_type": "phon"}, ("activity_type",), "did you mean phone?"),
        ({"assign": {"employee": "1009"}}, ("assign", "employee"), "no employee 1009"),
        ({"assign": {"team": "Helpdesks"}}, ("assign", "team"), "did you mean Helpdesk?"),
        (
            {"assign": {"role": "owner", "else": {"team": "Nobody"}}},
            ("assign", "else", "team"),
            "no team Nobody",
        ),
        ({"matchcode": "{{ cse.title }}"}, ("matchcode",), "there is no cse here"),
        ({"text": "{% if 1 %}"}, ("text",), "end of template"),
        ({"if": "case.titel"}, ("if",), "case has no titel"),
        ({"remind": {"after": "1 hour"}}, ("remind",), "never overdue"),
        (
            {
                "due": "1 day",
                "remind": {
                    "after": "1 hour",
                    "escalate": {"after": 1, "to": {"employee": "7"}},
                },
            },
            ("remind", "escalate", "to", "employee"),
            "no employee 7",
        ),
    ],
)
@pytest.mark.parametrize("as_part", [False, True])
def test_what_is_wrong_with_a_todo_is_found_where_it_stands(wrong, where, says, as_part):
    written = todo(key="whole", parts=[todo(**wrong)]) if as_part else todo(**wrong)

    [finding] = found(workflow(intake=step(written)))

    inner = ("parts", 0) if as_part else ()
    assert finding.path == ("steps", "intake", "todos", 0, *inner, *where)
    assert says in finding.sentence
    assert finding.is_error


@pytest.mark.parametrize(
    ("transition", "where", "says"),
    [
        ({"to": "intak"}, "to", "there is no step intak: did you mean intake?"),
        ({"end": True, "outcome": "no"}, "outcome", "there is no todo with the outcome no"),
        ({"end": True, "if": "owner.nam"}, "if", "owner has no nam"),
    ],
)
def test_a_transition_that_leads_nowhere_is_found(transition, where, says):
    wrong = workflow(intake=step(todo(), then=({"end": True}, transition)))

    [finding] = found(wrong)

    assert finding == Finding(("steps", "intake", "next", 1, where), finding.sentence)
    assert says in finding.sentence


def test_a_step_without_todos_has_none_that_could_be_done():
    [finding, *_] = found(workflow(a=step(then=({"end": True, "when": "any_done"},))))

    assert finding.path == ("steps", "a", "next", 0, "when")


def test_what_starts_and_advances_names_steps_that_are_there():
    lost = workflow(
        starts=[{"on": "contact_received", "case_kind": "order", "enter": "b", "if": "x"}],
        advances=[{"on": "contact_received", "in": "c", "enter": "d"}],
        a=step(todo()),
    )

    paths = [finding.path for finding in found(lost)]

    assert paths == [
        ("starts", 0, "enter"),
        ("starts", 0, "if"),
        ("advances", 0, "in"),
        ("advances", 0, "enter"),
    ]


@pytest.mark.parametrize(
    ("then", "stays"),
    [
        ((), False),
        (({"to": "b"},), False),
        (({"to": "b", "after": "1 day"}, {"to": "b"}), False),
        (({"to": "b", "after": "1 day"},), True),
        (({"to": "b", "if": "not case.open"}, {"end": True, "after": "1 day"}), True),
    ],
)
def test_a_step_without_todos_in_which_no_case_stays_is_not_advanced_from(then, stays):
    advance = {"on": "contact_received", "in": "a", "enter": "b"}
    passing = workflow(advances=[advance], a=step(then=then), b=step(todo()))

    paths = [each.path for each in found(passing) if each.is_error]

    assert paths == ([] if stays else [("advances", 0, "in")])


def test_a_last_step_is_advanced_from_while_its_todos_are_open():
    advance = {"on": "contact_received", "in": "a", "enter": "a"}

    assert found(workflow(advances=[advance], a=step(todo()))) == []


def test_without_knowing_the_directory_its_names_are_not_checked():
    unknown = workflow(a=step(todo(activity_type="?", assign={"team": "?"})))

    assert list(findings(unknown, Known())) == []


@pytest.mark.parametrize("outside", [False, True])
def test_a_step_that_is_never_entered_is_odd(outside):
    lonely = workflow(
        a=step(todo(), then=({"end": True},)), b=step(todo(), enter_from_outside=outside)
    )

    odd = found(lonely)

    assert [(each.path, each.is_error) for each in odd] == (
        [] if outside else [(("steps", "b"), False)]
    )


@pytest.mark.parametrize(
    "then",
    [
        ({"end": True, "if": "case.open"},),
        ({"end": True, "outcome": "yes"},),
        ({"end": True, "outcome": "yes"}, {"end": True, "outcome": "no", "if": "case.open"}),
    ],
)
def test_a_step_that_may_stand_still_is_odd(then):
    [odd] = found(workflow(a=step(todo(outcomes=["yes", "no"]), then=then)))

    assert odd.path == ("steps", "a", "next")
    assert "nothing follow" in odd.sentence
    assert not odd.is_error


@pytest.mark.rule("W1")
def test_a_definition_that_creates_without_end_is_refused_with_its_cycle():
    endless = workflow(
        a=step(todo(), then=({"end": True}, {"to": "b", "after": "1 day"})),
        b=step(then=({"to": "c"},)),
        c=step(todo(**{"if": "case.open"}), then=({"to": "a"},)),
    )

    [finding] = found(endless)

    assert finding.path == ("steps", "a", "next")
    assert finding.sentence.endswith("a -> b -> c -> a")
    assert finding.is_error


@pytest.mark.parametrize(
    "by_a_person",
    [{"to": "a"}, {"to": "a", "when": "any_done"}, {"to": "a", "outcome": "again"}],
)
def test_a_cycle_that_a_person_goes_round_is_allowed(by_a_person):
    again = step(todo(outcomes=["again"]), then=(by_a_person, {"end": True}))

    assert found(workflow(a=again)) == []


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4), min_size=1
    )
)
def test_a_cycle_is_found_where_there_is_one(edges):
    steps = {name: step(then=tuple({"to": to} for to in tos)) for name, tos in edges.items()}
    reached = {name: set(tos) for name, tos in edges.items()}
    for _ in edges:
        for tos in reached.values():
            tos |= {further for to in tos for further in reached.get(to, ())}

    cycles = list(cycles_without_a_person(workflow(**steps)))

    assert bool(cycles) == any(name in tos for name, tos in reached.items())
    assert all(b in edges[a] for cycle in cycles for a, b in pairwise([*cycle, cycle[0]]))
