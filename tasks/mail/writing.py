"""An outgoing e-mail as the bytes that go out: the same for the same value, at every attempt.

Built here rather than by the standard library, which takes several milliseconds a message.
"""

import re
from hashlib import sha256

from domain.outgoing import OutgoingMail
from domain.outgoing_fields import injected
from tasks.mail.encoded_words import octets_of
from tasks.mail.html_text import as_text
from tasks.mail.outgoing_html import Page, page
from tasks.mail.wire_addresses import needs_smtputf8
from tasks.mail.written_calendars import calendar_file, invitation_part
from tasks.mail.written_headers import header_block
from tasks.mail.written_parts import (
    BOUNDARY,
    attached_part,
    html_part,
    multipart,
    plain_part,
    shown_part,
)

__all__ = ["needs_smtputf8", "written"]

_DOCUMENT = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{}\n</body></html>\n'
_SEPARATOR = re.compile(r"^--$", re.MULTILINE)


def written(mail: OutgoingMail) -> bytes:
    """Write an e-mail with CRLF; ValueError where its header could be taken for something else.

    It is 7-bit throughout, unless needs_smtputf8 says that an address cannot be (E4, E5).
    """
    if refused := injected(mail):
        raise ValueError(" ".join(refused))
    return header_block(mail) + _content(mail)


def _content(mail: OutgoingMail) -> bytes:
    boundary = f"{BOUNDARY}{sha256(mail.message_id.encode()).hexdigest()[:32]}"
    shown = _page(mail)
    texts = _rich(mail.text, shown, boundary) if shown else [plain_part(mail.text)]
    renderings = [*texts, *_invitation(mail)]
    body = multipart("alternative", f"{boundary}.a", renderings) if renderings[1:] else texts[0]
    beside = [file for file in mail.files if not shown or file not in shown.files]
    beside += [calendar_file(mail.calendar)] if mail.calendar else []
    if not beside:
        return body
    return multipart("mixed", f"{boundary}.m", [body, *map(attached_part, beside)])


def _page(mail: OutgoingMail) -> Page | None:
    """Give the HTML that goes out; None where the author's shows nothing."""
    html = octets_of(mail.html or "").decode()
    shown = page(html, mail.files) if html.strip() else None
    return shown if shown and shown.html.strip() else None


def _invitation(mail: OutgoingMail) -> list[bytes]:
    part = invitation_part(mail.calendar) if mail.calendar else None
    return [part] if part else []


def _rich(text: str, shown: Page, boundary: str) -> list[bytes]:
    alternative = text if text.strip() else _as_text(shown.html)
    html = html_part(_DOCUMENT.format(shown.html))
    if shown.files:
        parts = [html, *map(shown_part, shown.files)]
        html = multipart('related; type="text/html"', f"{boundary}.r", parts)
    return [plain_part(alternative), html]


def _as_text(html: str) -> str:
    """Give HTML as text, with the blank that makes a separator of a signature's."""
    return _SEPARATOR.sub("-- ", as_text(html))
