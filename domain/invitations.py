"""What guests from outside must be told of an appointment, given what they were told before."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.calendar_events import Event


class Tidings(StrEnum):
    """What a letter to a guest is about."""

    INVITED = "invited"
    CHANGED = "changed"
    PARTLY_OFF = "partly_off"  # some occurrences of a series do not take place
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Told:
    """What a guest was told last."""

    service: str  # by which account
    fingerprint: str  # of what guests must know; empty: that they need not come
    cancelled: tuple[str, ...]  # occurrences that do not take place, by their ISO begins
    ends_at: str  # until when it lasts, as an ISO instant

    def as_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, event: Event, service: str) -> "Told":
        """Give what is told by an invitation to an appointment as it is now."""
        return cls(service, fingerprint(event), _cancelled(event), _ends_at(event).isoformat())

    @classmethod
    def read(cls, written: str) -> "Told":
        """Read what was written down."""
        values = json.loads(written)
        return cls(**{**values, "cancelled": tuple(values["cancelled"])})


def fingerprint(event: Event) -> str:
    """Sum up what guests must be told when it changes: what, where, and when by the plan."""
    times = [(each.recurrence, each.period) for each in event.occurrences]
    said = (event.matchcode, event.place, event.period if event.rule else None, event.rule, times)
    return sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


def tidings(event: Event, invited: bool, told: Told | None, now: datetime) -> Tidings | None:
    """Say what a guest must be told; None where they know it all, or it is over."""
    knows = told is not None and bool(told.fingerprint)
    is_over = _ends_at(event) <= now
    if told is None or not knows:
        return Tidings.INVITED if invited and not event.is_cancelled and not is_over else None
    if is_over and datetime.fromisoformat(told.ends_at) <= now:
        return None
    if not invited or event.is_cancelled:
        return Tidings.OFF
    if told.fingerprint != fingerprint(event):
        return Tidings.CHANGED
    return Tidings.PARTLY_OFF if newly_off(event, told, now) else None


def newly_off(event: Event, told: Told, now: datetime) -> list[datetime]:
    """Give the occurrences still to come that do not take place, as the guest does not know yet."""
    return [
        each.recurrence
        for each in event.occurrences
        if each.cancelled
        and each.recurrence.isoformat() not in told.cancelled
        and each.period.ends_at > now
    ]


def _cancelled(event: Event) -> tuple[str, ...]:
    return tuple(each.recurrence.isoformat() for each in event.occurrences if each.cancelled)


def _ends_at(event: Event) -> datetime:
    return max(each.period.ends_at for each in event.occurrences)
