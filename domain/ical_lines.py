"""Content lines of iCalendar (RFC 5545, 3.1), for what is written by the hundred thousand.

The library that reads calendars takes some ten times as long to write a component.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

Property = tuple[str, str]  # its name with its parameters, and its value as it is written
LONGEST = 75  # octets of a line, beside its end
_SPECIAL = re.compile(r"[\\;,\n]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def component(name: str, properties: Iterable[Property]) -> bytes:
    """Write a component, such as a VEVENT; others may stand in it as properties of theirs."""
    return content_lines([("BEGIN", name), *properties, ("END", name)])


def content_lines(properties: Iterable[Property]) -> bytes:
    """Write a line for each property, folded where it is too long, and never within a letter."""
    lines = [_folded(f"{name}:{value}") for name, value in properties]
    return "\r\n".join([*lines, ""]).encode()


def escaped(text: str) -> str:
    """Write a text as the value of a line (3.3.11)."""
    return text.translate(_ESCAPED) if _SPECIAL.search(text) else text


def parameter(name: str, text: str) -> str:
    """Write a parameter after a property's name; no text has quotation marks in there (3.2)."""
    text = text.replace('"', "'")
    return f';{name}="{text}"'


def in_utc(at: datetime) -> str:
    """Write an instant as the value of a line (3.3.5)."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    if len(line) <= LONGEST and line.isascii():
        return line
    return "\r\n ".join(piece.decode() for piece in _pieces(line.encode()))


def _pieces(line: bytes) -> Iterator[bytes]:
    begin, room = 0, LONGEST
    while len(line) - begin > room:
        end = begin + room
        while line[end] & 0xC0 == 0x80:  # not the first octet of a letter
            end -= 1
        yield line[begin:end]
        begin, room = end, LONGEST - 1  # a blank begins what is folded
    yield line[begin:]
