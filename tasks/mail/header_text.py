"""What a header field says: unfolded, its encoded words decoded (RFC 2047), harmless.

Written for what mailers send rather than for the grammar: encoded words stand within quoted
strings, touch each other, hold raw 8-bit octets, and are cut in the middle of a character.
"""

import binascii
import re
from dataclasses import dataclass

from tasks.mail.charsets import codec_of, decoded
from tasks.mail.transfer import from_base64

MAX_VALUE = 256 * 1024  # octets of one field that are looked at

_FOLD = re.compile(rb"[ \t]*+(?:\r{0,2}\n|\r)[ \t]*+")
_WORD = re.compile(rb"=\?([^?\s=]{1,60})\?([BbQq])\?")
_UNCLOSED = re.compile(rb"[^\s?]*+\??")
_MAX_WORDS = 4_000
_BLANKS = str.maketrans("\t\n", "  ")


@dataclass(slots=True)
class _Run:
    """Adjacent encoded words of one charset, whose characters may be split between them."""

    charset: str
    octets: bytes = b""
    base64: bytes = b""  # of a word that ended within four letters

    def add(self, encoding: bytes, text: bytes) -> None:
        if encoding in b"Qq":
            self.flush()
            self.octets += binascii.a2b_qp(text, header=True)
            return
        self.base64 += text
        if len(self.base64) % 4 == 0 or text.endswith(b"="):
            self.flush()

    def flush(self) -> None:
        self.octets += from_base64(self.base64) if self.base64 else b""
        self.base64 = b""

    def text(self) -> str:
        self.flush()
        return decoded(self.octets, self.charset)


def unfolded(value: bytes) -> bytes:
    """Put a folded field on one line."""
    value = value[:MAX_VALUE]
    if b"\n" in value or b"\r" in value:
        value = _FOLD.sub(b" ", value)
    return value.strip()


def header_text(value: bytes, legacy: str = "cp1252") -> str:
    """Decode a field's value; raw octets that are no UTF-8 are read as the legacy charset."""
    line = unfolded(value)
    text = _with_words(line, legacy) if b"=?" in line else decoded(line, "", legacy)
    return (text if text.isprintable() else text.translate(_BLANKS)).strip()


def _with_words(line: bytes, legacy: str) -> str:
    text: list[str] = []
    run: _Run | None = None
    position = 0
    words = _words(line)
    for start, content, end, charset, encoding in words:
        between = line[position:start]
        if run and (between.strip() or codec_of(run.charset) != codec_of(charset)):
            text.append(run.text())
            run = None
        if between.strip() or not position:
            text.append(decoded(between, "", legacy))
        run = run or _Run(charset)
        run.add(encoding, content)
        position = end
    if run:
        text.append(run.text())
    return "".join([*text, decoded(line[position:], "", legacy)])


def _words(line: bytes) -> list[tuple[int, bytes, int, str, bytes]]:
    """Find the encoded words: start, content, end, charset, encoding."""
    found = []
    opens = list(_WORD.finditer(line))[:_MAX_WORDS]
    limits = [begin.start() for begin in opens] + [len(line)]
    for begin, limit in zip(opens, limits[1:], strict=True):
        close = line.find(b"?=", begin.end(), limit)
        if close < 0:
            unclosed = _UNCLOSED.match(line, begin.end(), limit)
            end = unclosed.end() if unclosed else limit
            content = line[begin.end() : end].rstrip(b"?")
        else:
            end, content = close + 2, line[begin.end() : close]
        charset = begin.group(1).split(b"*", 1)[0].decode("latin-1")
        found.append((begin.start(), content, end, charset, begin.group(2)))
    return found
