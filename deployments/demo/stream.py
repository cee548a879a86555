"""Mail that arrives while the demo runs: conversations that go on, handed in by SMTP."""

import asyncio
import smtplib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict

from deployments.demo.directory import HOST
from deployments.demo.messages import DemoMessage

FILE = Path(__file__).with_name("conversations.toml")
MOST_AT_ONCE = 3
SEED = 20


class Conversation(BaseModel):
    """What one customer writes about one matter, letter by letter."""

    model_config = ConfigDict(frozen=True)

    sender: str
    recipient: str
    subject: str
    reply_prefix: str
    letters: tuple[str, ...]
    case: str | None = None


class Thread(BaseModel):
    """A conversation as far as it has gone: the ids of its letters so far."""

    model_config = ConfigDict(frozen=True)

    conversation: Conversation
    written: tuple[str, ...] = ()

    def followed_by(self, message_id: str) -> "Thread":
        """Give the thread with one more letter; after its last one it begins anew."""
        written = (*self.written, message_id)
        finished = len(written) == len(self.conversation.letters)
        return Thread(conversation=self.conversation, written=() if finished else written)


def conversations() -> tuple[Conversation, ...]:
    """Read the demo's conversations."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Conversation(**entry) for entry in content["conversation"])


async def stream(
    smtp_port: int,
    now: Callable[[], datetime],
    token: Callable[[str], str],
    pause: float = 20,
) -> None:
    """Send a few letters after each pause (in seconds), until cancelled."""
    choice = Random(SEED)  # noqa: S311 - the same demo each time, nothing secret
    letters = arriving(conversations(), now, token, choice)
    while True:
        await asyncio.sleep(pause)
        for _ in range(choice.randint(1, MOST_AT_ONCE)):
            await asyncio.to_thread(hand_in, smtp_port, next(letters))


def arriving(
    conversations: Sequence[Conversation],
    now: Callable[[], datetime],
    token: Callable[[str], str],
    choice: Random,
) -> Iterator[DemoMessage]:
    """Give the letters of all conversations, whichever goes on next, without an end."""
    threads = [Thread(conversation=conversation) for conversation in conversations]
    while True:
        turn = choice.randrange(len(threads))
        message = letter(threads[turn], now(), token)
        threads[turn] = threads[turn].followed_by(message["Message-ID"])
        yield DemoMessage((message["To"],), message.as_bytes())


def letter(thread: Thread, now: datetime, token: Callable[[str], str]) -> EmailMessage:
    """Write the next letter of a thread."""
    about = thread.conversation
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = about.sender, about.recipient
    message["Subject"] = _subject(thread, token)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _fresh_id(about.sender, now)
    if thread.written:
        message["In-Reply-To"] = thread.written[-1]
        message["References"] = " ".join(thread.written)
    message.set_content(f"{about.letters[len(thread.written)]}\n")
    return message


def hand_in(smtp_port: int, message: DemoMessage) -> None:
    """Send a message by SMTP to the demo's mail server, byte for byte."""
    with smtplib.SMTP(HOST, smtp_port, local_hostname="localhost", timeout=10) as server:
        server.sendmail("", message.recipients, message.raw)


def _subject(thread: Thread, token: Callable[[str], str]) -> str:
    about = thread.conversation
    prefix = about.reply_prefix if thread.written else ""
    return f"{prefix}{about.subject}{f' {token(about.case)}' if about.case else ''}"


def _fresh_id(sender: str, now: datetime) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{now:%Y%m%d.%H%M%S.%f}@{domain}>"
