"""What goes out: a letter with its files, before it is written as bytes for a channel."""

from dataclasses import dataclass
from datetime import datetime

from domain.mail import MailAddress, Recipient


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a letter."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None  # without angle brackets; the HTML shows it as cid:...
    inline: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """An e-mail as it is to be written; the same value gives the same bytes, at every attempt."""

    message_id: str  # without angle brackets, as are all message ids
    date: datetime  # aware
    sender: MailAddress
    recipients: tuple[Recipient, ...]  # of all kinds; only to and cc come into the header (E4)
    subject: str
    text: str
    html: str | None = None  # as the author wrote it
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()  # oldest first
    files: tuple[File, ...] = ()
    calendar: str | None = None  # an iCalendar object: an invitation, say
