"""The parts of an outgoing e-mail, each as its header fields and its content (RFC 2045, 2046).

All of it is 7-bit, so that no server on the way has to change it.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence

from domain.outgoing import File
from tasks.mail.encoded_words import octets_of
from tasks.mail.flowing import flowed, flows
from tasks.mail.written_names import disposition, typed

BOUNDARY = "=_"  # begins each boundary: neither base64 nor quoted-printable can contain it

_LINE_END = re.compile(r"\r\n|[\r\n]")
_SHORT_LINES = re.compile(rb"(?:[\t -~]{0,78}\r\n)*")
_ESCAPED = bytes({*range(256)} - {*b"\r\n", *range(32, 127)} | {*b"="})
_COLUMNS = 76
_BLOCK = _COLUMNS // 4 * 3 * 1024  # octets
_TYPE = re.compile(
    r"(?!message/|multipart/)[a-z]{1,20}/[a-z0-9.+-]{1,100}(?:; ?charset=[\w.-]{1,40})?",
    re.ASCII | re.IGNORECASE,
)
_OCTETS = "application/octet-stream"


def plain_part(text: str) -> bytes:
    """Write plain text, long paragraphs as lines that flow."""
    lines = _LINE_END.split(text)
    if not flows(lines):
        return text_part("text/plain; charset=utf-8", "\r\n".join(lines))
    content_type = "text/plain; charset=utf-8; format=flowed"
    return text_part(content_type, "\r\n".join(flowed(lines)))


def html_part(html: str) -> bytes:
    """Write HTML."""
    return text_part("text/html; charset=utf-8", "\r\n".join(_LINE_END.split(html)))


def attached_part(file: File) -> bytes:
    """Write a file that stands beside the text."""
    return _file_part(file, "attachment")


def shown_part(file: File) -> bytes:
    """Write a file that the HTML shows by its content id."""
    return _file_part(file, "inline", f"Content-ID: <{file.content_id}>\r\n")


def text_part(content_type: str, text: str) -> bytes:
    """Write text of any type; its lines end with CRLF."""
    octets = octets_of(text if text.endswith("\r\n") else f"{text}\r\n")
    encoding, content = _encoded(octets)
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + content


def multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Put parts together; the boundary must not stand in them."""
    line = f"--{boundary}\r\n".encode()
    return b"".join(
        [
            f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode(),
            *(piece for part in parts for piece in (line, part, b"\r\n")),
            f"--{boundary}--\r\n".encode(),
        ]
    )


def base64_lines(octets: bytes) -> bytes:
    """Encode octets as base64 in lines of 76 columns."""
    blocks = (octets[at : at + _BLOCK] for at in range(0, len(octets), _BLOCK))
    return b"".join(_base64_block(block) for block in blocks)


def _encoded(octets: bytes) -> tuple[str, bytes]:
    """Encode text in the shortest way that 7 bits allow."""
    if _SHORT_LINES.fullmatch(octets) and BOUNDARY.encode() not in octets:
        return "7bit", octets
    escaped = len(octets) - len(octets.translate(None, _ESCAPED))
    if 6 * escaped <= len(octets):
        return "quoted-printable", b2a_qp(octets, istext=True)
    return "base64", base64_lines(octets)


def _base64_block(block: bytes) -> bytes:
    letters = b2a_base64(block, newline=False)
    lines = (letters[at : at + _COLUMNS] for at in range(0, len(letters), _COLUMNS))
    return b"\r\n".join([*lines, b""])


def _file_part(file: File, kind: str, identifier: str = "") -> bytes:
    # Encoded messages and multiparts are forbidden (RFC 2046, 5.2.1): they go as mere octets.
    content_type = file.content_type if _TYPE.fullmatch(file.content_type) else _OCTETS
    name = file.name.strip()
    head = (
        f"{typed(content_type, name)}{disposition(kind, name)}{identifier}"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64_lines(file.content)
