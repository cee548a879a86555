"""The structure of a message: its parts as spans of its raw bytes (RFC 2046).

We scan the raw bytes ourselves, once and within bounds, so that attachments point into the message
that is kept anyway; decoding is left to the standard library. fast-mail-parser refuses whole mails
for one bad body and gives no spans; email.policy.default is slow, quadratic, and raises.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.mail.header_block import LINE_END, HeaderBlock, start_of_headers
from tasks.mail.parameters import Labelled
from tasks.mail.part import Part, open_part

MAX_MESSAGE = 32 * 1024 * 1024  # octets
MAX_DEPTH = 50
MAX_PARTS = 1_000
MAX_DELIMITERS = 100_000  # lines that begin as a delimiter does
MAX_BOUNDARY = 1_000  # octets; RFC 2046 says 70, mailers write more

_LINE = re.compile(rb"[^\r\n]{0,%d}" % (MAX_BOUNDARY + 10))
_LINE_END = re.compile(LINE_END)
_LONE_RETURN = re.compile(rb"[\r\n]--")
_PLAIN_DELIMITER = re.compile(
    rb"--(?=[^\w\r\n]{0,99}\w)([\w'()+,./:=? -]{2,199}[\w'()+,./:=?-])[ \t]*+"
    + LINE_END
    + rb"(?:Content-[\w-]{1,40}:|\r?\n)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Structure:
    """A message taken apart; beyond what is read, it is one part, and excess says why."""

    root: Part
    leaves: tuple[Part, ...]  # the parts that hold no others, in their order
    excess: str
    defects: tuple[str, ...]


@dataclass(slots=True)
class _Multipart:
    """A multipart on the way from the message to the part that is being read."""

    boundaries: Sequence[bytes]
    closed: bool = False


class _Delimiter(NamedTuple):
    """A delimiter line, the level that it belongs to, and whether it closes it."""

    start: int
    end: int
    level: int
    closing: bool


def read_structure(raw: bytes) -> Structure:
    """Take a message apart."""
    if len(raw) > MAX_MESSAGE:
        return _undivided(raw, "The message is too large.")
    scanner = _Scanner(raw)
    root = scanner.part(start_of_headers(raw), "")
    if scanner.excess:
        return _undivided(raw, scanner.excess)
    return Structure(root, tuple(root.leaves()), "", tuple(dict.fromkeys(scanner.defects)))


def _undivided(raw: bytes, excess: str) -> Structure:
    root = open_part(raw, start_of_headers(raw), "")
    return Structure(root, (root,), excess, root.headers.defects)


class _Scanner:
    """A descent through the parts that looks at each line once."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.excess = ""
        self.defects: list[str] = []
        self._levels: list[_Multipart] = []
        self._levels_of: dict[bytes, list[int]] = {}  # by boundary
        self._found: _Delimiter | None = None
        self._parts = 0
        self._lines = 0
        self._has_lone_returns = b"\r--" in raw

    def part(self, start: int, container: str) -> Part:
        """Read the part that begins at an offset, up to the delimiter that ends it."""
        part = open_part(self.raw, start, container)
        self._check(part.headers)
        self._read_body(part, [name for reading in part.readings if (name := _boundary(reading))])
        is_multipart = part.content_type.startswith("multipart/")
        if not part.children and (is_multipart or not (part.readings or self._levels)):
            self._read_body(part, self._guessed_boundary(part))
            if is_multipart and not part.children:
                self.defects.append("A multipart holds no parts.")
        if self._found:
            part.end = max(part.start, self._found.start)
        return part

    def _check(self, headers: HeaderBlock) -> None:
        self.defects.extend(headers.defects)
        self._parts += 1
        if headers.excess:
            self.excess = headers.excess
        elif self._parts > MAX_PARTS:
            self.excess = "The message has too many parts."
        elif len(self._levels) > MAX_DEPTH:
            self.excess = "The message is nested too deeply."

    def _read_body(self, part: Part, boundaries: Sequence[bytes]) -> None:
        if boundaries:
            self._read_children(part, boundaries)
        else:
            self._find(part.start)

    def _guessed_boundary(self, part: Part) -> Sequence[bytes]:
        """Take the boundary from the body, where its first delimiter line is plain."""
        first = self._first_dashes(part.start)
        found = _PLAIN_DELIMITER.match(self.raw, first) if first >= 0 else None
        if not found or self._level_of(found[1]) >= 0:
            return ()
        self.defects.append("The boundary of a multipart was taken from its body.")
        return (found[1],)

    def _read_children(self, part: Part, boundaries: Sequence[bytes]) -> None:
        own = len(self._levels)
        multipart = _Multipart(boundaries)
        self._enter(multipart)
        self._find(part.start)
        while self._found and self._found.level == own and not self.excess:
            delimiter = self._found
            multipart.closed = delimiter.closing
            if delimiter.closing:
                self._find(delimiter.end)
            else:
                part.children.append(self.part(delimiter.end, part.content_type))
        self._leave()
        if part.children and not multipart.closed:
            self.defects.append("A multipart is not closed.")

    def _enter(self, multipart: _Multipart) -> None:
        for boundary in multipart.boundaries:
            self._levels_of.setdefault(boundary, []).append(len(self._levels))
        self._levels.append(multipart)

    def _leave(self) -> None:
        for boundary in self._levels.pop().boundaries:
            self._levels_of[boundary].pop()

    def _find(self, line: int) -> None:
        """Go on to the next line that delimits parts of an open level."""
        self._found = None
        while not self._found and not self.excess and self._levels:
            line = self._first_dashes(line)
            if line < 0:
                return
            self._lines += 1
            if self._lines > MAX_DELIMITERS:
                self.excess = "The message has too many lines that look like delimiters."
            written = _LINE.match(self.raw, line + 2)
            self._found = self._delimiter(line, written) if written else None
            line = line + 2

    def _first_dashes(self, line: int) -> int:
        """Find the first line that begins with two dashes, at an offset or after it."""
        if self.raw.startswith(b"--", line):
            return line
        if self._has_lone_returns:
            found = _LONE_RETURN.search(self.raw, line)
            return found.start() + 1 if found else -1
        return self.raw.find(b"\n--", line) + 1 or -1

    def _delimiter(self, line: int, written: re.Match[bytes]) -> _Delimiter | None:
        name, closing = written.group().rstrip(b" \t"), False
        level = self._level_of(name)
        if level < 0 and name.endswith(b"--"):
            level, closing = self._level_of(name[:-2]), True
        if level < 0:
            return None
        after = _LINE_END.match(self.raw, written.end())
        start = line - 2 if self.raw.endswith(b"\r\n", 0, line) else line - 1
        return _Delimiter(start, after.end() if after else written.end(), level, closing)

    def _level_of(self, boundary: bytes) -> int:
        """Find the innermost level of a boundary, an open one rather than a closed one."""
        levels = self._levels_of.get(boundary)
        if not levels:
            return -1
        unclosed = (level for level in reversed(levels) if not self._levels[level].closed)
        return next(unclosed, levels[-1])


def _boundary(reading: Labelled) -> bytes:
    if reading.value.startswith("message/"):
        return b""
    return reading.octets("boundary")[:MAX_BOUNDARY].strip(b"\r\n").rstrip()
