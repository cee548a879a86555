"""Content transfer encodings, read as far as they can be (RFC 2045, 6)."""

import binascii
import re
from dataclasses import dataclass

from domain.mail import TransferEncoding
from tasks.mail import uuencode

_ENCODINGS = {
    b"base64": TransferEncoding.BASE64,
    b"quotedprintable": TransferEncoding.QUOTED_PRINTABLE,
    b"qp": TransferEncoding.QUOTED_PRINTABLE,
    b"xuuencode": TransferEncoding.UUENCODE,
    b"uuencode": TransferEncoding.UUENCODE,
    b"xuue": TransferEncoding.UUENCODE,
    b"uue": TransferEncoding.UUENCODE,
}
_COMMENT = re.compile(rb"\([^()]*+\)")
_NO_LETTERS = re.compile(rb"[^a-z0-9]")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64)
_WEB_BASE64 = bytes.maketrans(b"-_", b"+/")
_BLANKS = b" \t\r\n"
_MAX_BLOCKS = 1_000
_SOFT_BREAK = re.compile(rb"=[ \t]*+(?:\r{0,2}\n|\r)")


@dataclass(frozen=True, slots=True)
class Content:
    """What an encoded span holds, and whether the encoding was damaged."""

    octets: bytes
    damaged: bool = False


def encoding_of(value: bytes) -> TransferEncoding:
    """Read a Content-Transfer-Encoding; what is unknown means that nothing is encoded."""
    if not value:
        return TransferEncoding.IDENTITY
    name = value.lower() if value.isalnum() else _COMMENT.sub(b"", value[:1_000]).lower()
    return _ENCODINGS.get(_NO_LETTERS.sub(b"", name), TransferEncoding.IDENTITY)


def content_of(raw: bytes, start: int, end: int, encoding: TransferEncoding) -> Content:
    """Decode a span of a message."""
    match encoding:
        case TransferEncoding.BASE64:
            return _from_base64(raw, start, end)
        case TransferEncoding.QUOTED_PRINTABLE:
            return Content(from_quoted_printable(raw[start:end]))
        case TransferEncoding.UUENCODE:
            return Content(uuencode.decoded(raw[start:end]))
        case _:
            return Content(raw[start:end])


def size_of(raw: bytes, start: int, end: int, encoding: TransferEncoding) -> tuple[int, bool]:
    """Tell how many bytes a span holds decoded, and whether it is damaged."""
    if encoding is TransferEncoding.IDENTITY:
        return end - start, False
    if encoding is TransferEncoding.BASE64:
        size = _size_of_regular_base64(raw[start:end])
        if size is not None:
            return size, False
    decoded = content_of(raw, start, end, encoding)
    return len(decoded.octets), decoded.damaged


def _size_of_regular_base64(text: bytes) -> int | None:
    """Count instead of decoding, which takes twice as long; None where the text is irregular."""
    rest = text.translate(None, _BASE64)
    padding = rest.count(b"=")
    letters = len(text) - len(rest)
    ends_padded = rest.rstrip(b"\r\n").endswith(b"=" * padding)
    if rest.strip(b"\r\n=") or not ends_padded or padding > 2 or (letters + padding) % 4:
        return None
    return letters * 3 // 4


def from_base64(text: bytes) -> bytes:
    """Decode base64, passing over what does not belong to it."""
    return _from_base64(text, 0, len(text)).octets


def from_quoted_printable(text: bytes) -> bytes:
    """Decode quoted-printable; an escape that is none stays as it is."""
    if b"=" not in text:
        return text
    return binascii.a2b_qp(_SOFT_BREAK.sub(b"", text))


def _from_base64(raw: bytes, start: int, end: int) -> Content:
    padding = raw.find(b"=", start, end)
    if padding < 0 or not raw[padding:end].strip(b"=" + _BLANKS):
        try:
            return Content(binascii.a2b_base64(memoryview(raw)[start:end]))
        except binascii.Error:
            pass
    return Content(_repaired(raw[start:end]), damaged=True)


def _repaired(text: bytes) -> bytes:
    if b"+" not in text and b"/" not in text:
        text = text.translate(_WEB_BASE64)
    first, *others = re.split(rb"=++", text, maxsplit=_MAX_BLOCKS)
    blocks = [first]
    for block in others:
        if not _reads_as_base64(block):
            break
        blocks.append(block)
    return b"".join(_padded(block) for block in blocks)


def _reads_as_base64(block: bytes) -> bool:
    """Tell a second encoded block from a footer that a mailing list put there."""
    lines = block.strip(_BLANKS)
    return not lines.translate(None, _BASE64 + b"\r\n=") and len(lines) >= 4


def _padded(block: bytes) -> bytes:
    letters = block.translate(None, _NO_BASE64)
    whole = len(letters) - (len(letters) % 4 == 1)
    return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))
