"""What guests from outside must be told of an appointment, given what they were told before."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.appointments import Period
from domain.calendar_events import Event


class Tidings(StrEnum):
    """What a letter to a guest is about."""

    INVITED = "invited"
    CHANGED = "changed"
    PARTLY_OFF = "partly_off"  # some occurrences of a series do not take place
    REST_OFF = "rest_off"  # all that was still to come of a series does not take place
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Told:
    """What a guest was told last."""

    service: str  # by which account
    fingerprint: str  # of what guests must know; empty: that they need not come
    cancelled: tuple[str, ...]  # occurrences that do not take place, by their ISO begins
    ends_at: str  # until when it lasts, as an ISO instant
    times: str  # a fingerprint of when it takes place by the plan
    since: int  # the number (SEQUENCE) of the first invitation to these times

    def as_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, event: Event, service: str, before: "Told | None" = None) -> "Told":
        """Give what is told by an invitation to an appointment as it is now.

        before is what was told before; where that was another time, the guest is asked anew.
        """
        times = _summed_up(_times(event))
        asked = before if before and before.fingerprint and before.times == times else None
        return cls(
            service,
            fingerprint(event),
            _cancelled(event),
            _ends_at(event).isoformat(),
            times,
            asked.since if asked else event.sequence,
        )

    def holds_for(self, event: Event, sequence: int) -> bool:
        """Whether an answer to the invitation of this number is to the times that it has now."""
        return sequence >= self.since and self.times == _summed_up(_times(event))

    @classmethod
    def read(cls, written: str) -> "Told":
        """Read what was written down."""
        values = json.loads(written)
        return cls(**{**values, "cancelled": tuple(values["cancelled"])})


def fingerprint(event: Event) -> str:
    """Sum up what guests must be told when it changes: what, where, and when by the plan."""
    planned = (event.period if event.rule else None, event.rule, _times(event))
    return _summed_up((event.matchcode, event.place, *planned))


def tidings(event: Event, invited: bool, told: Told | None, now: datetime) -> Tidings | None:
    """Say what a guest must be told; None where they know it all, or it is over."""
    goes_on = any(each.period.ends_at > now for each in event.taking_place)
    if told is None or not told.fingerprint:
        return Tidings.INVITED if invited and goes_on else None
    if _ends_at(event) <= now and datetime.fromisoformat(told.ends_at) <= now:
        return None
    if not invited or event.is_cancelled:
        return Tidings.OFF
    is_off = bool(newly_off(event, told, now))
    if told.fingerprint != fingerprint(event):
        return Tidings.OFF if is_off and not goes_on else Tidings.CHANGED
    if is_off:
        return Tidings.PARTLY_OFF if goes_on else Tidings.REST_OFF
    return None


def newly_off(event: Event, told: Told, now: datetime) -> list[datetime]:
    """Give the occurrences still to come that do not take place, as the guest does not know yet."""
    return [
        each.recurrence
        for each in event.occurrences
        if each.cancelled
        and each.recurrence.isoformat() not in told.cancelled
        and each.period.ends_at > now
    ]


def _times(event: Event) -> list[tuple[datetime, Period]]:
    return [(each.recurrence, each.period) for each in event.occurrences]


def _summed_up(said: object) -> str:
    return sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


def _cancelled(event: Event) -> tuple[str, ...]:
    return tuple(each.recurrence.isoformat() for each in event.occurrences if each.cancelled)


def _ends_at(event: Event) -> datetime:
    return max(each.period.ends_at for each in event.occurrences)
