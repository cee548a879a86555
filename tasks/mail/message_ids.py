"""Message ids and the threads they make (RFC 5322, 3.6.4)."""

import re
from collections.abc import Iterable

from tasks.mail.header_text import header_text

MAX_ID = 998  # characters, the longest line; a longer id cannot have arrived whole
MAX_REFERENCES = 100
_MAX_VALUE = 256 * 1024  # octets

_BRACKETED = re.compile(rb"<([^<>]*+)>")
_BETWEEN = re.compile(rb"[\s,;]+")


def message_ids(values: Iterable[bytes]) -> tuple[str, ...]:
    """Read every id, each once, in the order written; prose around them is passed over."""
    found = (
        cleaned for value in values for written in _written(value) if (cleaned := _id(written))
    )
    return tuple(dict.fromkeys(found))


def abridged(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Keep a thread's first id, which names it, and its last hundred."""
    return ids if len(ids) <= MAX_REFERENCES + 1 else (ids[0], *ids[-MAX_REFERENCES:])


def _written(value: bytes) -> list[bytes]:
    if bracketed := _BRACKETED.findall(_bounded(value)):
        return bracketed
    words = [word.strip(b"<>") for word in _BETWEEN.split(value[:_MAX_VALUE].strip())]
    return words if all(b"@" in word for word in words) else []


def _bounded(value: bytes) -> bytes:
    """Keep a giant field's ends: the thread's first id, and its last ones."""
    if len(value) <= _MAX_VALUE:
        return value
    head, tail = value[: _MAX_VALUE // 2], value[-_MAX_VALUE // 2 :]
    return head[: head.rfind(b">") + 1] + tail[tail.find(b"<") :]


def _id(written: bytes) -> str:
    if len(written) > 2 * MAX_ID:
        return ""
    cleaned = header_text(written)
    if " " in cleaned:
        cleaned = cleaned.replace(" ", "")
    return cleaned if len(cleaned) <= MAX_ID and cleaned.strip("@.") else ""
