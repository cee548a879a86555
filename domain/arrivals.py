"""Mail as it arrives at a folder: positions, raw messages, and what became of them."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CHUNK_MESSAGES = 100
CHUNK_BYTES = 4 * 1024 * 1024

# A UID alone does not tell messages apart: a mailbox restored from a backup gives it away twice.
Place = tuple[int, datetime]  # UID and INTERNALDATE, within one UIDVALIDITY


@dataclass(frozen=True, slots=True)
class Listed:
    """A message on the server that is not fetched yet."""

    uid: int
    size: int  # bytes, as the server says
    received_at: datetime  # the server's INTERNALDATE, aware

    @property
    def place(self) -> Place:
        """Where it stands, as the ledger knows it."""
        return self.uid, self.received_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came, with its place on the server."""

    uid: int
    received_at: datetime  # as in Listed
    raw: bytes

    @property
    def place(self) -> Place:
        """Where it stands, as the ledger knows it."""
        return self.uid, self.received_at


@dataclass(frozen=True, slots=True)
class Position:
    """How far a folder has been read: every UID up to it is explained."""

    uidvalidity: int
    last_uid: int = 0

    def on(self, uidvalidity: int, uidnext: int | None = None) -> "Position":
        """Take the position over to the folder as it is now; it may have to begin anew.

        Another UIDVALIDITY means that all UIDs are new ones (RFC 3501, 2.3.1.1). A next UID
        below what was read means that the mailbox was restored from a backup, and gives UIDs
        away a second time. The ledger and the fingerprints tell what is known already.
        """
        went_back = uidnext is not None and uidnext <= self.last_uid
        if uidvalidity != self.uidvalidity or went_back:
            return Position(uidvalidity)
        return self


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One watched folder of an account."""

    id: int
    account: str
    address: str  # the account's e-mail address
    folder: str
    position: Position

    def __str__(self) -> str:
        return f"{self.account}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some messages of a folder as they were fetched, to be explained in one transaction."""

    mailbox: Mailbox
    uidvalidity: int
    arrivals: Sequence[Arrival] = ()
    withheld: Sequence[Listed] = ()  # listed by the server, but not handed over
    skipped: Sequence[Listed] = ()  # by a rule of the account
    settles: bool = False  # whether the account marks or moves what is imported
    upto: int = 0  # with a lease: every UID up to it is explained then; 0: not known yet

    def __str__(self) -> str:
        return f"{len(self.arrivals)} from {self.mailbox}"

    @property
    def places(self) -> set[Place]:
        """Where the messages of this chunk stand."""
        listed = {message.place for message in (*self.withheld, *self.skipped)}
        return listed | {arrival.place for arrival in self.arrivals}


class ReceiptOutcome(StrEnum):
    """What became of one message of a folder."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"  # it is a contact already
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"  # by a rule of the account


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages came to which end."""

    imported: int = 0
    duplicate: int = 0
    quarantined: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.imported + other.imported,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.skipped + other.skipped,
        )

    @property
    def total(self) -> int:
        """All messages looked at."""
        return self.imported + self.duplicate + self.quarantined + self.skipped

    @classmethod
    def of(cls, outcomes: Iterable[ReceiptOutcome]) -> "Counts":
        """Count outcomes."""
        counts = dict.fromkeys(ReceiptOutcome, 0)
        for outcome in outcomes:
            counts[outcome] += 1
        return cls(**{outcome.value: count for outcome, count in counts.items()})

    def __str__(self) -> str:
        parts = [f"{self.imported} new"]
        parts += [f"{self.duplicate} duplicate"] * bool(self.duplicate)
        parts += [f"{self.quarantined} quarantined"] * bool(self.quarantined)
        parts += [f"{self.skipped} skipped"] * bool(self.skipped)
        return ", ".join(parts)


def chunked(listed: Sequence[Listed]) -> Iterator[list[Listed]]:
    """Divide messages, in the order of their UIDs, into chunks bounded in number and bytes."""
    chunk: list[Listed] = []
    size = 0
    for message in sorted(listed, key=lambda message: message.uid):
        if chunk and (len(chunk) == CHUNK_MESSAGES or size + message.size > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(message)
        size += message.size
    if chunk:
        yield chunk


_BLANK_LINES = (b"\n\r\n", b"\n\n", b"\r\r")
_NO_FIELD = re.compile(rb"^(?![!-9;-~]++[ \t]*+:|[ \t])", re.MULTILINE)  # where a line is none
_IDENTIFYING = re.compile(
    rb"^(message-id|date|from|to|cc|subject)[ \t]*:((?:.*)(?:\r?\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)


def fingerprint(raw: bytes) -> str:
    """Identify a message whatever account it came through (R5), as 64 hex digits.

    What its author wrote goes in: the identifying header fields and the body. What the way
    adds (Received, Delivered-To, spam marks, line ends) stays out. Message-ID alone is not
    enough: some senders give the same one to every mail, and theirs would be lost. Of a message
    with neither Message-ID nor Date everything goes in: an alarm of today may be written like
    yesterday's, and then only the way tells them apart.
    """
    header, body = _divided(raw)
    fields = [
        (name.lower(), b" ".join(value.split())) for name, value in _IDENTIFYING.findall(header)
    ]
    if not any(name in (b"message-id", b"date") and value for name, value in fields):
        fields, body = [], raw
    digest = hashlib.sha256()
    for name, value in sorted(fields):
        digest.update(name + b":" + value + b"\n")
    digest.update(b"\n")
    digest.update(body.replace(b"\r", b"").rstrip())
    return digest.hexdigest()


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    """Give header and body; without a blank line the body begins where no field stands."""
    end = len(raw)
    for blank_line in _BLANK_LINES:  # several times faster than a regular expression
        if (found := raw.find(blank_line, 0, end + 1)) >= 0:
            end, begin = found, found + len(blank_line)
    if end < len(raw):
        return raw[:end], raw[begin:]
    body = _NO_FIELD.search(raw)
    end_of_fields = body.start() if body else len(raw)
    return raw[:end_of_fields], raw[end_of_fields:]
