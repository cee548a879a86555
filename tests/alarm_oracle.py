"""Who must be informed, when, exactly once: told by brute force, from the wording of the rules.

It keeps no rows and compares no sets. It looks, after each thing that happens, what every person's
alarm time of every occurrence is now, and remembers only since when that has been so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MESSAGE = "message"
Told = tuple[int, int, str, str, datetime]  # appointment, position, person, channel, instant


@dataclass
class Meeting:
    """One occurrence, as its people think of it; all times are instants."""

    begins: datetime
    lead: timedelta | None
    at: datetime | None = None
    done: bool = False
    cancelled: bool = False

    @property
    def rings(self) -> datetime | None:
        """When it rings, if it does."""
        if self.done or self.cancelled:
            return None
        return self.at or (None if self.lead is None else self.begins - self.lead)


@dataclass
class Appointment:
    """An appointment with its people."""

    meetings: list[Meeting]
    responsible: str
    others: set[str]
    deleted: bool = False

    @property
    def people(self) -> set[str]:
        """All who are to be informed."""
        return set() if self.deleted else {self.responsible, *self.others}


@dataclass
class Oracle:
    """What happened so far, and what therefore has to ring."""

    appointments: dict[int, Appointment] = field(default_factory=dict)
    channels: dict[str, set[str]] = field(default_factory=dict)  # beside the message
    told: list[Told] = field(default_factory=list)
    times: dict[tuple[int, int, str, str], datetime] = field(default_factory=dict)
    missed: set[Told] = field(default_factory=set)  # had passed as it was set
    snoozed: dict[tuple[int, int, str], tuple[datetime, set[Told]]] = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        """Look what holds, after something was changed."""
        holds = dict(self._holds())
        for who, due in holds.items():
            if self.times.get(who) != due and due <= now:
                self.missed.add((*who, due))
            elif self.times.get(who) != due:
                self.missed.discard((*who, due))
        self.times = holds
        for place, (due, _) in list(self.snoozed.items()):
            if holds.get((*place, MESSAGE)) != due:
                del self.snoozed[place]

    def waiting(self) -> set[Told]:
        """Say what has still to ring."""
        rings = {(*who, due) for who, due in self.times.items()}
        again = {ring for _, rings in self.snoozed.values() for ring in rings}
        return (rings - self.missed - set(self.told)) | again

    def ring(self, now: datetime) -> None:
        """Let ring what is due."""
        due = {ring for ring in self.waiting() if ring[-1] <= now}
        self.told += sorted(due)
        for place, (followed, rings) in list(self.snoozed.items()):
            self.snoozed[place] = (followed, rings - due)

    def snooze(self, place: tuple[int, int, str], until: datetime) -> None:
        """Let what rang for a person ring again, instead of an earlier wish."""
        wanted = {MESSAGE, *self.channels.get(place[2], set())}
        rings = {(*place, channel, until) for channel in wanted}
        self.snoozed[place] = (self.times[*place, MESSAGE], rings)

    def rang(self) -> list[tuple[int, int, str]]:
        """Say who was informed, of the alarm time that still holds."""
        told = set(self.told)
        return sorted(
            who[:3] for who, due in self.times.items() if who[3] == MESSAGE and (*who, due) in told
        )

    def _holds(self) -> Iterator[tuple[tuple[int, int, str, str], datetime]]:
        for number, appointment in self.appointments.items():
            for position, meeting in enumerate(appointment.meetings):
                if meeting.rings is None:
                    continue
                for person in appointment.people:
                    for channel in {MESSAGE, *self.channels.get(person, set())}:
                        yield (number, position, person, channel), meeting.rings
