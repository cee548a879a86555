"""Random edits against brute force: who must be informed, when, and exactly once (A3-A7)."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alarm_oracle import Appointment, Meeting, Oracle, Told
from appointments import ANNA, BEFORE, JONAS, MIA, TEN, at, new, peopled
from builders import NOW
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ringers import ACCOUNT, TERMS
from sqlalchemy import select

from domain.alarms import MESSAGE, AlarmStatus, Preferences
from domain.appointments import Alarm
from tasks.store.acknowledging import snooze
from tasks.store.booking import book
from tasks.store.database import Store
from tasks.store.queues import enter_services
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_alarm, set_done
from tasks.store.ringing import ring_due
from tasks.store.tables import alarms, employees, occurrences
from tasks.store.taking_part import change_participants
from tasks.store.wishes import set_wishes

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PEOPLE = (ANNA, JONAS, MIA)
OFFSET = NOW - TEN.replace(tzinfo=NOW.tzinfo)  # of Berlin, all the time of these tests

begins = st.integers(-6, 6).map(lambda quarters: quarters * 15 * MINUTE)  # from about now on
leads = st.sampled_from([0 * MINUTE, 0 * MINUTE, 10 * MINUTE, 45 * MINUTE, None])
people = st.sets(st.sampled_from(PEOPLE), max_size=2)
chosen = st.integers(0, 1_000)


def instant(wall: datetime) -> datetime:
    return wall.replace(tzinfo=NOW.tzinfo) + OFFSET


class Edits(RuleBasedStateMachine):
    """A store and an oracle, to which the same happens."""

    make: Callable[[], Store]

    def __init__(self) -> None:
        super().__init__()
        self.store = type(self).make()
        self.oracle = Oracle()
        self.now = BEFORE
        self.snoozes = 0
        self.walls: dict[int, list[datetime]] = {}  # by which occurrences are named

    def teardown(self) -> None:
        self.store.engine.dispose()

    @initialize()
    def people_it(self) -> None:
        peopled(self.store)
        enter_services(self.store, [ACCOUNT], ["e-mail"])
        for count in (1, 3):
            self.book(0 * MINUTE, count, 0 * MINUTE, {MIA})

    @rule(away=begins, count=st.sampled_from([1, 1, 3]), lead=leads, others=people)
    def book(self, away: timedelta, count: int, lead: timedelta | None, others: set[str]) -> None:
        begin = self.near(away)
        recurs = f"FREQ=DAILY;COUNT={count}" if count > 1 else None
        alarm = None if lead is None else Alarm(lead=lead)
        asked = new(period=at(begin), participants=tuple(others), alarm=alarm, rule=recurs)
        number = book(self.store, asked, JONAS, self.now).id
        self.walls[number] = [begin + day * DAY for day in range(count)]
        meetings = [Meeting(instant(wall), lead) for wall in self.walls[number]]
        self.oracle.appointments[number] = Appointment(meetings, JONAS, others - {JONAS})
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, away=begins)
    def move_all(self, pick: int, away: timedelta) -> None:
        (number, appointment), begin = self.pick(pick), self.near(away)
        if any(each.at and each.at > instant(begin) for each in appointment.meetings):
            return
        move(self.store, number, ANNA, at(begin), None, self.now)
        self.walls[number] = [begin + day * DAY for day in range(len(appointment.meetings))]
        single = len(appointment.meetings) == 1
        for wall, meeting in zip(self.walls[number], appointment.meetings, strict=True):
            if single or (meeting.begins > self.now and not meeting.cancelled and not meeting.done):
                meeting.begins = instant(wall)
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, which=chosen, away=begins)
    def move_one(self, pick: int, which: int, away: timedelta) -> None:
        (number, meeting, wall), begin = self.pick_one(pick, which), self.near(away)
        if meeting.at and meeting.at > instant(begin):
            return
        move(self.store, number, ANNA, at(begin), wall, self.now)
        meeting.begins = instant(begin)
        if len(self.walls[number]) == 1:
            self.walls[number] = [begin]
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, add=people, remove=people)
    def change_people(self, pick: int, add: set[str], remove: set[str]) -> None:
        number, appointment = self.pick(pick)
        gone = remove - {appointment.responsible}
        change_participants(self.store, number, ANNA, add, gone, self.now)
        appointment.others = (appointment.others - gone | add) - {appointment.responsible}
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, responsible=st.sampled_from(PEOPLE))
    def hand_over(self, pick: int, responsible: str) -> None:
        number, appointment = self.pick(pick)
        edit(self.store, number, ANNA, Change(responsible=responsible), self.now)
        appointment.responsible = responsible
        appointment.others -= {responsible}
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, late=st.booleans())
    def change_text(self, pick: int, late: bool) -> None:
        if late and self.oracle.waiting():
            self.oversleep(1)
        edit(self.store, self.pick(pick)[0], ANNA, Change(text="Neu"), self.now)
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, lead=leads)
    def set_lead(self, pick: int, lead: timedelta | None) -> None:
        number, appointment = self.pick(pick)
        alarm = None if lead is None else Alarm(lead=lead)
        set_alarm(self.store, number, ANNA, alarm, None, self.now)
        for meeting in appointment.meetings:
            meeting.lead, meeting.at = lead, None
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, which=chosen, before=st.integers(0, 90))
    def set_time(self, pick: int, which: int, before: int) -> None:
        number, meeting, wall = self.pick_one(pick, which)
        meeting.at = meeting.begins - before * MINUTE
        alarm = Alarm(at=(meeting.at - OFFSET).replace(tzinfo=None))
        set_alarm(self.store, number, ANNA, alarm, wall, self.now)
        self.oracle.look(self.now)

    @precondition(lambda self: self.live())
    @rule(pick=chosen, which=chosen, done=st.booleans())
    def mark(self, pick: int, which: int, done: bool) -> None:
        number, meeting, wall = self.pick_one(pick, which)
        set_done(self.store, number, ANNA, done, wall, self.now)
        meeting.done = done
        self.oracle.look(self.now)

    @precondition(lambda self: len(self.live()) > 1)
    @rule(pick=chosen, which=chosen)
    def cancel_one(self, pick: int, which: int) -> None:
        number, meeting, wall = self.pick_one(pick, which)
        cancel(self.store, number, ANNA, wall, self.now)
        meeting.cancelled = True
        self.oracle.look(self.now)

    @precondition(lambda self: len(self.live()) > 1)
    @rule(pick=chosen)
    def delete(self, pick: int) -> None:
        number, appointment = self.pick(pick)
        delete(self.store, number, ANNA, self.now)
        appointment.deleted = True
        self.oracle.look(self.now)

    @rule(person=st.sampled_from(PEOPLE), by_mail=st.booleans())
    def wish(self, person: str, by_mail: bool) -> None:
        channels = {"e-mail"} if by_mail else set()
        set_wishes(self.store, person, Preferences(frozenset(channels)), self.now)
        self.oracle.channels[person] = channels
        self.oracle.look(self.now)

    @precondition(lambda self: self.oracle.waiting())
    @rule(late=st.integers(1, 20))
    def oversleep(self, late: int) -> None:
        """Let an alarm time pass while nothing rings."""
        self.now = max(self.now, self.next_due()) + late * MINUTE

    @rule()
    def ring(self) -> None:
        """Ring what is due, late as that may be."""
        ring_due(self.store, self.now, 1_000, TERMS)
        self.oracle.ring(self.now)

    @precondition(lambda self: self.oracle.waiting())
    @rule()
    def ring_the_next(self) -> None:
        """Wait for what is due next, and ring it in time."""
        self.now = max(self.now, self.next_due())
        self.ring()

    @precondition(lambda self: self.oracle.rang() or self.oracle.waiting())
    @rule(pick=chosen, minutes=st.integers(1, 300))
    def snooze(self, pick: int, minutes: int) -> None:
        if not self.oracle.rang():
            self.ring_the_next()
        rang = self.oracle.rang()
        place = rang[pick % len(rang)]
        self.snoozes += 1
        until = self.now + minutes * MINUTE + timedelta(microseconds=self.snoozes)
        due = self.oracle.times[*place, MESSAGE]
        snooze(self.store, self.rows()[*place, MESSAGE, due].id, place[2], until, self.now)
        self.oracle.snooze(place, until)

    @invariant()
    def what_waits_is_armed(self) -> None:
        assert self.found(AlarmStatus.ARMED) == sorted(self.oracle.waiting())

    @invariant()
    def everybody_was_told_once(self) -> None:
        assert self.found(AlarmStatus.RUNG) == sorted(self.oracle.told)

    def next_due(self) -> datetime:
        """Give the instant at which something is due next."""
        return min(ring[-1] for ring in self.oracle.waiting())

    def near(self, away: timedelta) -> datetime:
        """Give a quarter of an hour on the wall in Berlin, so far from now."""
        wall = (self.now - OFFSET).replace(tzinfo=None, microsecond=0, second=0)
        return wall.replace(minute=wall.minute // 15 * 15) + HOUR + away

    def live(self) -> list[int]:
        """Give the appointments that can be changed."""
        return [
            number
            for number, each in self.oracle.appointments.items()
            if not each.deleted and not all(meeting.cancelled for meeting in each.meetings)
        ]

    def pick(self, pick: int) -> tuple[int, Appointment]:
        live = self.live()
        number = live[pick % len(live)]
        return number, self.oracle.appointments[number]

    def pick_one(self, pick: int, which: int) -> tuple[int, Meeting, datetime]:
        number, appointment = self.pick(pick)
        there = [i for i, each in enumerate(appointment.meetings) if not each.cancelled]
        position = there[which % len(there)]
        return number, appointment.meetings[position], self.walls[number][position]

    def rows(self) -> dict[Told, Any]:
        query = (
            select(alarms, occurrences.c.appointment_id, occurrences.c.position, employees.c.number)
            .join(occurrences, occurrences.c.id == alarms.c.occurrence_id)
            .join(employees, employees.c.id == alarms.c.employee_id)
        )
        with self.store.reading() as connection:
            return {
                (row.appointment_id, row.position, row.number, row.channel, row.due_at): row
                for row in connection.execute(query)
            }

    def found(self, status: AlarmStatus) -> list[Told]:
        return sorted(place for place, row in self.rows().items() if row.status == status)


def try_edits(template: Path, folder: Path, sequences: int, steps: int) -> None:
    """Try so many sequences of edits, each on a store of its own."""

    def make() -> Store:
        return Store(f"sqlite:///{shutil.copy(template, folder / uuid4().hex)}")

    bounded = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(
        type("Tried", (Edits,), {"make": staticmethod(make)}), settings=bounded
    )


@pytest.mark.rule("A3", "A4", "A5", "A6", "A7")
def test_everybody_is_informed_exactly_once_whatever_is_edited(sqlite_template, tmp_path):
    try_edits(sqlite_template, tmp_path, sequences=30, steps=30)


@pytest.mark.faults
@pytest.mark.rule("A3", "A4", "A5", "A6", "A7")
def test_everybody_is_informed_exactly_once_after_thousands_of_edits(sqlite_template, tmp_path):
    try_edits(sqlite_template, tmp_path, sequences=200, steps=50)
