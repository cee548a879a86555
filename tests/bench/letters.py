"""Made-up mail as a helpdesk gets it; the same seed gives the same messages.

The mix: plain texts, HTML with its alternative, attachments, replies in threads with their
history, umlauts in several charsets, case numbers and tokens in subjects, bounces, vacations.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from itertools import islice
from random import Random

from bench.bodies import alternative, attachment, multipart, text_part
from bench.directory import directory, people
from bench.words import paragraphs, sentence

from domain.directory import Case
from domain.mail import MailAddress
from domain.tokens import case_token

SECRET = b"the benchmarks' secret"
MAILBOX = "service@firm.example"
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
REMEMBERED = 300  # messages that may still be answered
SMALLEST_FILE, LARGEST_FILE = 5_000, 5_000_000  # bytes
KINDS = {"plain": 27, "alternative": 55, "with file": 7, "html": 6, "vacation": 2, "bounce": 3}


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody writes about, and all that was written before."""

    writer: MailAddress
    subject: str
    ids: tuple[str, ...] = ()  # the oldest first
    history: str = ""


class Writers:
    """Everybody who writes to the helpdesk, with what they remember of it."""

    def __init__(self, seed: int, largest_file: int) -> None:
        self._chance = Random(seed)
        self._larger = largest_file / SMALLEST_FILE
        self._people = people(directory())
        self._topics = deque[Topic](maxlen=REMEMBERED)
        self._number = 0
        self._name = f"{seed:x}"

    def letters(self) -> Iterator[bytes]:
        """Write one message after the other."""
        kinds, weights = list(KINDS), list(KINDS.values())
        while True:
            kind = self._chance.choices(kinds, weights)[0]
            topic = self._topic()
            yield self._letter(kind, topic)

    def _topic(self) -> Topic:
        if self._topics and self._chance.random() < 0.45:
            return self._chance.choice(self._topics)
        if self._chance.random() < 0.15:
            stranger = f"stranger{self._chance.randint(1, 10**6)}@elsewhere.example"
            return Topic(MailAddress("", stranger), sentence(self._chance))
        writer, cases = self._chance.choice(self._people)
        return Topic(writer, sentence(self._chance)[:60] + self._reference(cases))

    def _reference(self, cases: list[Case]) -> str:
        if not cases or self._chance.random() < 0.6:
            return ""
        number = self._chance.choice(cases).number
        signed = self._chance.random() < 0.3
        return f" [{case_token(number, SECRET)}]" if signed else f" {number}"

    def _letter(self, kind: str, topic: Topic) -> bytes:
        self._number += 1
        message_id = f"{self._name}.{self._number}@{topic.writer.address.partition('@')[2]}"
        text = "\n\n".join(paragraphs(self._chance, int(self._chance.lognormvariate(6.9, 0.8))))
        fields = self._fields(kind, topic, message_id)
        if kind not in ("bounce", "vacation"):
            ids = (*topic.ids, message_id)
            self._topics.append(Topic(topic.writer, topic.subject, ids, quoted(text)[:3000]))
        whole = f"{text}\n\n{topic.history}" if topic.history else text
        return fields + self._body(kind, topic, whole)

    def _fields(self, kind: str, topic: Topic, message_id: str) -> bytes:
        chance, when = self._chance, BEGIN + timedelta(minutes=self._number)
        writer = topic.writer
        subject = f"{chance.choice(('AW', 'Re'))}: {topic.subject}" if topic.ids else topic.subject
        sender = f"{encoded(chance, writer.name)} <{writer.address}>"
        lines = [
            *self._way(when),
            f"From: {'MAILER-DAEMON <mailer-daemon@mx.example>' if kind == 'bounce' else sender}",
            f"To: {MAILBOX}",
            f"Subject: {encoded(chance, subject)}",
            f"Date: {format_datetime(when)}",
            f"Message-ID: <{message_id}>",
        ]
        if topic.ids:
            lines += [
                f"In-Reply-To: <{topic.ids[-1]}>",
                "References: " + "\n ".join(f"<{each}>" for each in topic.ids[-10:]),
            ]
        if kind == "vacation":
            lines.append("Auto-Submitted: auto-replied")
        return "\n".join([*lines, "MIME-Version: 1.0", ""]).encode()

    def _way(self, when: datetime) -> Iterator[str]:
        for hop in range(3):
            mark = f"{self._chance.getrandbits(64):016x}"
            yield (
                f"Received: from mail{hop}.example (mail{hop}.example [192.0.2.{hop}])\n"
                f"\tby mx{hop}.firm.example (Postfix) with ESMTPS id {mark}\n"
                f"\tfor <{MAILBOX}>; {format_datetime(when)}"
            )
        signature = "\n\t ".join(f"{self._chance.getrandbits(256):064x}" for _ in range(5))
        yield f"DKIM-Signature: v=1; a=rsa-sha256; d=mail.example; s=a;\n\t b={signature}"

    def _body(self, kind: str, topic: Topic, text: str) -> bytes:
        if kind == "bounce":
            return self._report(topic)
        if kind == "html":
            return text_part(self._chance, f"<p>{text}</p>", "html")
        if kind in ("plain", "vacation"):
            return text_part(self._chance, text)
        shown = alternative(self._chance, text)
        if kind == "alternative":
            return shown
        size = int(SMALLEST_FILE * self._larger ** self._chance.random())
        return multipart(self._chance, "mixed", [shown, attachment(self._chance, size)])

    def _report(self, topic: Topic) -> bytes:
        reached = (
            f"Final-Recipient: rfc822; {topic.writer.address}\nAction: failed\nStatus: 5.1.1\n"
        )
        original = f"Message-ID: <{self._number}@firm.example>\nSubject: Antwort\n"
        parts = [
            text_part(self._chance, "Ihre Nachricht konnte nicht zugestellt werden."),
            f"Content-Type: message/delivery-status\n\n\n{reached}".encode(),
            f"Content-Type: text/rfc822-headers\n\n{original}".encode(),
        ]
        return multipart(self._chance, "report", parts, "; report-type=delivery-status")


def letters(count: int, seed: int = 1, largest_file: int = LARGEST_FILE) -> Iterator[bytes]:
    """Write so many messages, with files up to this size in some."""
    return islice(Writers(seed, largest_file).letters(), count)


def encoded(chance: Random, text: str) -> str:
    """Write a header's text as encoded words, where it needs them."""
    if text.isascii():
        return text
    charset = chance.choice(("utf-8", "iso-8859-1"))
    return Header(text, charset, maxlinelen=70).encode()


def quoted(text: str) -> str:
    """Quote a text as the answer to it does."""
    lines = "\n".join(f"> {line}" for line in text.split("\n"))
    return f"Am 05.01.2026 um 09:00 schrieb Petra Müller:\n{lines}"
