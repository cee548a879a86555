"""What becomes of a dispatch: how each recipient's delivery fares, and when it is tried again."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from domain.backoff import delay

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=4)
FACTOR = 3.0
PATIENCE = timedelta(hours=48)  # for how long it is tried, unless the contact says otherwise


def in_words(name: str) -> str:
    """Write an outcome's or a status's name as people do."""
    return name.replace("_", " ")


class Outcome(StrEnum):
    """What an attempt to deliver came to."""

    ACCEPTED = "accepted"
    FOR_NOW = "refused_for_now"  # time may heal it
    FOR_GOOD = "refused_for_good"
    UNKNOWN = "unknown"  # the data went out, and no answer came


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said about one recipient."""

    outcome: Outcome
    text: str  # the service's words, or ours where it had none
    reference: str = ""  # the service's own id of the delivery, such as a queue id
    wait: timedelta | None = None  # how long the service asked to wait


@dataclass(frozen=True, slots=True)
class DispatchCounts:
    """How many recipients got which answer."""

    accepted: int = 0
    refused_for_now: int = 0
    refused_for_good: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Self:
        """Count answers by their outcome."""
        return cls(**Counter(answer.outcome.value for answer in answers))

    def __add__(self, other: "DispatchCounts") -> "DispatchCounts":
        both = (asdict(self), asdict(other))
        return DispatchCounts(**{name: sum(each[name] for each in both) for name in both[0]})

    def __str__(self) -> str:
        named = {in_words(name): count for name, count in asdict(self).items() if count}
        return ", ".join(f"{count} {name}" for name, count in named.items()) or "nothing to send"


class DeliveryStatus(StrEnum):
    """Where one recipient's delivery stands."""

    QUEUED = "queued"
    RETRYING = "retrying"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class DispatchStatus(StrEnum):
    """Where a dispatch stands, derived from its deliveries (X5)."""

    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    PARTLY_SENT = "partly_sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


WAITING = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.RETRYING})
IN_VAIN = frozenset({DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.CANCELLED})
_AFTER = {
    Outcome.ACCEPTED: DeliveryStatus.SENT,
    Outcome.FOR_NOW: DeliveryStatus.RETRYING,
    Outcome.FOR_GOOD: DeliveryStatus.FAILED,
    Outcome.UNKNOWN: DeliveryStatus.UNKNOWN,
}


def status_after(answer: Answer) -> DeliveryStatus:
    """Tell where a delivery stands after an answer."""
    return _AFTER[answer.outcome]


def dispatch_status(
    deliveries: Collection[DeliveryStatus], sending: bool = False
) -> DispatchStatus:
    """Derive a dispatch's status from its deliveries'; the one that asks for most comes first."""
    if sending:
        return DispatchStatus.SENDING
    there = set(deliveries)
    for each in (DeliveryStatus.RETRYING, DeliveryStatus.QUEUED, DeliveryStatus.UNKNOWN):
        if each in there:
            return DispatchStatus(each)
    if len(there) > 1 and DeliveryStatus.SENT in there:
        return DispatchStatus.PARTLY_SENT
    ranks = (
        DeliveryStatus.SENT,
        DeliveryStatus.BOUNCED,
        DeliveryStatus.FAILED,
        DeliveryStatus.CANCELLED,
    )
    return DispatchStatus(next(each for each in ranks if each in there))


def counts_as_sent(deliveries: Collection[DeliveryStatus]) -> bool:
    """Tell whether a dispatch counts as sent: unless it reached nobody and never will (E3)."""
    return not IN_VAIN.issuperset(deliveries)


def deadline_from(begin: datetime, wanted: datetime | None) -> datetime:
    """Give until when something is tried that may go out from an instant on.

    A deadline that would be over by then gives way: who puts something off wants it sent.
    """
    if wanted is not None and wanted > begin:
        return wanted
    end_of_time = datetime.max.replace(tzinfo=UTC) - PATIENCE
    return min(begin, end_of_time) + PATIENCE


def next_attempt(
    attempts: int,
    first_tried_at: datetime,
    now: datetime,
    wait: timedelta | None = None,
    deadline: datetime | None = None,
    jitter: float = 0.0,
) -> datetime | None:
    """Give the instant of the next attempt after so many; None where patience is at its end.

    A service may ask for a longer wait, and a contact may have a deadline of its own. Jitter is
    drawn from [0, 1).
    """
    pause = delay(attempts, FIRST_PAUSE, LONGEST_PAUSE, FACTOR, jitter)
    at = now + max(pause, wait or pause)
    return at if at <= (deadline or first_tried_at + PATIENCE) else None
