from typing import Any
from xml.etree import ElementTree

import pytest

from domain.workflow_pictures import picture
from domain.workflows import Workflow

SVG = "{http://www.w3.org/2000/svg}"


def workflow(**fields: Any) -> Workflow:
    usual = {
        "workflow": "repair",
        "title": "Repair",
        "starts": [{"on": "contact_received", "case_kind": "order", "enter": "intake"}],
        "advances": [{"on": "contact_received", "in": "wait", "enter": "intake"}],
        "steps": {
            "intake": {
                "title": "Look at <it> & more",
                "next": [
                    {"to": "wait", "outcome": "ask"},
                    {"to": "close", "outcome": "ok", "if": 'case.kind == "order"'},
                    {"to": "close", "after": "1 week"},
                ],
            },
            "wait": {"title": "Wait", "next": [{"to": "intake", "after": "2 days"}]},
            "close": {"title": "Close"},
        },
    }
    return Workflow.model_validate({**usual, **fields})


def drawn(counts: dict[str, str], **fields: Any) -> ElementTree.Element:
    return ElementTree.fromstring(picture(workflow(**fields), counts))  # noqa: S314 - it is ours


def texts(svg: ElementTree.Element) -> list[str]:
    return [each.text for each in svg.iter(f"{SVG}text") if each.text]


def test_each_step_is_a_box_with_its_title_and_what_is_said_of_it():
    svg = drawn({"intake": "3 cases", "close": "1 case"})

    said = texts(svg)
    assert len(list(svg.iter(f"{SVG}rect"))) == 3
    assert {"Look at <it> & more", "Wait", "Close", "3 cases", "1 case"} <= set(said)


def test_what_leads_the_same_way_is_one_arrow_that_says_all_of_it():
    svg = drawn({})

    ways = [each for each in svg.iter(f"{SVG}path") if "marker-end" in each.attrib]
    assert len(ways) == 5  # one of them begins the workflow
    assert any(each.startswith("outcome ok if case.kind") for each in texts(svg))
    assert {"outcome ask", "after 2 days / contact", "order: contact"} <= set(texts(svg))


@pytest.mark.parametrize(("steps", "height"), [(1, 156), (10, 1020)])
def test_a_picture_is_as_high_as_its_steps_need(steps, height):
    named = {f"s{number}": {"title": f"Step {number}"} for number in range(steps)}

    svg = drawn({}, steps=named, starts=[], advances=[])

    assert svg.attrib["height"] == str(height)
    tops = [float(each.attrib["y"]) for each in svg.iter(f"{SVG}rect")]
    assert tops == sorted(set(tops))
