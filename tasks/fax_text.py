"""Text made fit for printing: characters that the font has, in lines that the page holds."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

REPLACEMENT = "[?]"  # stands where the font lacks a character: every font has it
TAB = "    "

_RIGHT_TO_LEFT = {"R", "AL"}  # printed in reading order, they would come out backwards
_INVISIBLE = {"Cc", "Cf"}


@dataclass(frozen=True, slots=True)
class Printable:
    """A text as it can be printed, and which characters could not."""

    text: str
    missing: str = ""  # each once, in the order of their code points


def printable(text: str, glyphs: Collection[int]) -> Printable:
    """Compose letters with their accents, drop what is invisible, replace what has no glyph."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    composed = unicodedata.normalize("NFC", lines.expandtabs(len(TAB)))
    written = {each: _written(each, glyphs) for each in set(composed)}
    missing = sorted(each for each, shown in written.items() if shown == REPLACEMENT)
    return Printable("".join(map(written.__getitem__, composed)), "".join(missing))


def _written(character: str, glyphs: Collection[int]) -> str:
    category = unicodedata.category(character)
    if character == "\n":
        return character
    if category in _INVISIBLE:
        return ""
    if category.startswith("Z"):
        return " "
    right_to_left = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
    return REPLACEMENT if right_to_left or ord(character) not in glyphs else character


def wrapped(text: str, width: float, width_of: Callable[[str], float]) -> Iterator[str]:
    """Break a text into lines of at most that width, at spaces where there are any."""
    for paragraph in text.split("\n"):
        start = 0
        while (end := _fitting(paragraph, start, width, width_of)) < len(paragraph):
            space = paragraph.rfind(" ", start, end + 1)
            stop = space if space > start else end
            yield paragraph[start:stop]
            start = stop + (stop == space)
        yield paragraph[start:]


def _fitting(text: str, start: int, width: float, width_of: Callable[[str], float]) -> int:
    """Tell where the characters that fit into a line end; one always fits."""
    used = 0.0
    for at in range(start, len(text)):
        used += width_of(text[at])
        if used > width and at > start:
            return at
    return len(text)
