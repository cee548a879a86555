"""Hits are marked in a text as it is written, whatever the letters' case and umlauts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hit_marks import AROUND, excerpt, hits_in
from domain.search_words import folded


def marked(text: str, *terms: str, whole_beginnings: bool = False) -> str:
    shown = excerpt(text, [folded(term) for term in terms], whole_beginnings)
    assert shown
    return "".join(f"[{piece}]" if hit else piece for piece, hit in shown.pieces)


@pytest.mark.parametrize(
    ("text", "term", "shown"),
    [
        ("Herr Müller ruft an", "mueller", "Herr [Müller] ruft an"),
        ("Herr Mueller ruft an", "müll", "Herr [Muell]er ruft an"),
        ("die Straße", "STRASSE", "die [Straße]"),
        ("die Straße", "stras", "die [Straß]e"),
        ("Mu\u0308ller", "mue", "[Mu\u0308]ller"),
        ("a \n\t b", "a b", "[a    b]"),
        ("100% 100%", "100%", "[100%] [100%]"),
        ("aaa", "aa", "[aaa]"),
    ],
)
def test_a_hit_is_marked_as_it_is_written(text, term, shown):
    assert marked(text, term) == shown


def test_words_are_found_by_their_beginnings_only():
    assert marked("Pumpe, Kolbenpumpe", "pump", whole_beginnings=True) == "[Pump]e, Kolbenpumpe"


def test_a_long_text_is_cut_around_the_first_hit():
    shown = marked("x" * 500 + " Pumpe " + "y" * 500, "pumpe")

    assert shown == f"… {'x' * (AROUND - 1)} [Pumpe] {'y' * (AROUND - 1)} …"


def test_a_text_without_a_hit_has_no_excerpt():
    assert excerpt("nothing here", ["pumpe"], whole_beginnings=False) is None


@given(st.text(), st.text(min_size=1, max_size=3))
def test_marks_lie_in_the_text_one_after_the_other(text, term):
    hits = hits_in(text, [folded(term)], whole_beginnings=False)

    assert all(start < end <= len(text) for start, end in hits)
    assert all(one[1] < other[0] for one, other in pairwise(hits))
