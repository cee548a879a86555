"""Searches see no difference between letters' cases, umlauts and their transcriptions (L2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadFilter
from domain.search_words import LONGEST, folded, search_term, words


@pytest.mark.rule("L2")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mueller", "Müller"),
        ("MÜLLER", "Mueller"),
        ("Straße", "STRASSE"),
        ("Türschloß", "tuerschloss"),
        ("GROẞ", "gross"),
        ("Mu\u0308ller", "müller"),  # written with a combining mark
        ("Café", "cafe"),
        ("Łódź".replace("Ł", "L"), "lodz"),
        ("ﬁrma", "Firma"),  # a ligature
        ("a\u00a0 b\t\nc", "A b C"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_these_are_the_same_to_a_search(one, other):
    assert folded(one) == folded(other)


def test_different_letters_stay_different():
    assert folded("Muller") != folded("Müller")


@given(st.text())
def test_what_is_folded_stays_so(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text())
def test_no_zero_byte_is_left_for_the_database(before, after):
    assert "\0" not in folded(f"{before}\0{after}")


def test_words_are_letters_and_digits():
    assert words("Re: K-2025_17, Müller & Söhne!") == ["re", "k", "2025", "17", "mueller", "soehne"]


@pytest.mark.parametrize("term", ["a\nb", "a\0b", "\x1b[2J", "\ud800"])
def test_control_characters_are_not_searched_for(term):
    with pytest.raises(BadFilter, match="control characters"):
        search_term(term)


def test_a_search_is_no_novel():
    with pytest.raises(BadFilter, match="at most 200"):
        search_term("a" * (LONGEST + 1))
