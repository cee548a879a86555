"""A message as the recognisers of bounces and automatic replies look at it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from domain.mail import LetterPart
from tasks.mail.attachments import attached_headers
from tasks.mail.charsets import decoded
from tasks.mail.header_block import HeaderBlock
from tasks.mail.header_text import header_text
from tasks.mail.part import Part
from tasks.mail.purposes import is_message, is_report
from tasks.mail.transfer import content_of

MAX_PART = 64 * 1024  # characters
MAX_PARTS = 50


class DecodedHeaders(Mapping[str, Sequence[str]]):
    """The fields of a header block, decoded when somebody asks for them."""

    def __init__(self, headers: HeaderBlock, legacy: str) -> None:
        self._headers = headers
        self._legacy = legacy
        self._decoded: dict[str, Sequence[str]] = {}

    def __getitem__(self, name: str) -> Sequence[str]:
        if name not in self._decoded:
            values = self._headers.fields[name]
            self._decoded[name] = [header_text(value, self._legacy) for value in values]
        return self._decoded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers.fields)

    def __len__(self) -> int:
        return len(self._headers.fields)

    def __contains__(self, name: object) -> bool:
        return name in self._headers.fields


def letter_parts(
    raw: bytes, leaves: Sequence[Part], texts: Mapping[int, str], text: str
) -> tuple[LetterPart, ...]:
    """Give the readable parts; of HTML, where there is no plain text, the text it was read as."""
    shown = [part for part in leaves if part.start in texts]
    readable = (_readable(raw, part, texts) for part in leaves)
    parts = tuple(islice(filter(None, readable), MAX_PARTS))
    if shown and all(part.content_type == "text/html" for part in shown):
        return (LetterPart("text/html", text[:MAX_PART]), *parts)
    return parts


def _readable(raw: bytes, part: Part, texts: Mapping[int, str]) -> LetterPart | None:
    if is_message(part):
        return LetterPart("message/rfc822", decoded(attached_headers(raw, part)))
    if is_report(part):
        end = min(part.end, part.start + 3 * MAX_PART)
        octets = content_of(raw, part.start, end, part.encoding).octets
        return LetterPart(part.content_type, decoded(octets)[:MAX_PART])
    if part.start not in texts or part.content_type == "text/html":
        return None
    return LetterPart(part.content_type, texts[part.start][:MAX_PART])
