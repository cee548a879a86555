"""A reply as a person's mail program writes it."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from deployments.demo.directory import Outsider
from deployments.demo.messages import DemoMessage
from domain.mail import Mail, MailAddress
from domain.outgoing_texts import REPLY_PREFIX, reply_subject


def reply(received: Mail, writer: Outsider, now: datetime) -> DemoMessage:
    """Write what somebody answers to a message, to where the message wants its answers."""
    to = _wanted_at(received)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(writer.name, addr_spec=writer.address)
    message["To"] = ", ".join(each.address for each in to)
    message["Subject"] = reply_subject(received.subject) or REPLY_PREFIX
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=writer.address.rpartition("@")[2])
    if received.message_id:
        thread = [f"<{each}>" for each in (*received.references, received.message_id)]
        message["In-Reply-To"], message["References"] = thread[-1], " ".join(thread)
    message.set_content(f"{writer.text}\n\n{_quoted(received, now)}\n")
    return DemoMessage(tuple(each.address for each in to), message.as_bytes())


def _wanted_at(received: Mail) -> Sequence[MailAddress]:
    return received.reply_to or tuple(filter(None, [received.sender]))


def _quoted(received: Mail, now: datetime) -> str:
    """Quote a text below the line with which German mail programs introduce it."""
    at, sender = received.sent_at or now, received.sender
    wrote = f"{sender.name} <{sender.address}>".lstrip() if sender else "jemand"
    begin = f"Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {wrote}:"
    return "\n".join([begin, *(f"> {line}".rstrip() for line in received.text.splitlines())])
