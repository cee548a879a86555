"""What administrators write as templates is filled in one pass, and never reinterpreted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.placeholders import filled, filled_json, placeholders, texts_in

TEMPLATE = {"{to}": "{to}", "messages": [{"text": "{text}"}, 7, None, True], "id": "kw-{id}"}


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{a}", "1"),
        ("{a}{b}{a}", "1{a}1"),
        ("{unknown} {} {A} { a} {a", "{unknown} {} {A} { a} {a"),
        ("{{a}}", "{1}"),
    ],
)
def test_a_value_that_looks_like_a_placeholder_is_not_filled_again(template, written):
    assert filled(template, {"a": "1", "b": "{a}"}) == written


def test_a_template_tells_its_placeholders():
    assert placeholders("{to}, {text} and {to}; not {} or {Text}") == {"to", "text"}


def test_only_the_texts_of_json_are_filled():
    assert filled_json(TEMPLATE, {"to": "+49", "text": '"}{to}', "id": "1"}) == {
        "{to}": "+49",
        "messages": [{"text": '"}{to}'}, 7, None, True],
        "id": "kw-1",
    }


@given(st.text())
def test_no_value_changes_the_structure_around_it(text):
    written = json.dumps(filled_json(TEMPLATE, {"text": text}))

    assert json.loads(written)["messages"][0] == {"text": text}
    assert len(list(texts_in(json.loads(written)))) == len(list(texts_in(TEMPLATE)))
