"""Links are found in what people write, and made of what the operator says."""

from time import process_time

import pytest

from domain.links import Record, links_in, problems_of_template, record_link

QUICK = 1.0  # seconds
CALL = "https://meet.example/abc-def"


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Halle 3", []),
        (CALL, [CALL]),
        (f"Einwahl: {CALL}.", [CALL]),
        (f"({CALL})", [CALL]),
        (f"<{CALL}>, sonst anrufen", [CALL]),
        (f'"{CALL}"?', [CALL]),
        (f"**{CALL}**", [CALL]),
        (f"{CALL}\n{CALL}", [CALL]),
        (f"{CALL} oder HTTP://two.example", [CALL, "HTTP://two.example"]),
        ("https://wiki.example/Halle_(Hof)", ["https://wiki.example/Halle_(Hof)"]),
        ("(https://wiki.example/Halle_(Hof))", ["https://wiki.example/Halle_(Hof)"]),
        ("https://meet.example/j/1?pwd=a.b&x=[1]#t", ["https://meet.example/j/1?pwd=a.b&x=[1]#t"]),
        ("https:// und http://...", []),
        ("javascript:alert(1) file:///etc/passwd", []),
        (f"https://too.example/{'x' * 3000} {CALL}", [CALL]),
    ],
)
def test_links_are_found_without_the_sentence_around_them(text, found):
    assert links_in(text) == found


def test_links_of_several_texts_are_each_given_once_in_their_order():
    assert links_in(CALL, f"https://one.example {CALL}") == [CALL, "https://one.example"]


@pytest.mark.parametrize("text", ["http://" * 20_000, "https://x" + ")" * 100_000, "http" * 50_000])
def test_hostile_text_takes_no_time(text):
    began = process_time()

    links_in(text)

    assert process_time() - began < QUICK


@pytest.mark.parametrize(
    ("template", "kind", "number", "link"),
    [
        ("https://erp.example/{kind}/{number}", Record.CASE, "SC-1042", "/case/SC-1042"),
        ("https://erp.example/{kind}?id={number}", Record.APPOINTMENT, 4, "/appointment?id=4"),
        (
            "https://erp.example/{kind}/{number}",
            Record.CASE,
            "A/1 ü{kind}",
            "/case/A%2F1%20%C3%BC%7Bkind%7D",
        ),
    ],
)
def test_a_template_is_filled_in(template, kind, number, link):
    assert record_link(template, kind, number) == f"https://erp.example{link}"


@pytest.mark.parametrize(
    ("template", "problems"),
    [
        ("", []),
        ("https://erp.example/{kind}/{number}", []),
        ("erp://{kind}/{number}", []),
        ("https://erp.example/{number}", ["must have {kind}"]),
        ("https://erp.example/{kind}", ["must have {number}"]),
        (
            "erp.example/{kind}/{number}",
            ["must be an address such as https://erp.example/{kind}/{number}"],
        ),
        (
            "https://erp.example/{kind} {number}",
            ["must be an address such as https://erp.example/{kind}/{number}"],
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_said(template, problems):
    assert list(problems_of_template(template)) == problems
