"""Files written into the text itself, as mailers did before MIME (uuencode)."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEGIN = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,300}+)\r?\n")
_LINES = re.compile(rb"(?:[ -`]{1,90}+\r?\n){1,400000}+")
_END = re.compile(rb"end[ \t]*+(?:\r?\n|\r?\Z)")
_MAX_TRIED = 1_000


@dataclass(frozen=True, slots=True)
class File:
    """A uuencoded file: its name, and its span from `begin` to `end`."""

    name: bytes
    start: int
    end: int


def files(raw: bytes, start: int, end: int) -> Iterator[File]:
    """Find the uuencoded files in a span; a sentence that starts with "begin" is none."""
    if raw.find(b"begin ", start, end) < 0:
        return
    position = start
    for _ in range(_MAX_TRIED):
        begin = _BEGIN.search(raw, position, end)
        if begin is None:
            return
        position = begin.end()
        if _begins_line(raw, begin.start(), start) and _is_encoded(_line(raw, position, end)):
            lines = _LINES.match(raw, position, end)
            position = lines.end() if lines else position
            close = _END.match(raw, position, end)
            position = close.end() if close else position
            yield File(begin.group(1).strip(), begin.start(), position)


def decoded(text: bytes) -> bytes:
    """Decode what stands between `begin` and `end`, line by line."""
    text = text.lstrip(b"\r\n")
    if text.startswith(b"begin "):
        text = text.partition(b"\n")[2]
    octets = []
    for line in text.splitlines():
        if line == b"end":
            break
        if not line:
            continue
        try:
            octets.append(binascii.a2b_uu(line))
        except binascii.Error:
            octets.append(_without_surplus(line))
    return b"".join(octets)


def _begins_line(raw: bytes, position: int, start: int) -> bool:
    return position == start or raw[position - 1 : position] in (b"\n", b"\r")


def _line(raw: bytes, start: int, end: int) -> bytes:
    return raw[start : min(end, start + 100)].split(b"\n", 1)[0].rstrip(b"\r")


def _is_encoded(line: bytes) -> bool:
    if not line or not 0x20 <= line[0] <= 0x60:
        return False
    letters = _letters(line[0])
    written = len(line.rstrip()) - 1
    return letters - 4 <= written <= letters + 1 and all(0x20 <= octet <= 0x60 for octet in line)


def _without_surplus(line: bytes) -> bytes:
    """Decode a line that is longer than it says, as some encoders write it."""
    try:
        return binascii.a2b_uu(line[: 1 + _letters(line[0])])
    except binascii.Error:
        return b""


def _letters(length: int) -> int:
    return (((length - 32) & 63) + 2) // 3 * 4
