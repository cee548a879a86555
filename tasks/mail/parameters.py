"""Fields with parameters: Content-Type and Content-Disposition (RFC 2045, 2183, 2231)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from tasks.mail.charsets import decoded
from tasks.mail.header_text import header_text, unfolded

_MAX_VALUE = 64 * 1024
_MAX_CACHED = 120  # octets
_PARAMETER = re.compile(
    rb"""[;\s]([\w*%.-]{1,80}+)\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)|([^;"]*+))""",
    re.DOTALL,
)
_ESCAPE = re.compile(rb'\\(["\\])')
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,4})(\*?))?$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field's value, in lower case, and its parameters."""

    value: str = ""
    plain: Mapping[str, bytes] = field(default_factory=dict)
    extended: Mapping[str, str] = field(default_factory=dict)  # RFC 2231: decoded

    def octets(self, name: str) -> bytes:
        """Give a parameter as it was written."""
        if name in self.extended:
            return self.extended[name].encode("utf-8", "replace")
        return self.plain.get(name, b"")

    def text(self, name: str, legacy: str = "cp1252") -> str:
        """Give a parameter as people read it; an extended one before a plain one."""
        if name in self.extended:
            return self.extended[name]
        if name not in self.plain:
            return ""
        return _without_percents(header_text(self.plain[name], legacy))


def labelled(value: bytes) -> Labelled:
    """Take a field's value and its parameters apart, however they are separated."""
    return _remembered(value) if len(value) <= _MAX_CACHED else _read(value)


def _read(value: bytes) -> Labelled:
    line = unfolded(value[:_MAX_VALUE])
    main = re.split(rb"[;\s(]", line, maxsplit=1)[0].strip(b"\"'")
    plain: dict[str, bytes] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for written, quoted, bare in _PARAMETER.findall(b";" + line):
        name = written.lower().decode("latin-1")
        content = _ESCAPE.sub(rb"\1", quoted) if quoted else bare.strip()
        section = _SECTION.match(name)
        if section is None:
            plain.setdefault(name, content)
            continue
        number, encoded = int(section[2] or 0), section[3] != ""
        sections.setdefault(section[1], {}).setdefault(number, (content, encoded))
    extended = {name: _joined(numbered) for name, numbered in sections.items()}
    return Labelled(main.lower().decode("latin-1"), plain, extended)


_remembered = lru_cache(maxsize=1024)(_read)


def _without_percents(text: str) -> str:
    """Decode a name that was written as in a URL, as some web mailers do."""
    if "%" not in text or " " in text or not text.isascii():
        return text
    try:
        plain = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text
    is_meant = plain.isprintable() and (" " in plain or not plain.isascii())
    return plain if is_meant else text


def _joined(sections: Mapping[int, tuple[bytes, bool]]) -> str:
    """Join a value's sections in their order, over a missing one (RFC 2231, 3)."""
    ordered = [sections[number] for number in sorted(sections)]
    charset, octets = "", b""
    for position, (content, encoded) in enumerate(ordered):
        if encoded and position == 0 and content.count(b"'") >= 2:
            label, _, content = content.split(b"'", 2)
            charset = label.decode("latin-1")
        octets += unquote_to_bytes(content) if encoded else content
    if b"=?" in octets and not charset:
        return header_text(octets)
    return decoded(octets, charset)
