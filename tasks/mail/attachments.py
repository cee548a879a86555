"""The files in a message, and their bytes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.mail import Attachment, TransferEncoding
from tasks.mail import uuencode
from tasks.mail.filenames import harmless, harmless_title, numbered, told_apart
from tasks.mail.header_block import read_headers
from tasks.mail.header_text import header_text
from tasks.mail.part import Part
from tasks.mail.purposes import (
    content_id,
    is_inline,
    is_listed,
    is_message,
    is_shown,
    written_name,
)
from tasks.mail.transfer import content_of, size_of

_MAX_HEADERS = 64 * 1024
_REFERENCE = re.compile(r"""cid:([^"'\s<>()]{1,500})""", re.IGNORECASE)


def content(raw: bytes, attachment: Attachment) -> bytes:
    """Decode an attachment out of the raw message that it points into."""
    return content_of(raw, attachment.start, attachment.end, attachment.encoding).octets


def whole_message(raw: bytes) -> Attachment:
    """Make an attachment of a message that is not taken apart."""
    return Attachment(
        "message.eml", "message/rfc822", len(raw), 0, len(raw), TransferEncoding.IDENTITY
    )


def read_attachments(
    raw: bytes, leaves: Iterable[Part], legacy: str, html: str, defects: list[str]
) -> tuple[Attachment, ...]:
    """List the files in a message, each with a harmless name of its own."""
    referred = frozenset(_REFERENCE.findall(html)) if "cid:" in html else frozenset()
    found = [file for part in leaves for file in _files(raw, part, legacy, referred, defects)]
    names = told_apart(
        file.name or numbered(number, file.content_type)
        for number, file in enumerate(found, start=1)
    )
    return tuple(replace(file, name=name) for file, name in zip(found, names, strict=True))


def attached_headers(raw: bytes, part: Part) -> bytes:
    """Give the header block of an attached message."""
    if part.encoding is TransferEncoding.IDENTITY:
        message = raw[part.start : min(part.end, part.start + _MAX_HEADERS)]
    else:
        end = min(part.end, part.start + 3 * _MAX_HEADERS)
        message = content_of(raw, part.start, end, part.encoding).octets[:_MAX_HEADERS]
    return message[: read_headers(message, 0, len(message)).body]


def _files(
    raw: bytes, part: Part, legacy: str, referred: frozenset[str], defects: list[str]
) -> Iterator[Attachment]:
    if is_listed(part, legacy):
        size, damaged = size_of(raw, part.start, part.end, part.encoding)
        if damaged:
            defects.append("A damaged base64 part was read as far as it goes.")
        yield Attachment(
            name=_name(raw, part, legacy),
            content_type=part.content_type,
            size=size,
            start=part.start,
            end=part.end,
            encoding=part.encoding,
            content_id=content_id(part),
            inline=is_inline(part, referred),
        )
    if is_shown(part) and part.encoding is TransferEncoding.IDENTITY:
        yield from _written_into_text(raw, part, legacy)


def _written_into_text(raw: bytes, part: Part, legacy: str) -> Iterator[Attachment]:
    for file in uuencode.files(raw, part.start, part.end):
        yield Attachment(
            name=harmless(header_text(file.name, legacy)),
            content_type="application/octet-stream",
            size=len(uuencode.decoded(raw[file.start : file.end])),
            start=file.start,
            end=file.end,
            encoding=TransferEncoding.UUENCODE,
        )


def _name(raw: bytes, part: Part, legacy: str) -> str:
    if is_message(part):
        block = attached_headers(raw, part)
        subject = _first(read_headers(block, 0, len(block)).all("subject"))
        if title := harmless_title(header_text(subject[:2_000], legacy), ".eml"):
            return title
    return harmless(written_name(part, legacy))


def _first(values: Sequence[bytes]) -> bytes:
    return values[0] if values else b""
