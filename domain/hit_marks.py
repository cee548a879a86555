"""Where in a text what was searched for stands, and the piece of the text around it."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from domain.search_words import folded

AROUND = 60  # characters shown on each side of the first hit
LOOKED_THROUGH = 100_000  # characters of a text


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text, and from where to where in it the hits are."""

    text: str
    hits: tuple[tuple[int, int], ...]

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Cut it into pieces, each with whether it is a hit."""
        done = 0
        for start, end in self.hits:
            yield self.text[done:start], False
            yield self.text[start:end], True
            done = end
        yield self.text[done:], False


def hits_in(text: str, wanted: Collection[str], whole_beginnings: bool) -> list[tuple[int, int]]:
    """Find folded terms in a text, as it is written there, from where to where.

    With whole_beginnings only where a word begins, as full text is searched.
    """
    plain, places = _folded_with_places(text[:LOOKED_THROUGH])
    found = []
    for term in wanted:
        at = plain.find(term) if term else -1
        while at >= 0:
            if not (whole_beginnings and at and plain[at - 1].isalnum()):
                found.append((places[at][0], places[at + len(term) - 1][1]))
            at = plain.find(term, at + 1)
    return _merged(found)


def excerpt(text: str, wanted: Collection[str], whole_beginnings: bool) -> Excerpt | None:
    """Show the first hit in a text with what stands around it; None where there is none."""
    hits = hits_in(text, wanted, whole_beginnings)
    if not hits:
        return None
    begin, end = max(hits[0][0] - AROUND, 0), hits[0][1] + AROUND
    shown = text[begin:end]
    inside = [(start - begin, stop - begin) for start, stop in hits if stop <= end]
    dots = "… " if begin else ""
    moved = tuple((start + len(dots), stop + len(dots)) for start, stop in inside)
    one_line = "".join(" " if each.isspace() else each for each in shown)
    return Excerpt(f"{dots}{one_line}{' …' if end < len(text) else ''}", moved)


def _folded_with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Fold a text letter by letter; gives with each folded letter where it was written."""
    plain: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _letters(text):
        letter = text[start:end]
        small = " " if letter.isspace() else folded(letter)
        if small == " " and plain and plain[-1] == " ":
            continue
        plain += small
        places += [(start, end)] * len(small)
    return "".join(plain), places


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Tell where each letter with its accents begins and ends."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


def _merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
