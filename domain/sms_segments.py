"""How many SMS a text takes: one short message, or the segments of a long one (3GPP TS 23.038).

A text of the GSM alphabet is counted in septets, any other in UTF-16 units; one character that
is not in the alphabet makes the whole text UCS-2. A long message's segments carry a header that
puts them together again, and so hold less than a message that stands alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a letter: two septets
_LINE_BREAK = re.compile(r"\r\n?")


class Encoding(StrEnum):
    """How the characters of an SMS are written."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


ALONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}  # units that a single message holds
JOINED = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}  # units that a segment of a long one holds


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes as an SMS."""

    encoding: Encoding
    characters: int  # septets or UTF-16 units
    segments: int


def as_sent(text: str) -> str:
    """Give the text as it is counted and sent: its line breaks are single line feeds."""
    return _LINE_BREAK.sub("\n", text)


def segments(text: str) -> Segments:
    """Count what a text takes; an empty one is a message of its own."""
    encoding, size = _measure(as_sent(text))
    return Segments(encoding, sum(map(size, as_sent(text))), len(cut(text)))


def cut(text: str) -> tuple[str, ...]:
    """Cut a text where its segments end: together they are the text as it is sent.

    Neither a character of two septets nor one of two UTF-16 units is ever split.
    """
    whole = as_sent(text)
    encoding, size = _measure(whole)
    if sum(map(size, whole)) <= ALONE[encoding]:
        return (whole,)
    return _pieces(whole, size, JOINED[encoding])


def _measure(text: str) -> tuple[Encoding, Callable[[str], int]]:
    if _BASIC.union(_EXTENDED).issuperset(text):
        return Encoding.GSM_7, _septets
    return Encoding.UCS_2, _utf_16_units


def _septets(character: str) -> int:
    return 2 if character in _EXTENDED else 1


def _utf_16_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _pieces(text: str, size: Callable[[str], int], room: int) -> tuple[str, ...]:
    pieces, start, used = [], 0, 0
    for at, character in enumerate(text):
        if used + size(character) > room:
            pieces.append(text[start:at])
            start, used = at, 0
        used += size(character)
    return (*pieces, text[start:])
