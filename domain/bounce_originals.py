"""The message that a bounce speaks of, from whatever the bounce encloses of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.mail import Letter
from domain.markup import without_markup

ENCLOSED_CHARACTERS = 64 * 1024
REFERENCES_MOST = 50

_ENCLOSED = (
    "text/rfc822-headers",
    "message/rfc822",
    "message/global-headers",
    "message/global",
    "message/rfc822-headers",
    "message/partial",
)
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_ID = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re.compile(r"[^\s<>;,:\"'()]{1,200}@[^\s<>;,:\"'()]{1,200}")


@dataclass(frozen=True, slots=True)
class Original:
    """What is known of the message that was not delivered."""

    message_id: str | None = None
    references: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


def original_of(letter: Letter) -> Original:
    """Read the undelivered message's headers: enclosed, quoted below the text, or referred to."""
    texts = list(_texts(letter))
    message_id = _first_id(texts, "message-id") or _answered_id(letter)
    references = _all_ids(texts, "references") or _all_ids(texts, "in-reply-to")
    recipients = tuple(dict.fromkeys(_ADDRESS.findall(_field(texts, "to"))))
    return Original(message_id, references, recipients)


def _texts(letter: Letter) -> Iterator[str]:
    """Give the texts that may hold the original's headers, the surest first."""
    for content_type in _ENCLOSED:
        for part in letter.parts:
            if part.content_type == content_type:
                yield part.text[:ENCLOSED_CHARACTERS]
    for part in letter.parts:
        if part.content_type.startswith("text/") and part.content_type not in _ENCLOSED:
            text = part.text[:ENCLOSED_CHARACTERS]
            yield without_markup(text) if part.content_type == "text/html" else text


def _field(texts: list[str], name: str) -> str:
    """Find a header field in the first text that has it, its folded lines with it."""
    field = re.compile(
        rf"^[ \t>]{{0,8}}{name}:((?:[^\n]|\n[ \t>]{{1,8}}(?=[^\s:]+(?:\s|$)))*+)",
        re.IGNORECASE | re.MULTILINE,
    )
    return next((match[1] for text in texts if (match := field.search(text))), "")


def _first_id(texts: list[str], name: str) -> str | None:
    found = _ID.search(_field(texts, name))
    return found[1] if found else None


def _all_ids(texts: list[str], name: str) -> tuple[str, ...]:
    return tuple(_ID.findall(_field(texts, name))[-REFERENCES_MOST:])


def _answered_id(letter: Letter) -> str | None:
    """Take the message that the bounce itself answers, by its report or its own headers."""
    reports = [part.text for part in letter.parts if part.content_type in _REPORTS]
    if told := _first_id(reports, "(?:x-)?original-message-id"):
        return told
    values = [*letter.headers.get("in-reply-to", ()), *letter.headers.get("references", ())]
    found = [match[1] for value in values for match in _ID.finditer(value)]
    return found[0] if found else None
