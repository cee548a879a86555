"""Who wrote a message to whom, and when, as its header fields say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.mail import MailAddress, ReceptionKind, Recipient
from tasks.mail.addresses import read_addresses
from tasks.mail.charsets import WESTERN, codec_of
from tasks.mail.dates import read_date, received_date
from tasks.mail.header_block import HeaderBlock
from tasks.mail.header_text import header_text
from tasks.mail.part import Part

MAX_RECIPIENTS = 2_000
_MAX_FIELDS = 100  # of one name

_KINDS = {"to": ReceptionKind.TO, "cc": ReceptionKind.CC, "bcc": ReceptionKind.BCC}
_OTHER_SENDERS = ("sender", "resent-from", "resent-sender", "reply-to", "return-path")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header fields of addresses and dates say."""

    author: str  # the address of From, or ""
    sender: MailAddress | None
    reply_to: tuple[MailAddress, ...]
    recipients: tuple[Recipient, ...]
    sent_at: datetime | None
    defects: tuple[str, ...]


def read_envelope(headers: HeaderBlock, legacy: str) -> Envelope:
    """Read who wrote to whom, and when."""
    author = next(_mailboxes(headers, "from", legacy), None)
    date = _date(headers)
    defects = []
    if author is None and headers.first("from").strip():
        defects.append("From shows no address.")
    if date is None and headers.first("date").strip():
        defects.append("The date cannot be read.")
    return Envelope(
        author=author.address if author else "",
        sender=author or _other_sender(headers, legacy),
        reply_to=tuple(_mailboxes(headers, "reply-to", legacy)),
        recipients=_recipients(headers, legacy),
        sent_at=date or _received(headers),
        defects=tuple(defects),
    )


def legacy_charset(leaves: Iterable[Part]) -> str:
    """Name the codec of raw 8-bit header fields that are no UTF-8: most likely the body's."""
    for part in leaves:
        for field in part.readings:
            codec = codec_of(field.octets("charset")[:60].decode("latin-1"))
            if codec and not codec.startswith("utf"):
                return codec
    return WESTERN


def _mailboxes(headers: HeaderBlock, name: str, legacy: str) -> Iterator[MailAddress]:
    for value in headers.all(name)[:_MAX_FIELDS]:
        yield from read_addresses(value, legacy)


def _other_sender(headers: HeaderBlock, legacy: str) -> MailAddress | None:
    """Give whoever else seems to have sent a message whose From shows no address."""
    for name in _OTHER_SENDERS:
        if found := next(_mailboxes(headers, name, legacy), None):
            return found
    return None


def _recipients(headers: HeaderBlock, legacy: str) -> tuple[Recipient, ...]:
    """Give the recipients, each once: as To rather than Cc, and as Cc rather than Bcc."""
    found: dict[str, Recipient] = {}
    for name, kind in _KINDS.items():
        for mailbox in _mailboxes(headers, name, legacy):
            if len(found) == MAX_RECIPIENTS:
                return tuple(found.values())
            found.setdefault(mailbox.key, Recipient(mailbox, kind))
    return tuple(found.values())


def _date(headers: HeaderBlock) -> datetime | None:
    dates = (read_date(header_text(value[:1_000])) for value in headers.all("date")[:_MAX_FIELDS])
    return next(filter(None, dates), None)


def _received(headers: HeaderBlock) -> datetime | None:
    traces = (header_text(value[-1_000:]) for value in headers.all("received")[:_MAX_FIELDS])
    return next(filter(None, map(received_date, traces)), None)
