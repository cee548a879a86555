"""One message is sent into the demo's mailboxes."""

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from deployments.demo.messages import DemoMessage
from deployments.demo.stream import hand_in
from domain.errors import ServerUnreachable


def send(smtp_port: int, to: str, raw: bytes) -> None:
    """Send a whole message; ServerUnreachable where no demo runs or it refuses the mailbox."""
    try:
        hand_in(smtp_port, DemoMessage((to,), raw))
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnreachable(f"the demo did not take the message: {error}") from error


def written(sender: str, to: str, subject: str, text: str) -> bytes:
    """Write a plain message."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="example.com")
    message.set_content(f"{text}\n")
    return message.as_bytes()
