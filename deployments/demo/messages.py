"""The demo's messages: a first set from files, fresh whenever the demo starts.

Each file of messages/ is a message as it travels, with three kinds of placeholders:
{date:-3h} is the Date header's form of an instant before now, {day:-2d} a day as Germans write
it, {token:SC-1042} the text that ties a subject to its case.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses
from functools import partial
from pathlib import Path

from deployments.demo.directory import folders_of_mailboxes

FOLDER = Path(__file__).with_name("messages")
PLACEHOLDER = re.compile(rb"\{(date|day|token):([^{}\s]+)\}")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
ADDRESSED_IN = ("to", "cc", "delivered-to")
OTHERWISE_TO = ("service@demo.example",)


@dataclass(frozen=True)
class DemoMessage:
    """A message with its envelope's recipients."""

    recipients: tuple[str, ...]
    raw: bytes
    arrived_at: datetime | None = None  # none: just now


def demo_messages(now: datetime, token: Callable[[str], str]) -> list[DemoMessage]:
    """Give the first set in its order; the same instant and tokens give the same bytes."""
    return [demo_message(file.read_bytes(), now, token) for file in sorted(FOLDER.glob("*.eml"))]


def demo_message(template: bytes, now: datetime, token: Callable[[str], str]) -> DemoMessage:
    """Fill in a message's placeholders and address its envelope."""
    filled = PLACEHOLDER.sub(partial(_filled, now, token), template)
    raw = b"".join(line + b"\r\n" for line in filled.splitlines())
    return DemoMessage(_recipients(raw), raw)


def _filled(now: datetime, token: Callable[[str], str], match: re.Match[bytes]) -> bytes:
    kind, argument = match[1].decode(), match[2].decode()
    if kind == "token":
        return token(argument).encode()
    instant = now + timedelta(**{UNITS[argument[-1]]: int(argument[:-1])})
    return (format_datetime(instant) if kind == "date" else f"{instant:%d.%m.%Y}").encode()


def _recipients(raw: bytes) -> tuple[str, ...]:
    headers = BytesHeaderParser().parsebytes(raw)
    fields = [str(field) for name in ADDRESSED_IN for field in headers.get_all(name, [])]
    named = {address for _, address in getaddresses(fields)}
    return tuple(sorted(named & folders_of_mailboxes().keys())) or OTHERWISE_TO
