"""A header block becomes fields, whatever stands between them (RFC 5322, 2.2).

Real blocks hold mbox lines, fragments, and sometimes no blank line at their end; any mixture of
CRLF, LF and CR ends their lines. Everything here reads each octet a bounded number of times.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_BLOCK = 256 * 1024  # octets; a longer one is read, but its message is not taken apart
MAX_FIELDS = 10_000
_MAX_JUNK = 1_000
_MAX_SCANNED = 4 * 1024 * 1024

LINE_END = rb"(?:\r{0,2}\n|\r)"
_NAME = rb"[A-Za-z0-9_.!#$%&'*+^`|~-]++"
_FIELD = re.compile(
    rb"(" + _NAME + rb")[ \t]*+:"
    rb"([^\r\n]*+(?:" + LINE_END + rb"[ \t][^\r\n]*+)*+)(?:" + LINE_END + rb"|\Z)"
)
_BLANK = re.compile(LINE_END)
_BLANKS = re.compile(rb"[\r\n]{0,1000}+")
_MBOX_LINE = re.compile(rb">?From \S{1,300} [^\r\n]{0,100}\d\d:\d\d[^\r\n]*+" + LINE_END)
_JUNK_BEFORE_FIELD = re.compile(
    rb"((?!--)(?:[^\r\n]++" + LINE_END + rb"){1,3}?)(?:From|To|Cc|Bcc|Subject|Date|Received|"
    rb"Return-Path|Reply-To|Sender|Message-ID|In-Reply-To|References|MIME-Version|Delivered-To|"
    rb"User-Agent|Importance|Priority|Thread-[\w-]+|DKIM-Signature|Authentication-Results|"
    rb"ARC-[\w-]+|List-[\w-]+|Content-[\w-]+|X-[\w-]+)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The fields of a message or a part, raw, and where its body begins."""

    fields: Mapping[str, Sequence[bytes]]  # by lower-case name, in their order
    count: int
    body: int
    defects: tuple[str, ...] = ()
    excess: str = ""  # why this block is beyond what is read

    def first(self, name: str) -> bytes:
        """Give the first field of a lower-case name, or nothing."""
        values = self.fields.get(name)
        return values[0] if values else b""

    def all(self, name: str) -> Sequence[bytes]:
        """Give every field of a lower-case name."""
        return self.fields.get(name, ())


def read_headers(raw: bytes, start: int, end: int) -> HeaderBlock:
    """Read the header block that begins at an offset."""
    fields: dict[str, list[bytes]] = {}
    defects: list[str] = []
    count, position, stop = 0, start, min(end, start + _MAX_SCANNED)
    while position < stop and count < MAX_FIELDS:
        if found := _FIELD.match(raw, position, stop):
            name, value = found.groups()
            fields.setdefault(name.lower().decode(), []).append(value)
            count += 1
            position = found.end()
        elif blank := _BLANK.match(raw, position, stop):
            return _block(fields, count, start, blank.end(), defects)
        elif len(defects) < _MAX_JUNK and (after := _after_junk(raw, position, stop)) > position:
            defects.append("The header block holds lines that are no fields.")
            position = after
        else:
            defects.append("No blank line stands between the header and the body.")
            break
    return _block(fields, count, start, position, defects)


def start_of_headers(raw: bytes) -> int:
    """Skip the empty lines before a message, where a field follows them."""
    if raw[:1] not in (b"\r", b"\n"):
        return 0
    blanks = _BLANKS.match(raw)
    start = blanks.end() if blanks else 0
    return start if _FIELD.match(raw, start, start + MAX_BLOCK) else 0


def _after_junk(raw: bytes, position: int, stop: int) -> int:
    junk = _JUNK_BEFORE_FIELD.match(raw, position, stop)
    if junk:
        return junk.end(1)
    mbox = _MBOX_LINE.match(raw, position, stop)
    return mbox.end() if mbox else position


def _block(
    fields: dict[str, list[bytes]], count: int, start: int, body: int, defects: list[str]
) -> HeaderBlock:
    excess = ""
    if body - start > MAX_BLOCK or count >= MAX_FIELDS:
        excess = "The header block is too long."
    return HeaderBlock(fields, count, body, tuple(dict.fromkeys(defects)), excess)
