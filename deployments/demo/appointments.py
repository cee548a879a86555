"""The demo's calendars, and an appointment that begins a minute after every start."""

import asyncio
import sys
import tomllib
from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from deployments.demo.outgoing import sends
from domain.appointments import AT_BEGIN, Alarm, Guest, NewAppointment, Period, Priority
from domain.errors import KontaktwerkError
from domain.zones import wall
from tasks.appointments import book_appointment
from tasks.store.database import store

FILE = Path(__file__).with_name("appointments.toml")
ZONE = "Europe/Berlin"
WHO_BOOKS = "1001"  # may book for others, too
PAUSE = 1.0  # seconds, until the directory is there and everything is tried again
IN_A_MINUTE = timedelta(seconds=60)


class Entry(BaseModel):
    """An appointment of this week, as the file tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    day: int  # after this week's Monday
    at: time | None = None  # none: whole days
    minutes: int = 0
    days: int = 1  # of whole days
    responsible: str
    participants: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    matchcode: str
    text: str = ""
    place: str = ""
    equipment: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    lead: int | None = None  # minutes; none: no alarm
    rule: str | None = None

    def booked(self, monday: datetime) -> NewAppointment:
        """Give it as it is booked in the week of a Monday (midnight, on the wall)."""
        names = [parseaddr(guest) for guest in self.guests]
        return NewAppointment(
            period=self._period(monday + timedelta(days=self.day)),
            responsible=self.responsible,
            matchcode=self.matchcode,
            text=self.text,
            place=self.place,
            priority=self.priority,
            participants=self.participants,
            guests=tuple(Guest(address, name) for name, address in names),
            equipment=self.equipment,
            cases=self.cases,
            alarm=None if self.lead is None else Alarm(lead=timedelta(minutes=self.lead)),
            rule=self.rule,
            key=f"demo:{monday:%G-W%V}:{self.key}",
        )

    def _period(self, midnight: datetime) -> Period:
        if self.at is None:
            return Period(midnight, midnight + timedelta(days=self.days), ZONE, all_day=True)
        begins = datetime.combine(midnight, self.at)
        return Period(begins, begins + timedelta(minutes=self.minutes), ZONE)


def entries() -> tuple[Entry, ...]:
    """Read the demo's appointments."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Entry(**entry) for entry in content["appointment"])


def in_a_minute(now: datetime) -> NewAppointment:
    """Give the appointment that begins a minute from now, and rings everybody then."""
    begins = wall(now + IN_A_MINUTE, ZONE).replace(microsecond=0)
    return NewAppointment(
        period=Period(begins, begins + timedelta(minutes=15), ZONE),
        responsible="1001",
        matchcode="Kurze Abstimmung zum Fehler E17",
        text="Jürgen zeigt die Messwerte.",
        place="Besprechungsraum Elbe",
        participants=("1002", "1003"),
        equipment=("R-1",),
        cases=("SC-1042",),
        alarm=AT_BEGIN,
        key=f"demo:start:{now:%Y-%m-%dT%H:%M:%S}",
    )


async def book_appointments(now: datetime) -> None:
    """Book the one that begins in a minute and, once for ever, this week's others."""
    await _booked_as_soon_as_possible(in_a_minute(now))
    while not await asyncio.to_thread(sends, datetime.now(UTC)):
        await asyncio.sleep(PAUSE)  # guests are written to at once then
    today = wall(now, ZONE)
    monday = datetime.combine(today, time()) - timedelta(days=today.weekday())
    for entry in entries():
        await _booked_as_soon_as_possible(entry.booked(monday))


async def _booked_as_soon_as_possible(new: NewAppointment) -> None:
    """Try until it is booked: the directory may not be there yet, or the database be busy."""
    while True:
        try:
            await asyncio.to_thread(store().upgrade)
            await asyncio.to_thread(book_appointment, new, WHO_BOOKS)
            return
        except (KontaktwerkError, SQLAlchemyError) as error:
            sys.stderr.write(f"{new.matchcode}: {error}\n")
            sys.stderr.flush()
        await asyncio.sleep(PAUSE)
