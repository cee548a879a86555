"""Header fields are folded, encoded and kept apart as the standards ask."""

import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mail import MailAddress
from tasks.mail.encoded_words import encoded_words
from tasks.mail.wire_addresses import wire_address
from tasks.mail.written_headers import written_mailbox, written_subject
from tasks.mail.written_names import ascii_name, disposition, typed

ENCODED_WORD = re.compile(r"=\?utf-8\?[bq]\?[!->@-~]+\?=", re.ASCII)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fehler E17", "Fehler E17"),
        ("  Fehler E17 ", "Fehler E17"),
        ("", ""),
        ("Prüfung der Anlage", "=?utf-8?q?Pr=C3=BCfung_der_Anlage?="),
        ("Prüfung", "=?utf-8?b?UHLDvGZ1bmc=?="),
        ("=?utf-8?q?no?=", "=?utf-8?b?PT91dGYtOD9xP25vPz0=?="),
        ("two  blanks", "=?utf-8?q?two__blanks?="),
        ("word " * 14 + "end", "word " * 12 + "word\r\n word end"),
        ("a" * 76, f"=?utf-8?q?{'a' * 50}?=\r\n =?utf-8?q?{'a' * 26}?="),
    ],
)
def test_a_subject_is_folded_at_single_blanks_or_encoded(subject, expected):
    assert written_subject(subject) == expected


@given(st.text(st.sampled_from("ab  üß=?_漢😀\u0308"), max_size=400))
def test_no_line_of_a_subject_is_longer_than_76(subject):
    lines = f"Subject: {written_subject(subject)}".split("\r\n")

    assert max(map(len, lines)) <= 76
    assert all(re.match(r" \S", line) for line in lines[1:])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_every_encoded_word_stands_for_whole_letters(text):
    words = encoded_words(text)

    assert all(ENCODED_WORD.fullmatch(word) and len(word) <= 75 for word in words)
    assert "".join(str(make_header(decode_header(word))) for word in words) == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "a@x.example"),
        ("   ", "a@x.example"),
        ("Petra Lang", "Petra Lang <a@x.example>"),
        ("Lang, Petra", '"Lang, Petra" <a@x.example>'),
        ("Dr. Lang", '"Dr. Lang" <a@x.example>'),
        ('P. "Pe" \\ Lang', '"P. \\"Pe\\" \\\\ Lang" <a@x.example>'),
        ("a@b.example", '"a@b.example" <a@x.example>'),
        ("=?utf-8?q?no?=", "=?utf-8?b?PT91dGYtOD9xP25vPz0=?= <a@x.example>"),
        ("Lang (Müller, Söhne)", "=?utf-8?b?TGFuZyAoTcO8bGxlciwgU8O2aG5lKQ==?= <a@x.example>"),
        ("n" * 61, f"=?utf-8?q?{'n' * 50}?=\r\n =?utf-8?q?{'n' * 11}?= <a@x.example>"),
        ("n" * 60, f"{'n' * 60}\r\n <a@x.example>"),
    ],
)
def test_a_name_is_quoted_or_encoded_where_it_must_be(name, expected):
    assert written_mailbox(MailAddress(name, "a@x.example")) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("petra@mueller.example", "petra@mueller.example"),
        ("Petra@Mueller.Example", "Petra@Mueller.Example"),
        ("petra@Müller.example", "petra@xn--mller-kva.example"),
        ("petra@straße.example", "petra@xn--strae-oqa.example"),
        ("petra@mu\u0308ller.test", "petra@xn--mller-kva.test"),
        ("pétra@müller.example", "pétra@xn--mller-kva.example"),
        ('"a@b"@x.example', '"a@b"@x.example'),
        ("petra@[192.0.2.1]", "petra@[192.0.2.1]"),
    ],
)
def test_an_international_domain_is_written_in_ascii(address, expected):
    assert wire_address(address) == expected


@pytest.mark.parametrize("domain", ["mü..example", "-ü-.example", "ü" * 70, "ü\u202e.example"])
def test_a_domain_that_cannot_be_written_in_ascii_is_refused(domain):
    with pytest.raises(ValueError, match="has a domain that cannot exist"):
        wire_address(f"petra@{domain}")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ""),
        ("Plan (1).pdf", 'filename="Plan (1).pdf"'),
        ("Prüfplan.pdf", "filename*=utf-8''Pr%C3%BCfplan.pdf"),
        ("100%.pdf", "filename*=utf-8''100%25.pdf"),
        ('a"b;c.pdf', "filename*=utf-8''a%22b%3Bc.pdf"),
        (
            "漢" * 8,
            "filename*0*=utf-8''" + "%E6%BC%A2" * 6 + ";\r\n filename*1*=" + "%E6%BC%A2" * 2,
        ),
    ],
)
def test_a_files_name_is_written_by_rfc_2231_where_it_must_be(name, expected):
    parameters = f";\r\n {expected}" if expected else ""

    assert disposition("attachment", name) == f"Content-Disposition: attachment{parameters}\r\n"


@given(st.text(st.characters(exclude_categories=["Cc"]), min_size=1, max_size=400))
def test_no_line_of_a_files_name_is_too_long(name):
    lines = (disposition("attachment", name) + typed("application/pdf", name)).split("\r\n")

    assert max(map(len, lines)) <= 78
    assert "".join(lines).isascii()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plan.pdf", "Plan.pdf"),
        ("Übersicht Straße.pdf", "Uebersicht Strasse.pdf"),
        ("U\u0308bersicht.pdf", "Uebersicht.pdf"),
        ("Café „Résumé“.pdf", "Cafe _Resume_.pdf"),
        ("漢字.pdf", "__.pdf"),
        ('a"b\\c/d;e.pdf', "a_b_c_d_e.pdf"),
        ("x" * 100 + ".xlsx", "x" * 55 + ".xlsx"),
        ("x" * 100, "x" * 60),
    ],
)
def test_mailers_that_read_ascii_only_get_a_name_that_resembles(name, expected):
    assert ascii_name(name) == expected
    assert typed("application/pdf", name) == (
        f'Content-Type: application/pdf;\r\n name="{expected}"\r\n'
    )
