"""What the forms of appointments ask for: which one, at which times, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Self

from prefect.client.schemas.objects import State

from domain.appointments import Period
from domain.zones import is_zone, wall
from flows.pressing import told
from tasks.store.appointments import AppointmentDetails, show_appointment
from tasks.store.conflicts import Conflict
from tasks.store.database import store
from tasks.store.staff import colleague


@dataclass(frozen=True, slots=True)
class Asked:
    """The appointment that a form is about, and the occurrence of it."""

    details: AppointmentDetails
    named: datetime | None

    @classmethod
    def read(cls, appointment: int, employee: str, named: datetime | None) -> Self:
        """Read it as the employee may see it."""
        viewer = colleague(store(), employee).id
        return cls(show_appointment(store(), appointment, viewer), named)

    @property
    def occurrence(self) -> datetime | None:
        """The begin by the rule of the one that is named by the begin that it has now."""
        if self.named is None:
            return None
        shown = self.shown(self.named)
        begin = _midnight(shown) if self.details.period.all_day else shown
        there = [each for each in self.details.occurrences if each.period.begins == begin]
        return there[0].recurrence if there else begin

    def moved(self, begins: datetime, ends: datetime | None, zone: str) -> Period:
        """Give from when until when it is to be; what is not said stays as it is."""
        now = self.period
        at = Period(now.begins, now.ends, zone or now.zone, now.all_day)
        begin, end = self.shown(begins, zone), ends and self.shown(ends, zone)
        if now.all_day:
            begin, end = _midnight(begin), end and _midnight(end) + timedelta(days=1)
        moved = at.beginning(begin)
        return replace(moved, ends=end) if end else moved

    @property
    def period(self) -> Period:
        """From when until when it is now."""
        named = self.occurrence
        found = [each.period for each in self.details.occurrences if each.recurrence == named]
        return found[0] if found else self.details.period

    def shown(self, at: datetime, zone: str = "") -> datetime:
        """Say what clocks show, in the appointment's zone or another, at what a form gave.

        A form gives instants; a program that gives no zone means what the clocks show.
        """
        return shown_in(zone or self.details.period.zone, at)


async def pressed(
    appointment: int,
    employee: str,
    named: datetime | None,
    act: Callable[[Asked], Sequence[Conflict]],
    done: str,
) -> State[Any]:
    """Do what a form asks for; the run says what became of it, and what is in two places now."""

    def acting() -> list[str]:
        conflicts = act(Asked.read(appointment, employee, named))
        return [f"appointment {appointment} {done}", *map(told_conflict, conflicts)]

    return await told(acting)


def shown_in(zone: str, at: datetime) -> datetime:
    """Say what clocks in a zone show at what a form gave; what is no zone is refused later."""
    return wall(at, zone) if at.tzinfo and is_zone(zone) else at.replace(tzinfo=None)


def told_conflict(conflict: Conflict) -> str:
    """Name a conflict; not what the other appointment is about, for others read this too."""
    when = f"{conflict.begins_at:%Y-%m-%d %H:%M}–{conflict.ends_at:%Y-%m-%d %H:%M} UTC"
    return f"conflict: {conflict.name} has appointment {conflict.appointment_id}, {when}"


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time())
