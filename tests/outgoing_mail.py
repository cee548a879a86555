"""A usual outgoing mail for tests, changed where a test says so, and what holds for every one."""

import email
from datetime import UTC, datetime
from email.policy import compat32, default
from typing import Any

from domain.mail import MailAddress, ReceptionKind, Recipient
from domain.outgoing import OutgoingMail


def recipient(address: str, kind: str = "to", name: str = "") -> Recipient:
    """Give someone who gets a mail."""
    return Recipient(MailAddress(name, address), ReceptionKind(kind))


def outgoing(**changes: Any) -> OutgoingMail:
    """Give a plain e-mail to one customer."""
    usual = {
        "message_id": "1.k2mq9@firm.example",
        "date": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "sender": MailAddress("Jonas Weber", "jonas.weber@firm.example"),
        "recipients": (recipient("petra@mueller.example", name="Petra Müller"),),
        "subject": "Fehler E17",
        "text": "Guten Tag",
    }
    return OutgoingMail(**{**usual, **changes})


def assert_is_well_formed(raw: bytes) -> None:
    """See that no server on the way needs to change a message."""
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.endswith(b"\r\n")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    for policy in (default, compat32):
        message = email.message_from_bytes(raw, policy=policy)
        assert not [defect for part in message.walk() for defect in part.defects]
