"""A fax shows its cover and all of its text, in any script of Europe, whatever the text is."""

import io
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from domain.gateways import Paper
from tasks.fax_pages import MOST_PAGES, Cover, FaxPages, TooManyPages, fax_pages
from tasks.fax_text import printable, wrapped

COVER = Cover(
    recipient="Müller Maschinenbau GmbH, Petra Müller",
    number="+49301234567",
    sender="Anna Berger",
    date=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    subject="Angebot für Halle 2",
    sender_fax="+49 30 7654321",
)
ASCII = frozenset(range(0x20, 0x7F))


def cover(**changes: Any) -> Cover:
    return replace(COVER, **changes)


def shown(fax: FaxPages) -> str:
    """Read what stands on all pages, white space aside."""
    pages = PdfReader(io.BytesIO(fax.pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.rule("F3")
def test_the_cover_names_everything_that_identifies_the_fax():
    fax = fax_pages(COVER, "Guten Tag")

    for words in (
        "An / To Müller Maschinenbau GmbH, Petra Müller",
        "Faxnummer / Fax +49 30 1234567",
        "Von / From Anna Berger",
        "Rückfax / Reply fax +49 30 7654321",
        "Datum / Date 23.11.2026 09:00 UTC",
        "Betreff / Subject Angebot für Halle 2",
        "Seiten / Pages 1",
        "Guten Tag 1 / 1",
    ):
        assert words in shown(fax)
    assert "Telefon" not in shown(fax)  # what is not known is left out


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Ærø, Łódź, Žluťoučký kůň, Hőgyész, Țara, İstanbul, Þingvellir, ŵy, ǩǯ",
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, ᾠδή",
        "Съешь же ещё этих мягких булок; Київ, ґанок, Њујорк, Ѓорче, Ўзбек",
        "საქართველო",
        "100 € – „Angebot“ … § 5 → A • B ½",
        "{nb} {pages} %s \\(a\\) <b>fett</b> **fett**",
    ],
)
def test_every_script_of_europe_is_printed_as_it_is(text):
    fax = fax_pages(cover(subject=text), text)

    assert shown(fax).count(text) == 2
    assert fax.missing == ""


def test_a_letter_written_as_letter_and_accent_is_printed_as_one():
    assert "für Łódź" in shown(fax_pages(COVER, "fu\u0308r Ło\u0301dz\u0301"))


@pytest.mark.parametrize(
    ("text", "printed", "missing"),
    [
        ("漢字 漢", "[?][?] [?]", "字漢"),
        ("gut 😀", "gut [?]", "😀"),
        ("\ud800", "[?]", "\ud800"),
        ("שלום", "[?][?][?][?]", "םולש"),
        ("a\x00b\x1b[1mc", "ab[1mc", ""),
        ("a\u200bb\u202ec\u00add", "abcd", ""),
        ("a\u00a0b\u2003c", "a b c", ""),
    ],
)
def test_what_cannot_be_printed_is_replaced_and_told(text, printed, missing):
    fax = fax_pages(COVER, text)

    assert f" {printed} 1 / 1" in shown(fax)
    assert set(fax.missing) == set(missing)


def test_a_long_text_is_printed_to_its_end():
    words = " ".join(f"Wort{number}" for number in range(3000))

    fax = fax_pages(COVER, words)

    reader = PdfReader(io.BytesIO(fax.pdf))
    printed = shown(fax).split()
    footers = [page.extract_text().split("\n")[-1].strip() for page in reader.pages]
    assert footers == [f"{number} / {fax.pages}" for number in range(1, fax.pages + 1)]
    assert fax.pages > 1
    assert [word for word in printed if word.startswith("Wort")] == words.split()
    assert printed[printed.index("Pages") + 1] == str(fax.pages)


@pytest.mark.parametrize("text", ["", "\n", "Zeile\r\nZeile\rZeile\fZeile\tTab"])
def test_a_short_fax_is_one_page(text):
    assert fax_pages(COVER, text).pages == 1


@pytest.mark.parametrize(("paper", "points"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_the_pages_have_the_gateways_paper(paper, points):
    [page] = PdfReader(io.BytesIO(fax_pages(COVER, "", paper).pdf)).pages

    assert (round(page.mediabox.width), round(page.mediabox.height)) == points


def test_the_same_values_give_the_same_bytes():
    first, second = (fax_pages(COVER, "Łódź\nΑθήνα") for _ in range(2))
    other = fax_pages(cover(subject="Rechnung"), "Łódź\nΑθήνα")

    assert first.pdf == second.pdf != other.pdf


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "漢" * 100_000,
        "e\u0301" * 50_000,
        "\u0301" * 100_000,
        " " * 100_000 + "x",
        "\x00\u202e" * 50_000,
        "\t\r" * 50_000,
        "(\\" * 50_000,
        "".join(map(chr, range(0x20, 0x3000))),
    ],
    ids=lambda text: ascii(text[:2]),
)
def test_a_hostile_text_is_laid_out_in_seconds(text):
    started = time.process_time()

    fax = fax_pages(cover(recipient=text[:1000]), text)

    assert fax.pages <= MOST_PAGES
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("changes", "text"),
    [({}, "x\n" * 100_000), ({}, "x" * 5_000_000), ({"recipient": "x\n" * 100_000}, "")],
)
def test_a_fax_without_an_end_is_refused(changes, text):
    with pytest.raises(TooManyPages, match="more than 200 pages"):
        fax_pages(cover(**changes), text)


@given(st.text(alphabet="ab \n", max_size=80), st.integers(min_value=1, max_value=20))
def test_wrapping_loses_nothing_but_the_space_at_which_it_breaks(text, width):
    lines = list(wrapped(text, width, len))

    assert all(len(line) <= width for line in lines)
    rest = text
    for line in lines:
        assert rest.startswith(line)
        rest = rest[len(line) :].removeprefix("\n" if rest[len(line) :][:1] == "\n" else " ")
    assert rest == ""


@given(st.text(), st.integers(min_value=1, max_value=20))
def test_every_text_can_be_printed(text, width):
    shown = printable(text, ASCII)

    lines = wrapped(shown.text, width, len)

    assert all(0x20 <= ord(each) < 0x7F for line in lines for each in line)


@settings(max_examples=20, deadline=None)
@given(st.text(), st.text())
def test_every_text_becomes_a_fax(subject, text):
    assert fax_pages(cover(subject=subject, recipient=subject), text).pdf.startswith(b"%PDF-")
