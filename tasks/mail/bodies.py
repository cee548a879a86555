"""The visible text of a message, plain and as HTML, put together from its parts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from domain.mail import TransferEncoding
from tasks.mail import uuencode
from tasks.mail.charsets import decoded
from tasks.mail.flowed import unflowed
from tasks.mail.html import as_text, sanitised
from tasks.mail.part import Part
from tasks.mail.purposes import is_shown
from tasks.mail.transfer import content_of

MAX_TEXT = 1024 * 1024  # characters
MAX_HTML = 512 * 1024
MAX_TAGS = 40_000  # reading and cleaning a tag takes some ten microseconds
_MAX_STUB = 600

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_STUB = re.compile(
    r"(?:not|n't|cannot|unable to|does not) [\w\s]{0,30}(?:support|display|read|show|view)"
    r"[\w\s,'-]{0,40}\bhtml|html[\w\s-]{0,20}(?:compatible|capable|enabled)|"
    r"(?:view|read) (?:this|the) (?:e-?mail|message|newsletter) (?:in|as|with) |"
    r"this (?:e-?mail|message) (?:contains|is in|is an?) html|"
    r"html[\w\s-]{0,40}nicht|(?:kein|unterst.tzt kein)[\w\s]{0,20}html|html-?f.hig|"
    r"(?:im|in ihrem) (?:web-?)?browser (?:ansehen|anzeigen|.ffnen)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a reader of the message sees; html is sanitised."""

    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One stretch of the visible text: plain, as HTML, or both saying the same."""

    plain: str | None
    html: str | None


@dataclass(slots=True)
class _Room:
    """How much visible text, plain and HTML, a message may still have."""

    plain: int = MAX_TEXT
    html: int = MAX_HTML
    tags: int = MAX_TAGS

    def cut(self, text: str, *, is_html: bool) -> str:
        if not is_html:
            kept = text[: self.plain]
            self.plain -= len(kept)
            return kept
        kept = text[: self.html]
        if kept.count("<") > self.tags:
            kept = "<".join(kept.split("<", self.tags + 1)[: self.tags + 1])
        self.html -= len(kept)
        self.tags -= kept.count("<")
        return kept


def shown_texts(raw: bytes, leaves: Iterable[Part], defects: list[str]) -> dict[int, str]:
    """Decode the parts that are shown, by the offset where each begins."""
    texts: dict[int, str] = {}
    room = _Room()
    for part in leaves:
        if is_shown(part):
            is_html = part.content_type == "text/html"
            limit = room.html if is_html else room.plain
            text = _part_text(raw, part, limit, defects)
            texts[part.start] = room.cut(text, is_html=is_html)
            if len(texts[part.start]) < len(text):
                defects.append("The text is too long and was cut.")
    return texts


def read_body(root: Part, texts: Mapping[int, str]) -> Body:
    """Put the visible text together."""
    pieces = _pieces(root, texts)
    text = "\n\n".join(filter(None, (_plain(piece).strip("\n") for piece in pieces)))
    marked_up = [_marked_up(piece) for piece in pieces]
    has_html = any(piece.html is not None for piece in pieces)
    html = sanitised("<br>\n".join(marked_up)).strip() if has_html else ""
    return Body(text[:MAX_TEXT].rstrip(), html or None)


def _part_text(raw: bytes, part: Part, room: int, defects: list[str]) -> str:
    octets = _octets(raw, part, room, defects)
    label = next(filter(None, (field.octets("charset") for field in part.readings)), b"")
    if not label and part.content_type == "text/html":
        found = _META_CHARSET.search(octets, 0, 2_000)
        label = found[1] if found else b""
    text = decoded(octets, label.decode("latin-1"))
    flowed = part.readings and part.readings[0].octets("format").lower() == b"flowed"
    if flowed and part.content_type == "text/plain":
        return unflowed(text, delsp=part.readings[0].octets("delsp").lower() == b"yes")
    return text


def _octets(raw: bytes, part: Part, room: int, defects: list[str]) -> bytes:
    encoding, end = part.encoding, min(part.end, part.start + 4 * room)
    if encoding is not TransferEncoding.IDENTITY:
        content = content_of(raw, part.start, end, encoding)
        if content.damaged and end == part.end:
            defects.append("A damaged base64 part was read as far as it goes.")
        return content.octets
    stretches, position = [], part.start
    for file in uuencode.files(raw, part.start, part.end):
        stretches.append(raw[position : min(end, file.start)])
        position = file.end
    return b"".join([*stretches, raw[position:end]])


def _pieces(part: Part, texts: Mapping[int, str]) -> list[_Piece]:
    if not part.children:
        text = texts.get(part.start)
        if text is None:
            return []
        return [_Piece(None, text) if part.content_type == "text/html" else _Piece(text, None)]
    pieces = [piece for child in part.children for piece in _pieces(child, texts)]
    return [_one(pieces)] if part.content_type == "multipart/alternative" and pieces else pieces


def _one(alternatives: Sequence[_Piece]) -> _Piece:
    plains = [piece.plain for piece in alternatives if piece.plain is not None]
    htmls = [piece.html for piece in alternatives if piece.html is not None]
    return _Piece("\n".join(plains) if plains else None, "<br>\n".join(htmls) if htmls else None)


def _plain(piece: _Piece) -> str:
    if piece.html is None or (piece.plain is not None and not _is_stub(piece.plain)):
        return piece.plain or ""
    return as_text(piece.html) or piece.plain or ""


def _is_stub(plain: str) -> bool:
    """Tell whether a plain text only says that one should look at the HTML."""
    return not plain.strip() or (len(plain) < _MAX_STUB and _STUB.search(plain) is not None)


def _marked_up(piece: _Piece) -> str:
    if piece.html is not None:
        return piece.html
    return f"<pre>{escape(piece.plain or '', quote=False)}</pre>"
