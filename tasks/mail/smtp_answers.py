"""What a server's replies mean for the recipients of a message (RFC 5321, 4.2; RFC 3463)."""

import re
from enum import StrEnum

from domain.delivery import Answer, Outcome
from tasks.mail.smtp_wire import LineBroken, Reply

MAX_TEXT = 500  # characters
MAX_REFERENCE = 100


class Step(StrEnum):
    """How far the handing in of a message has come."""

    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    CONTENT = "the message"  # goes out, and its end has not left yet
    END = "the end of the message"  # has left


# They speak of the conversation or the login: of us, and not of the recipient or the message.
_OF_US = {503, 530, 534, 535, 538}
# "Mail system congestion", which a provider says with a 550 when the day's quota is used up.
_HEALING = {"5.4.5"}
# "Too many recipients", which some servers say as RFC 821 had it (RFC 5321, 4.5.3.1.10).
_TOO_MANY = 552

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_REFERENCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bqueued as <?([^\s<>]+)",  # Postfix and many others
        r"\bInternalId=(\d+)",  # Exchange
        r"\bid=([^\s,;]+)",  # Exim
        r"\bOK +\d+ +(\S+) +- +gsmtp",  # Gmail
        r"\bOK \d+ qp (\d+)",  # qmail
        r"(\S+) Message accepted for delivery",  # Sendmail, OpenSMTPD
        r"\bOK ([0-9a-f-]{20,})",  # Amazon
    )
)


def speaks_of_us(reply: Reply) -> bool:
    """Tell whether a refusal is about our login or conversation, which a new one may mend."""
    return reply.code in _OF_US


def answer_to(step: Step, reply: Reply) -> Answer:
    """Say what a reply to this step means for a recipient whom it concerns."""
    text = text_of(reply)
    return Answer(_outcome(step, reply), text, _reference(text) if reply.kind == 2 else "")


def answer_to_break(step: Step, error: LineBroken) -> Answer:
    """Say what the end of the connection means for the recipients that have no answer yet."""
    words = error.last_words
    if words and words.kind in (4, 5) and step in (Step.CONTENT, Step.END):
        return answer_to(step, words)
    reason = text_of(words) if words else str(error)
    if step is Step.END:
        text = f"The whole message was sent, and whether it was accepted is unknown: {reason}"
        return Answer(Outcome.UNKNOWN, text[:MAX_TEXT])
    return Answer(Outcome.FOR_NOW, f"The message was not handed in: {reason}"[:MAX_TEXT])


def text_of(reply: Reply) -> str:
    """Write a reply on one line, without anything that could disturb who reads it."""
    status = _status(reply)
    lines = [line.removeprefix(status).strip() for line in reply.lines]
    words = _harmless(" ".join([str(reply.code), status, *lines])).split()
    return " ".join(words)[:MAX_TEXT]


def _outcome(step: Step, reply: Reply) -> Outcome:
    if reply.kind == 2:
        return Outcome.ACCEPTED
    passing = (
        reply.kind == 4
        or speaks_of_us(reply)
        or _status(reply) in _HEALING
        or (reply.code == _TOO_MANY and step is Step.RECIPIENT)
    )
    return Outcome.FOR_NOW if passing else Outcome.FOR_GOOD


def _status(reply: Reply) -> str:
    found = _STATUS.match(reply.lines[0])
    return found[0] if found else ""


def _reference(text: str) -> str:
    found = next(filter(None, (pattern.search(text) for pattern in _REFERENCES)), None)
    return found[1].strip("[]().,;")[:MAX_REFERENCE] if found else ""


def _harmless(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " for each in text)
