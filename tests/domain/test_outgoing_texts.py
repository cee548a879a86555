"""What is put to a contact's subject and text before they go out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outgoing_texts import (
    prefixed,
    reply_subject,
    signed,
    signed_html,
    tokened,
)
from domain.tokens import case_token, cases_signed_in

SECRET = b"a secret of the tests"
TOKEN = case_token("SC-1042", SECRET)
SIGNATURE = "Jonas Weber\nHelpdesk <Firma>"
lines = st.text(st.sampled_from("ab <>&-ü\n\r "), max_size=40)


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    ("matchcode", "expected"),
    [
        ("Fehler E17", "[Helpdesk] Fehler E17"),
        ("AW: Fehler E17", "[Helpdesk] AW: Fehler E17"),
        ("Frage an [Helpdesk]", "[Helpdesk] Frage an [Helpdesk]"),
        ("[Helpdesk 2] Fehler", "[Helpdesk] [Helpdesk 2] Fehler"),
        ("", "[Helpdesk]"),
    ],
)
def test_the_prefix_of_an_area_stands_before_the_subject(matchcode, expected):
    assert prefixed(matchcode, "[Helpdesk]") == expected


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    "matchcode",
    [
        "[Helpdesk] Fehler E17",
        "[HELPDESK]Fehler E17",
        "AW: [Helpdesk] Fehler E17",
        "AW: RE: [helpdesk] Fehler E17",
        "[EXTERN] AW: [Helpdesk] Fehler E17",
        "[Liste] [Helpdesk] Fehler E17",
        "[Liste] AW: [Helpdesk] Fehler E17",
        "[Fwd: [Helpdesk] Fehler E17]",
        "  [Helpdesk] ",
    ],
)
def test_a_prefix_that_stands_there_is_not_put_twice(matchcode):
    assert prefixed(matchcode, "[Helpdesk]") == matchcode


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    ("matchcode", "prefix"),
    [
        ("AW: [Extern] Fehler", "[Extern]"),
        ("[Pru\u0308fung] Fehler", "[Prüfung]"),
        ("[Help  desk] Fehler", "[Help desk]"),
        ("SC: Fehler", "SC"),
        ("Fehler", ""),
        ("Fehler", "  "),
    ],
)
def test_a_prefix_is_known_however_it_is_written(matchcode, prefix):
    assert prefixed(matchcode, prefix) == matchcode


def test_a_word_that_only_begins_like_the_prefix_is_not_taken_for_it():
    assert prefixed("Schraube lose", "SC") == "SC Schraube lose"


@pytest.mark.rule("E6")
@given(st.text(max_size=30), st.text(max_size=10))
def test_a_second_prefixing_changes_nothing(matchcode, prefix):
    once = prefixed(matchcode, prefix)

    assert prefixed(once, prefix) == once


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("matchcode", "expected"),
    [
        ("Fehler E17", f"Fehler E17 [{TOKEN}]"),
        ("Fehler E17 ", f"Fehler E17 [{TOKEN}]"),
        ("Fehler SC-1042", f"Fehler SC-1042 [{TOKEN}]"),
        ("", f"[{TOKEN}]"),
        (f"a{TOKEN}", f"a{TOKEN} [{TOKEN}]"),
        (f"{TOKEN}a", f"{TOKEN}a [{TOKEN}]"),
    ],
)
def test_a_token_stands_at_the_subjects_end(matchcode, expected):
    assert tokened(matchcode, TOKEN) == expected


@pytest.mark.parametrize(
    "matchcode",
    [
        f"AW: Fehler [{TOKEN}]",
        f"AW: {TOKEN.upper()} Fehler",
        TOKEN.replace(".", " . "),
        TOKEN[:-4] + "\u00a0" + TOKEN[-4:],
        TOKEN[:8] + TOKEN[8:].replace("0", "O").replace("1", "l"),
    ],
)
def test_a_token_that_can_be_read_is_not_put_twice(matchcode):
    assert tokened(matchcode, TOKEN) == matchcode


@st.composite
def garbled_tokens(draw):
    """Give the token as mailers and people write it, more or less."""
    letters = [
        draw(
            st.sampled_from(
                [letter] * 20 + [letter.upper(), {"0": "O", "1": "l"}.get(letter, letter)]
            )
        )
        + draw(st.sampled_from([""] * 20 + [" ", "\u00a0", "\u200b", "    ", "x"]))
        for letter in TOKEN
    ]
    around = st.text(st.sampled_from("a1 -[].ü"), max_size=3)
    return draw(around) + "".join(letters) + draw(around)


@given(garbled_tokens())
def test_a_token_is_put_exactly_where_its_case_could_not_be_read(matchcode):
    could_be_read = "SC-1042" in cases_signed_in(matchcode, SECRET)

    with_token = tokened(matchcode, TOKEN)

    assert (with_token == matchcode) == could_be_read
    assert "SC-1042" in cases_signed_in(with_token, SECRET)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fehler E17", "AW: Fehler E17"),
        ("AW: Re: Fehler E17", "AW: Fehler E17"),
        ("[EXTERN] WG: Fehler E17", "AW: Fehler E17"),
        ("AW: [Helpdesk] Fehler E17", "AW: [Helpdesk] Fehler E17"),
        ("", ""),
        ("Re: ", ""),
    ],
)
def test_a_reply_has_one_prefix(subject, expected):
    assert reply_subject(subject) == expected


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    ("text", "signature", "expected"),
    [
        ("Guten Tag", "Jonas", "Guten Tag\n\n-- \nJonas"),
        ("Guten Tag\n\n\n", "\nJonas\n\n", "Guten Tag\n\n-- \nJonas"),
        ("Guten Tag", "-- \nJonas", "Guten Tag\n\n-- \nJonas"),
        ("Guten Tag", "Jonas  \r\n\r\nFirma", "Guten Tag\n\n-- \nJonas\n\nFirma"),
        ("Gruß\nJonas", "Jonas", "Gruß\nJonas\n\n-- \nJonas"),
        ("Tag\n-- \nMia", "Jonas", "Tag\n-- \nMia\n\n-- \nJonas"),
        ("", "Jonas", "-- \nJonas"),
        ("Guten Tag\n", "", "Guten Tag\n"),
        ("Guten Tag\n", " \n", "Guten Tag\n"),
        ("Guten Tag\n", "-- \n", "Guten Tag\n"),
    ],
)
def test_a_signature_stands_below_its_separator(text, signature, expected):
    assert signed(text, signature) == expected


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag\n\n-- \nJonas Weber\nHelpdesk <Firma>",
        "Guten Tag\n--\nJonas Weber\nHelpdesk <Firma>\n\n",
        "Guten Tag\r\n\r\n-- \r\nJonas Weber \r\nHelpdesk  <Firma>\r\n",
        "-- \nJonas Weber\nHelpdesk <Firma>",
    ],
)
def test_a_signature_that_ends_the_text_is_not_put_twice(text):
    assert signed(text, SIGNATURE) == text


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Tag</p>", "<p>Tag</p>\n<p>-- <br>\nJonas Weber<br>\nHelpdesk &lt;Firma&gt;</p>"),
        (
            "<html><body>Tag </Body> </html>\n",
            "<html><body>Tag\n<p>-- <br>\nJonas Weber<br>\nHelpdesk &lt;Firma&gt;</p>"
            "</Body> </html>\n",
        ),
        ("", "<p>-- <br>\nJonas Weber<br>\nHelpdesk &lt;Firma&gt;</p>"),
    ],
)
def test_a_signature_in_rich_text_is_escaped_and_keeps_its_lines(html, expected):
    assert signed_html(html, SIGNATURE) == expected


@pytest.mark.rule("E6")
@pytest.mark.parametrize(
    "html",
    [
        "<p>Tag</p><p>-- <br />Jonas Weber<br />Helpdesk &lt;Firma&gt;</p>",
        "<div>Tag</div><div>--&nbsp;</div><div>Jonas <b>Weber</b></div>"
        "<div>Helpdesk &lt;Firma&gt;</div><div><br></div>",
    ],
)
def test_a_signature_that_an_editor_rewrote_is_not_put_twice(html):
    assert signed_html(html, SIGNATURE) == html


def test_an_empty_signature_leaves_rich_text_alone():
    assert signed_html("<p>Tag</p>\n", "\n") == "<p>Tag</p>\n"


@pytest.mark.rule("E6")
@given(lines, lines)
def test_a_second_signing_changes_nothing(text, signature):
    once, rich = signed(text, signature), signed_html(text, signature)

    assert signed(once, signature) == once
    assert signed_html(rich, signature) == rich
