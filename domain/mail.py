"""What an e-mail says, once it is understood.

The values of this file are plain frozen dataclasses: thousands of them are made in a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ReceptionKind(StrEnum):
    """How a recipient gets a contact (Empfangsart)."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An e-mail address with the name that stood beside it (RFC 5322: mailbox)."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The form in which addresses are compared and looked up."""
        return address_key(self.address)


def address_key(address: str) -> str:
    """Fold an address for comparison: no white space around it, letters' case ignored."""
    return address.strip().casefold()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that a message names as receiving it."""

    mailbox: MailAddress
    kind: ReceptionKind


class Automatic(StrEnum):
    """Whether a person or a machine wrote a message (RFC 3834)."""

    NO = "no"
    REPLY = "auto_reply"  # vacation and other answers that nobody wrote by hand
    BOUNCE = "bounce"  # a delivery failed
    CONFIRMATION = "confirmation"  # a delivery succeeded, is delayed, or was read
    BULK = "bulk"  # newsletters, lists, notifications


class TransferEncoding(StrEnum):
    """How an attachment's bytes are written in the raw message."""

    IDENTITY = "identity"
    BASE64 = "base64"
    QUOTED_PRINTABLE = "quoted-printable"
    UUENCODE = "uuencode"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message; its bytes are kept once, in the raw message."""

    name: str  # harmless as a file name, and unique in its message
    content_type: str
    size: int  # bytes, decoded
    start: int  # the encoded bytes' span in the raw message
    end: int
    encoding: TransferEncoding
    content_id: str | None = None  # without angle brackets
    inline: bool = False  # shown within the text rather than beside it


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One readable part of a message: its type and its decoded text."""

    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the recognisers of bounces and automatic replies look at it."""

    headers: Mapping[str, Sequence[str]]  # lower-case names, decoded and unfolded values
    sender: str  # the address of From, or ""
    subject: str
    content_type: str  # of the whole message, such as "multipart/report"
    report_type: str  # the report-type parameter, or ""
    parts: Sequence[LetterPart]  # text/*, message/delivery-status, text/rfc822-headers, ...


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """A recipient whom a bounce reports as not reached."""

    address: str
    status: str  # RFC 3463, such as "5.1.1"; "" where the report has none
    permanent: bool  # hard (will never work) or soft (may work another time)
    reason: str  # the server's words


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says: who was not reached, and which message it speaks of."""

    failed: tuple[FailedRecipient, ...]
    message_id: str | None = None  # of the message that was not delivered, without brackets
    references: tuple[str, ...] = ()  # the undelivered message's own references


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a mail system confirms: which message arrived, and with whom."""

    message_id: str  # without brackets
    recipients: tuple[str, ...]  # addresses


class Participation(StrEnum):
    """What a guest answers to an invitation (RFC 5545: PARTSTAT)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    OPEN = "needs-action"


@dataclass(frozen=True, slots=True)
class InvitationReply:
    """What a calendar object in an e-mail answers to an invitation (RFC 5546: REPLY, COUNTER)."""

    uid: str  # of the appointment
    guest: str  # the address of who answers, as it claims
    answer: Participation | None  # none: a change is proposed
    sequence: int  # of the invitation that is answered
    written_at: datetime | None  # aware
    recurrence: date | None  # of one occurrence; UTC, or naive by the appointment's clocks
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail, understood."""

    message_id: str | None = None  # without angle brackets, as are all message ids
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first, as in the header
    sent_at: datetime | None = None  # aware, UTC
    sender: MailAddress | None = None
    reply_to: tuple[MailAddress, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    subject: str = ""
    text: str = ""  # always there where anything was readable
    new_text: str = ""  # the text without the quoted history
    html: str | None = None  # sanitised
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic = Automatic.NO
    bounce: Bounce | None = None
    confirmation: Confirmation | None = None
    replies: tuple[InvitationReply, ...] = ()
    defects: tuple[str, ...] = ()  # what was damaged, and how it was read all the same
    header_fields: int = field(default=0)  # how many; a message without any is none
