"""What to think about before customers see a contact."""

import pytest

from domain.publishing import Caution, CautionKind
from domain.publishing_cautions import Known, Neighbour, Said, cautions

INTERNAL = "Bitte dem Kunden nichts von der defekten Serie sagen, sonst wird es teuer."
REPLY = f"Es läuft wieder.\n\nAm 23.11.2026 um 09:00 schrieb Petra Müller:\n> {INTERNAL}"
UNKNOWN = Caution(CautionKind.QUOTES_UNKNOWN)
JONAS = Known("Jonas Weber", ("jonas.weber@firm.example", "jw@firm.example"))


def repeats(contact: int) -> Caution:
    return Caution(CautionKind.REPEATS_UNPUBLISHED, str(contact))


def names(about: str) -> Caution:
    return Caution(CautionKind.NAMES_EMPLOYEE, about)


def quoting(text: str, *neighbours: Neighbour) -> tuple[Caution, ...]:
    return cautions(Said(text), neighbours, [])


def test_a_quoted_contact_that_is_not_published_is_named():
    assert quoting(REPLY, Neighbour(7, INTERNAL, published=False)) == (repeats(7),)


def test_a_quoted_contact_that_is_published_is_no_matter():
    assert quoting(REPLY, Neighbour(7, INTERNAL, published=True)) == ()


def test_what_customers_see_in_another_contact_they_may_see_again():
    same = Neighbour(8, INTERNAL, published=False)

    assert quoting(REPLY, same, Neighbour(7, INTERNAL, published=True)) == ()


@pytest.mark.rule("L9")
def test_a_private_contact_is_not_named_and_looks_like_one_that_nobody_knows():
    seen = quoting(REPLY, Neighbour(7, INTERNAL, published=False, private=True))
    unseen = quoting(REPLY)

    assert seen == unseen == (UNKNOWN,)


@pytest.mark.parametrize(
    "text",
    [
        f"Hallo.\n\n-----Ursprüngliche Nachricht-----\nVon: Anna\nAn: Jonas\nBetreff: E17\n"
        f"\n{INTERNAL}",
        f"Zur Kenntnis.\n\n---------- Forwarded message ----------\n\n{INTERNAL}",
        f"Danke, {INTERNAL}",
        INTERNAL,
    ],
)
def test_it_is_found_however_it_is_repeated(text):
    assert repeats(7) in quoting(text, Neighbour(7, INTERNAL, published=False))


def test_line_ends_quote_marks_and_letters_case_hide_nothing():
    wrapped = "Gut.\n\n> BITTE dem Kunden\n> > nichts von der\n> defekten Serie sagen"

    assert quoting(wrapped, Neighbour(7, INTERNAL, published=False)) == (repeats(7),)


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag,\n\nes läuft wieder.\n\nMit freundlichen Grüßen\n\n-- \nDas Team der Firma\n"
        "Musterweg 1, 12345 Musterstadt\nTel. 030 1234567, Fax 030 1234568",
        "",
        "> Ja.",
        "Am 23.11.2026 um 09:00 schrieb Petra <petra@mueller.example>:\n> Geht nicht.\n\nOk.",
    ],
)
def test_greetings_signatures_and_a_word_or_two_are_no_matter(text):
    greeting = "Guten Tag,\n\nwann kommen Sie?\n\nMit freundlichen Grüßen"

    assert quoting(text, Neighbour(7, greeting, published=False)) == ()


@pytest.mark.parametrize(
    ("said", "about"),
    [
        (Said("Jonas Weber meldet sich."), "Jonas Weber"),
        (Said("JONAS\nWEBER meldet sich."), "Jonas Weber"),
        (Said("Weber, Jonas meldet sich."), "Jonas Weber"),
        (Said("Siehe Jonas.Weber@firm.example."), "jonas.weber@firm.example"),
        (Said("x", ('<a href="mailto:jw@firm.example">hier</a>',)), "jw@firm.example"),
        (Said("x", ("Jonas Weber",)), "Jonas Weber"),
        (Said("x", ("Zeugnis Jonas Weber.pdf",)), "Jonas Weber"),
    ],
)
def test_a_colleague_who_is_named_anywhere_is_named_once(said, about):
    assert cautions(said, [], [JONAS]) == (names(about),)


@pytest.mark.parametrize(
    "text", ["Herr Weber kommt.", "Jonas kommt.", "Jonas Weberknecht", "info@firm.example", ""]
)
def test_others_and_half_a_name_are_no_matter(text):
    assert cautions(Said(text), [], [JONAS, Known("", ("",))]) == ()


def test_umlauts_are_found_however_they_are_written():
    assert cautions(Said("Mia Krueger"), [], [Known("Mia Krüger")]) == (names("Mia Krüger"),)
