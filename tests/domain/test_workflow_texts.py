from contextlib import suppress
from dataclasses import replace
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.workflow_facts import (
    LONGEST_FACT,
    AddressFacts,
    CaseFacts,
    ContactFacts,
    Facts,
    OwnerFacts,
    PersonFacts,
    TitledFacts,
)
from domain.workflow_templates import FILTERS
from domain.workflow_texts import (
    LONGEST_TEXT,
    check_condition,
    check_template,
    holds,
    render,
    render_line,
)
from domain.workflow_wording import WorkflowReason

FACTS = Facts(
    case=CaseFacts("SC-1042", "service_call", "Fehler E17", open=True),
    workflow=TitledFacts("service-call", "Service call"),
    step=TitledFacts("intake", "Intake"),
    now_date=date(2026, 11, 23),
    address=AddressFacts("10001", "Müller Maschinenbau GmbH"),
    person=PersonFacts("Petra Müller"),
    owner=OwnerFacts("1002", "Jonas Weber"),
    contact=ContactFacts("{{ case.title }} & <b>", "petra@mueller.example"),
)
BARE = replace(FACTS, address=None, person=None, owner=None, contact=None)


@pytest.mark.rule("W2")
@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "Call {{ person.name }} of {{ address.name }}.\n",
            "Call Petra Müller of Müller Maschinenbau GmbH.\n",
        ),
        ("{{ case.number }}: {{ case.title | upper }}", "SC-1042: FEHLER E17"),
        ("{{ contact.matchcode }}", "{{ case.title }} & <b>"),  # filled in once, and as it is
        ("{{ 'open' if case.open else 'finished' }}", "open"),
        (
            "{{ workflow.title ~ ', ' ~ step.name }} {{ now_date }}",
            "Service call, intake 2026-11-23",
        ),
        ("{{ case.title | truncate(6) }}", "Feh..."),
        ("no facts", "no facts"),
        ("", ""),
    ],
)
def test_a_text_has_the_facts_filled_in(template, text):
    assert check_template(template) is None
    assert render(template, FACTS) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ person.name if person else 'somebody' }}", "somebody"),
        ("{{ person.name | default('somebody') }}", "somebody"),
        ("{{ 'yes' if contact and case.open else 'no' }}", "no"),
    ],
)
def test_a_text_can_say_what_stands_for_what_is_missing(template, text):
    assert render(template, BARE) == text


def test_a_text_keeps_its_lines_and_loses_other_control_characters():
    facts = replace(FACTS, case=replace(FACTS.case, title="A\x01\x00\x85B\u2028\ud800C\xa0D"))

    assert render("{{ case.title }}\n\tand so on\r\n", facts) == "ABC\xa0D\n\tand so on\n"
    assert render("{{ '\\ud800' }}", facts) == ""


@pytest.mark.parametrize("group", ["address", "person", "owner"])
def test_what_is_missing_is_a_reason_and_no_gap(group):
    with pytest.raises(Refused, match=f"there is no {group} here") as refused:
        render(f"Call {{{{ {group}.name }}}}", BARE)

    assert refused.value.refusals[0].reason is WorkflowReason.TEXT_FAILED


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ case.__class__ }}", "case has no __class__"),
        ("{{ case.titel }}", "it has number, kind, title, open"),
        ("{{ case.title.upper }}", r"\.upper is only offered of"),
        ("{{ case.title.format_map(case) }}", "a call is not offered"),
        ("{{ ''.__class__.__mro__ }}", r"\.__mro__ is only offered of"),
        ("{{ case['number'] }}", r"\[\.\.\.\] is not offered"),
        ("{{ case.title[0] }}", r"\[\.\.\.\] is not offered"),
        ("{{ range(9) }}", "a call is not offered"),
        ("{{ now_date.year }}", r"\.year is only offered of"),
        ("{{ cycler.name }}", "there is no cycler here"),
        ("{{ cycler }}", "there is no cycler here"),
        ("{{ self }}", "there is no self here"),
        ("{{ case }}", "case is not one value"),
        ("{{ owner or 'x' }}", "owner is not one value"),
        ("{{ case | upper }}", "case is not one value"),
        ("{{ 'a' * 1000000000 }}", "mul is not offered"),
        ("{{ 9 ** 9 ** 9 }}", "pow is not offered"),
        ("{{ 'a' + 'b' }}", "add is not offered"),
        ("{{ {1: 2} }}", "dict is not offered"),
        ("{{ case.title is string }}", "`is` is not offered"),
        ("{{ case.title | attr('x') }}", "there is no filter attr"),
        ("{{ case.title | replace('a', 'b') }}", "there is no filter replace"),
        ("{{ case.title | truncate(length=3) }}", "without names"),
        ("{% for i in case.title %}{{ i }}{% endfor %}", "no statement such as for"),
        ("{% set x = 1 %}", "no statement such as assign"),
        ("{% include 'x' %}", "no statement such as include"),
        ("{{ case.title", "unexpected end of template"),
        ("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", "nested too deeply|expected token"),
        ("{{ " + "not " * 100 + "case.open }}", "nested too deeply"),
        ("x" * 10_001, "more than 10,000 characters"),
        ("{{ " + "9" * 5_000 + " }}", "a number in it cannot be read"),
        ("{{ ٣.٥ }}", "a number in it cannot be read"),
        ("{{ 0x" + "f" * 5_000 + " }}", "a number in it is too large"),
        ("{{ case.title | truncate(10000000000000000) }}", "a number in it is too large"),
    ],
)
def test_a_text_that_reaches_outside_its_facts_is_refused(template, says):
    with pytest.raises(Refused, match=says) as refused:
        render(template, FACTS)

    assert refused.value.refusals[0].reason is WorkflowReason.TEMPLATE_REFUSED
    assert check_template(template) is not None


