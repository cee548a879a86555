"""A part of a message: its headers, what it claims to hold, and where its body stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.mail import TransferEncoding
from tasks.mail.header_block import HeaderBlock, read_headers
from tasks.mail.parameters import Labelled, labelled
from tasks.mail.transfer import encoding_of

_MAX_READINGS = 10
_TYPE = re.compile(r"([\w!#$&^.+-]+/[\w!#$&^.+-]+)", re.ASCII)
_BINARY_TYPE = re.compile(r"(?:application|audio|font|image|model|video)\b")
_INCOMPLETE_TYPES = {
    "": "text/plain",
    "text": "text/plain",
    "plain": "text/plain",
    "text/": "text/plain",
    "html": "text/html",
    "multipart": "multipart/mixed",
    "multipart/": "multipart/mixed",
}


@dataclass(slots=True)
class Part:
    """A message, or a part of one: what its headers say, and the span of its body."""

    headers: HeaderBlock
    readings: Sequence[Labelled]  # of each Content-Type: contradictory ones are all heeded
    dispositions: Sequence[Labelled]  # of each Content-Disposition
    content_type: str
    encoding: TransferEncoding
    start: int
    end: int
    container: str = ""  # the content type of the multipart it stands in
    children: list["Part"] = field(default_factory=list)

    def leaves(self) -> Iterator["Part"]:
        """Give the parts that hold no others, in their order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def open_part(raw: bytes, start: int, container: str) -> Part:
    """Read the headers of a part whose end is not yet known."""
    headers = read_headers(raw, start, len(raw))
    readings = [labelled(value) for value in headers.all("content-type")[:_MAX_READINGS]]
    values = headers.all("content-disposition")[:_MAX_READINGS]
    return Part(
        headers=headers,
        readings=readings,
        dispositions=[labelled(value) for value in values],
        content_type=_content_type(readings, container),
        encoding=encoding_of(headers.first("content-transfer-encoding")),
        start=headers.body,
        end=len(raw),
        container=container,
    )


def _content_type(readings: Sequence[Labelled], container: str) -> str:
    if not readings:
        return "message/rfc822" if container == "multipart/digest" else "text/plain"
    for reading in readings:
        if found := _TYPE.match(reading.value):
            return found[1]
    return _INCOMPLETE_TYPES.get(readings[0].value) or _type_of_garbage(readings[0])


def _type_of_garbage(reading: Labelled) -> str:
    """Take what cannot be read as text (RFC 2045, 5.2), unless it says that it is none."""
    is_binary = _BINARY_TYPE.match(reading.value) or "name" in reading.plain
    return "application/octet-stream" if is_binary else "text/plain"
