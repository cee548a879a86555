"""Alarms: who is to be informed of an appointment, when, by which channels, and again (A4-A7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MESSAGE, E_MAIL, PUSH = "message", "e-mail", "push"
CHANNELS = (MESSAGE, E_MAIL, PUSH)
IN_TIME = timedelta(seconds=1)  # what is later than that is said to be late (A4, A6)


class AlarmStatus(StrEnum):
    """Where one alarm stands."""

    ARMED = "armed"
    RUNG = "rung"
    FAILED = "failed"


class Origin(StrEnum):
    """Why an alarm rings."""

    TIME = "time"  # the appointment's alarm time
    SNOOZE = "snooze"  # its participant wanted to be told again
    ESCALATION = "escalation"  # nobody acknowledged the first one


@dataclass(frozen=True, slots=True)
class Preferences:
    """How an employee wants to be informed, beside the internal message that always comes."""

    channels: frozenset[str] = frozenset()  # of E_MAIL and PUSH
    escalate_after: timedelta | None = None  # without an acknowledgement
    escalate_to: str | None = None  # one of E_MAIL and PUSH

    @property
    def escalates(self) -> bool:
        """Whether another channel is tried where they do not acknowledge."""
        return self.escalate_after is not None and self.escalate_to is not None


USUAL = Preferences()


@dataclass(frozen=True, slots=True, order=True)
class Ring:
    """One informing: of whom, by which channel, and when; it happens once."""

    employee_id: int
    channel: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Rearming:
    """What is to change in what is armed."""

    to_arm: frozenset[Ring]
    to_void: frozenset[Ring]
    to_withdraw: frozenset[Ring] = frozenset()  # that rang, and whose letters may still wait


def wanted_rings(due_at: datetime | None, informed: Mapping[int, Preferences]) -> frozenset[Ring]:
    """Give who is informed at an alarm time, by every channel that each of them wants.

    None, of an appointment that has no alarm, is done or cancelled, informs nobody (A5).
    """
    if due_at is None:
        return frozenset()
    return frozenset(
        Ring(employee_id, channel, due_at)
        for employee_id, preferences in informed.items()
        for channel in (MESSAGE, *preferences.channels)
    )


def rearm(
    wanted: Collection[Ring], armed: Collection[Ring], past: Collection[Ring], now: datetime
) -> Rearming:
    """Say what to arm and what to void of an alarm time, given what is armed and has rung (A5, A7).

    What is not armed yet is armed only for the future: nobody is rung for a time that had passed
    as it was set. What was armed in time stays, even where it is overdue (A6).
    """
    new = frozenset(wanted) - frozenset(armed) - frozenset(past)
    return Rearming(
        frozenset(ring for ring in new if ring.due_at > now), frozenset(armed) - frozenset(wanted)
    )


def rearm_shifted(
    wanted: Collection[Ring], armed: Collection[Ring], past: Collection[Ring]
) -> Rearming:
    """Say the same where new rules of a zone shift alarm times, and nobody changed anything.

    What is armed goes along, even to a time that has passed, so that nobody misses it; what has
    rung, or was not armed, is left at that.
    """
    waiting = {(ring.employee_id, ring.channel) for ring in armed}
    new = frozenset(wanted) - frozenset(armed) - frozenset(past)
    return Rearming(
        frozenset(ring for ring in new if (ring.employee_id, ring.channel) in waiting),
        frozenset(armed) - frozenset(wanted),
    )


def outlives(ring: Ring, wanted: Collection[Ring], past: Collection[Ring]) -> bool:
    """Whether an armed snooze or escalation stays as an appointment is changed (A5, A7).

    It stays while the alarm time of now is the last one that rang for its person, and so the one
    that it follows; past are those that rang at an alarm time. So a changed or cleared alarm time,
    done, cancelled and a removed person void it.
    """
    last = max((each.due_at for each in past if each.employee_id == ring.employee_id), default=None)
    return any((each.employee_id, each.due_at) == (ring.employee_id, last) for each in wanted)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an occurrence, by which its alarms are judged as it is changed."""

    wanted: frozenset[Ring]
    past: frozenset[Ring]  # what rang at an alarm time
    escalating: frozenset[int]  # employees who want another channel to be tried

    def holds(self, ring: Ring, origin: Origin) -> bool:
        """Whether an alarm, armed or rung, is still wanted (A5, A7).

        One of an alarm time is by what is wanted; a snooze or an escalation while it outlives
        the change, and the latter while its employee wants any.
        """
        if origin is Origin.TIME:
            return ring in self.wanted
        if origin is Origin.ESCALATION and ring.employee_id not in self.escalating:
            return False
        return outlives(ring, self.wanted, self.past)


def escalation(ring: Ring, preferences: Preferences, rung_at: datetime) -> Ring | None:
    """Give the ring that follows where nobody acknowledges in time; it follows the message only."""
    after, channel = preferences.escalate_after, preferences.escalate_to
    if ring.channel != MESSAGE or after is None or channel is None:
        return None
    return Ring(ring.employee_id, channel, rung_at + after)


def lateness(due_at: datetime, now: datetime) -> timedelta | None:
    """Tell how late an alarm rings; None where it is in time (A6)."""
    late = now - due_at
    return late if late > IN_TIME else None