def test_a_text_that_gets_too_long_is_refused():
    wordy = replace(FACTS, contact=ContactFacts("x" * LONGEST_FACT, "petra@mueller.example"))
    template = "{{ contact.matchcode }}" * (LONGEST_TEXT // LONGEST_FACT)

    full = render(template, wordy)

    assert len(full) == LONGEST_TEXT
    with pytest.raises(Refused, match="longer than 20,000 characters"):
        render(template + ".", wordy)


def test_one_endless_fact_is_shortened_before_it_is_joined():
    endless = replace(FACTS, contact=ContactFacts("x" * 10_000_000, "petra@mueller.example"))
    template = "{{ " + " ~ ".join(["contact.matchcode"] * 15) + " }}"
    begun = process_time()

    text = render(template, endless)

    assert len(text) == 15 * LONGEST_FACT
    assert text.endswith("…")
    assert process_time() - begun < 2


@pytest.mark.parametrize(
    ("matchcode", "line"),
    [("a\r\nBcc: b", "a Bcc: b"), ("  a \t b ", "a b"), ("a\x00\x1b[31mb", "a[31mb")],
)
def test_a_matchcode_becomes_one_line_without_control_characters(matchcode, line):
    facts = replace(FACTS, contact=ContactFacts(matchcode, "petra@mueller.example"))

    assert render_line("{{ contact.matchcode }}", facts) == line


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("case.open", True),
        ("not case.open", False),
        ("case.kind == 'service_call' and owner", True),
        ("case.kind in ['order', 'project']", False),
        ("'E17' in case.title", True),
        ("contact and contact.sender != 'robot@mueller.example'", True),
        ("now_date >= '2026-12-01'", False),
        ("case.title | lower == 'fehler e17'", True),
    ],
)
def test_a_condition_is_answered(condition, answer):
    assert check_condition(condition) is None
    assert holds(condition, FACTS) is answer


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("{{ case.open }}", "dict|expected token"),
        ("case.open }} x {{ case.open", "one expression"),
        ("case.open case.open", "one expression"),
        ("case.number.__class__", "only offered of"),
        ("cases", "there is no cases here"),
        ("", "Expected an expression|end of"),
        ("9" * 900 + " > 1", "a number in it is too large"),
        ("1e999 > 1", "a number in it is too large"),
    ],
)
def test_a_condition_that_is_none_is_refused(condition, says):
    with pytest.raises(Refused, match=says):
        holds(condition, FACTS)

    assert check_condition(condition) is not None


@pytest.mark.parametrize(
    "condition",
    [
        "owner.name == 'x'",
        "case.title > 5",
        "case.title | truncate(2) == 'Re'",  # shorter than the dots that it puts
        "case.title | truncate(1.5, true, '')",
        "case.title | truncate('2')",
        "['a', 'b', 'c', 'd'] | truncate(3)",
        "case.title | trim(5)",
        "'a' in 5",
    ],
)
def test_a_condition_that_cannot_be_answered_is_a_reason(condition):
    with pytest.raises(Refused) as refused:
        holds(condition, BARE)

    assert refused.value.refusals[0].reason is WorkflowReason.TEXT_FAILED


values = st.sampled_from(
    [
        *("case.title", "case.open", "owner.name", "now_date", "['a', 'b', 'c', 'd']", "('a', 1)"),
        *("''", "'Re'", "0", "1", "2", "7", "1.5", "true", "none", "[]"),
    ]
)
filters = st.builds(
    "{} | {}({})".format,
    values,
    st.sampled_from(sorted(FILTERS)),
    st.lists(values, max_size=4).map(", ".join),
)
expressions = st.builds("{} {} {}".format, filters, st.sampled_from(["<", "==", "in", "~"]), values)


@settings(deadline=None)
@given(filters | expressions)
def test_whatever_a_filter_is_given_there_is_an_answer_or_a_reason(expression):
    for facts in (FACTS, BARE):
        with suppress(Refused):
            assert isinstance(holds(expression, facts), bool)

        with suppress(Refused):
            assert isinstance(render(f"{{{{ {expression} }}}}", facts), str)


words = st.sampled_from(
    [
        *"{}%()[]'\"|~.,-+*/=<>!# \n1",
        *("{{", "}}", "{%", "%}", "case", "owner", "open", "name", "__class__"),
        *("not", "if", "else", "in", "is", "for", "default", "truncate"),
    ]
)


@settings(deadline=None)  # a first time loads more
@given(st.lists(words, max_size=25).map("".join) | st.text(max_size=50))
def test_whatever_is_written_is_rendered_or_refused(template):
    with suppress(Refused):
        assert isinstance(render(template, FACTS), str)

    with suppress(Refused):
        assert isinstance(holds(template, FACTS), bool)
