"""Paragraphs written as lines that a reader's window may join again (RFC 3676, format=flowed)."""

import re

LONGEST_LINE = 78  # characters: RFC 5322, 2.1.1; a paragraph beyond it is flowed
_WIDTH = 72
_SEPARATOR = re.compile(r"(?:>+ )?-- ")
_QUOTED = re.compile(r">+(?: |\Z)")
# A piece that is "-- " alone would be read as the separator of a signature.
_PIECE = re.compile(rf".{{1,{_WIDTH}}}\Z|-- [^ ]+ ?|.{{0,{_WIDTH - 1}}} |[^ ]+ ?", re.DOTALL)
_STUFFED = (" ", ">", "From ")


def flows(lines: list[str]) -> bool:
    """Tell whether a text has a paragraph that is too long for a line, and can be broken."""
    return any(_is_long(line) for line in lines)


def flowed(lines: list[str]) -> list[str]:
    """Break long paragraphs at blanks; quoted lines stay as they are.

    Only blanks at the ends of lines are lost, which would make them flow.
    """
    return [written for line in lines for written in _lines(line)]


def _lines(line: str) -> list[str]:
    if _SEPARATOR.fullmatch(line):
        return [line]
    line = line.rstrip(" ")
    if _QUOTED.match(line):
        return [line]
    pieces = _PIECE.findall(line) if len(line) > LONGEST_LINE else [line]
    return [f" {piece}" if piece.startswith(_STUFFED) else piece for piece in pieces]


def _is_long(line: str) -> bool:
    return len(line) > LONGEST_LINE and " " in line.strip(" ") and not _QUOTED.match(line)
