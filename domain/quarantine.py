"""Messages that could not be processed: why, and when to try again (R6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.backoff import delay
from domain.mail import Mail

FIRST_RETRY = timedelta(minutes=10)
LONGEST_RETRY = timedelta(hours=24)


class QuarantineReason(StrEnum):
    """The class of reasons why a message is no contact yet."""

    NOT_A_MESSAGE = "not_a_message"  # no header field at all
    NOT_UNDERSTOOD = "not_understood"  # reading it failed: a fault of ours
    NOT_STORED = "not_stored"  # the database refused it: a fault of ours
    NOT_DELIVERED = "not_delivered"  # the server lists it, but does not hand it over


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one message is no contact yet."""

    reason: QuarantineReason
    detail: str  # one sentence


def trouble_with(mail: Mail) -> Trouble | None:
    """Say why an understood message cannot become a contact."""
    if mail.header_fields:
        return None
    return Trouble(QuarantineReason.NOT_A_MESSAGE, "it has no header field at all")


def next_try(attempts: int, now: datetime) -> datetime:
    """Tell when a quarantined message is tried again, after so many attempts."""
    return now + delay(attempts, FIRST_RETRY, LONGEST_RETRY)
