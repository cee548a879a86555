"""The header of an outgoing e-mail (RFC 5322, 3.6), folded; 7-bit but for international addresses.

Written here because the standard library's folding is what makes building a message slow.
"""

import re
from collections.abc import Sequence
from email.utils import format_datetime
from functools import lru_cache

from domain.mail import MailAddress, ReceptionKind
from domain.outgoing import OutgoingMail
from domain.outgoing_fields import is_writable_id
from tasks.mail.encoded_words import encoded_words
from tasks.mail.wire_addresses import wire_address

FOLD = "\r\n "
LINE = 76  # characters
MOST_REFERENCES = 6_000  # characters: servers refuse large headers
NOBODY = "undisclosed-recipients:;"  # RFC 5322, A.1.3

_LONGEST_PLAIN_NAME = 60
_WORDS = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*")
_SPECIAL = re.compile(r'(["\\])')


def header_block(mail: OutgoingMail) -> bytes:
    """Write all fields but those that speak of the content; no bcc is among them (E4)."""
    to, cc = _mailboxes(mail, ReceptionKind.TO), _mailboxes(mail, ReceptionKind.CC)
    fields = {
        "From": written_mailbox(mail.sender),
        "To": to if to or cc else NOBODY,
        "Cc": cc,
        "Reply-To": wire_address(mail.reply_to) if mail.reply_to else "",
        "Subject": written_subject(mail.subject),
        "Date": format_datetime(mail.date),
        "Message-ID": f"<{mail.message_id}>",
        **_thread(mail),
        "MIME-Version": "1.0",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode()


def written_subject(subject: str) -> str:
    """Write a subject, folded; empty where there is none."""
    text = subject.strip()
    is_plain = text.isascii() and "=?" not in text and "  " not in text
    if not is_plain or max(map(len, text.split(" "))) >= LINE:
        return FOLD.join(encoded_words(text))
    return text if len(text) < LINE - len("Subject: ") else _folded(text)


@lru_cache(maxsize=2048)
def written_mailbox(mailbox: MailAddress) -> str:
    """Write an address and its name, which may need several lines."""
    address = wire_address(mailbox.address)
    name = mailbox.name.strip()
    if not name:
        return address
    *above, last = _phrase(name)
    gap = " " if len(last) + len(address) < LINE - 14 else FOLD
    return FOLD.join([*above, f"{last}{gap}<{address}>"])


def _phrase(name: str) -> list[str]:
    if len(name) > _LONGEST_PLAIN_NAME or not name.isascii() or "=?" in name:
        return encoded_words(name)
    return [name] if _WORDS.fullmatch(name) else ['"' + _SPECIAL.sub(r"\\\1", name) + '"']


def _folded(text: str) -> str:
    """Break a text at single blanks only: readers join a longer gap to one blank."""
    lines, line = [], "Subject:"
    for word in text.split(" "):
        if len(line) + len(word) >= LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]).removeprefix("Subject: ")


def _mailboxes(mail: OutgoingMail, kind: ReceptionKind) -> str:
    named = (written_mailbox(each.mailbox) for each in mail.recipients if each.kind is kind)
    return f",{FOLD}".join(named)


def _thread(mail: OutgoingMail) -> dict[str, str]:
    """Name the earlier messages; an id that no header can carry is left out."""
    earlier = (*mail.references, mail.in_reply_to or "")
    ids = [f"<{each}>" for each in dict.fromkeys(earlier) if is_writable_id(each)]
    parent = f"<{mail.in_reply_to}>"
    return {
        "In-Reply-To": parent if parent in ids else "",
        "References": FOLD.join(_fitting(ids)) if ids else "",
    }


def _fitting(ids: Sequence[str]) -> Sequence[str]:
    """Keep the first id, which names the thread, and as many of the last as there is room for."""
    room = MOST_REFERENCES - len(ids[0])
    start = len(ids)
    while start > 1 and len(ids[start - 1]) <= room:
        start -= 1
        room -= len(ids[start])
    return [ids[0], *ids[start:]]
