"""What is armed, whoever else edits or rings at the same time, and whatever dies meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from appointments import (
    ANNA,
    BEFORE,
    HOUR,
    JONAS,
    MIA,
    TEN,
    armed,
    at,
    booked,
    by_message,
    peopled,
)
from builders import DIRECTORY, NOW
from ringers import TERMS, told, wishes
from sqlalchemy import event, insert, select, text, update

from domain.alarms import AlarmStatus, Origin
from domain.appointments import Alarm
from domain.changes import Editing
from domain.directory import Directory
from tasks.store import amending
from tasks.store.acknowledging import snooze
from tasks.store.appointments import read_details
from tasks.store.arming import arm_again
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_alarm, set_done
from tasks.store.ringing import ring_due
from tasks.store.tables import alarms, appointments, occurrences
from tasks.store.taking_part import change_participants

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=1)
UNTIL = NOW + timedelta(minutes=10)


def rung(store: Store, now=NOW) -> None:
    ring_due(store, now, 100, TERMS)


def alarm_of(store: Store, employee: str) -> int:
    return next(row.id for row in rows_of(store) if row.employee_id == id_of(store, employee))


def rows_of(store: Store):
    with store.reading() as connection:
        return connection.execute(select(alarms).order_by(alarms.c.id)).all()


def id_of(store: Store, employee: str) -> int:
    with store.reading() as connection:
        query = text("SELECT id FROM employees WHERE number = :number")
        return connection.scalar(query, {"number": employee})


SNOOZED = {
    "another matchcode": (lambda s, i: edit(s, i, JONAS, Change("Neu"), LATER), True),
    "another participant": (lambda s, i: change_participants(s, i, JONAS, [ANNA], [], LATER), True),
    "a later end": (lambda s, i: move(s, i, JONAS, at(TEN, 2 * HOUR), None, LATER), True),
    "moved": (lambda s, i: move(s, i, JONAS, at(TEN + DAY), None, LATER), False),
    "moved back": (lambda s, i: move(s, i, JONAS, at(TEN - DAY), None, LATER), False),
    "another alarm": (
        lambda s, i: set_alarm(s, i, JONAS, Alarm(at=TEN + HOUR), None, LATER),
        False,
    ),
    "no alarm": (lambda s, i: set_alarm(s, i, JONAS, None, None, LATER), False),
    "done": (lambda s, i: set_done(s, i, JONAS, True, None, LATER), False),
    "cancelled": (lambda s, i: cancel(s, i, JONAS, None, LATER), False),
    "deleted": (lambda s, i: delete(s, i, JONAS, LATER), False),
    "removed": (lambda s, i: change_participants(s, i, JONAS, [], [MIA], LATER), False),
}


@pytest.mark.rule("A5", "A7")
@pytest.mark.parametrize(("change", "stays"), SNOOZED.values(), ids=SNOOZED)
def test_a_snooze_outlives_what_leaves_the_alarm_time_and_its_person(store, change, stays):
    peopled(store)
    appointment_id = booked(store)
    rung(store)
    snooze(store, alarm_of(store, MIA), MIA, UNTIL, NOW)

    change(store, appointment_id)

    assert (by_message(UNTIL, MIA) <= armed(store)) is stays


@pytest.mark.rule("A4")
def test_everybody_is_armed_for_each_channel_that_they_want(store):
    peopled(store)
    wishes(store, MIA, "e-mail", "push")

    booked(store)

    assert armed(store) == by_message(NOW, JONAS, MIA) | {
        (MIA, "e-mail", NOW),
        (MIA, "push", NOW),
    }


@pytest.mark.rule("A4", "A7")
def test_who_leaves_is_informed_of_nothing_any_more(store):
    peopled(store)
    booked(store)
    mia = next(each for each in DIRECTORY.employee if each.number == MIA)

    apply_directory(store, Directory(employee=(replace_active(mia),)))

    assert armed(store) == by_message(NOW, JONAS)


def replace_active(employee):
    return employee.model_copy(update={"active": False})


@pytest.mark.rule("A4", "A5")
def test_what_rang_does_not_ring_again_where_it_is_moved_away_and_back(store):
    peopled(store)
    appointment_id = booked(store)
    rung(store)

    move(store, appointment_id, JONAS, at(TEN + DAY), None, LATER)
    move(store, appointment_id, JONAS, at(TEN), None, LATER)

    assert armed(store) == set()
    assert len(told(store, JONAS)) == 1


@pytest.mark.rule("A6")
def test_what_is_overdue_stays_armed_through_a_change_of_text(store):
    peopled(store)
    appointment_id = booked(store)

    edit(store, appointment_id, JONAS, Change("Neu"), NOW + HOUR)

    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A4", "A6")
@pytest.mark.parametrize("shift", [-HOUR, HOUR], ids=["earlier", "later"])
def test_new_zone_rules_lose_no_alarm_and_ring_none_twice(store, shift):
    peopled(store)
    series = booked(store, rule="FREQ=DAILY;COUNT=2")
    rung(store)
    old = NOW + DAY - shift  # by the old rules; the new ones shift it
    with store.writing() as connection:
        waiting = update(alarms).where(alarms.c.status == AlarmStatus.ARMED)
        connection.execute(waiting.values(due_at=old, next_at=old))

    with store.writing() as connection:
        mine = select(occurrences.c.id).where(occurrences.c.appointment_id == series)
        arm_again(connection, list(connection.scalars(mine)))

    assert armed(store) == by_message(NOW + DAY, JONAS, MIA)


@pytest.mark.rule("A5", "A7")
def test_edits_at_once_leave_armed_what_the_appointment_says_in_the_end(store):
    peopled(store)
    appointment_id = booked(store)

    def move_away(_):
        move(store, appointment_id, JONAS, at(TEN + DAY), None, BEFORE)

    def move_back(_):
        move(store, appointment_id, JONAS, at(TEN), None, BEFORE)

    def add(_):
        change_participants(store, appointment_id, JONAS, [ANNA], [], BEFORE)

    def remove(_):
        change_participants(store, appointment_id, JONAS, [], [MIA], BEFORE)

    with ThreadPoolExecutor(4) as people:
        edits = [people.submit(edit_, 0) for edit_ in (move_away, move_back, add, remove) * 3]
        for each in edits:
            each.result()

    with store.reading() as connection:
        kept = read_details(connection, appointment_id)
    numbers = [JONAS, *(each.number for each in kept.participants)]
    assert armed(store) == by_message(kept.occurrences[0].begins_at, *numbers)
    assert sorted(numbers) == [ANNA, JONAS]


@pytest.mark.rule("A4", "A5")
def test_a_change_waits_for_a_ringer_and_voids_what_that_has_armed_meanwhile(store):
    peopled(store)
    appointment_id = booked(store)
    cancelling = Thread(target=cancel, args=(store, appointment_id, JONAS, None, NOW))

    with store.writing() as ringer:
        due = ringer.execute(select(alarms).with_for_update()).all()
        cancelling.start()
        sleep(0.3)
        marked = update(alarms).values(status=AlarmStatus.RUNG, rung_at=NOW, next_at=None)
        ringer.execute(marked)
        ringer.execute(insert(alarms), [_escalated(row) for row in due])
    cancelling.join()

    assert armed(store) == set()
    assert [row.status for row in rows_of(store)] == [AlarmStatus.RUNG] * 2


def _escalated(row):
    return {
        "occurrence_id": row.occurrence_id,
        "employee_id": row.employee_id,
        "channel": "e-mail",
        "due_at": UNTIL,
        "next_at": UNTIL,
        "origin": Origin.ESCALATION,
        "status": AlarmStatus.ARMED,
        "attempts": 0,
    }


@pytest.mark.rule("A4", "A5")
def test_a_change_that_holds_an_appointment_does_not_hold_up_a_ringer_of_others(postgres_store):
    peopled(postgres_store)
    mine, _ = booked(postgres_store), booked(postgres_store, responsible=ANNA, participants=())

    with postgres_store.writing() as editing:
        this = amending.held(editing, mine, Editing(JONAS, BEFORE))
        amending.settle(editing, this, BEFORE)
        started = monotonic()
        rung(postgres_store)

    assert monotonic() - started < 5
    assert len(told(postgres_store, ANNA)) == 1
    assert armed(postgres_store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A4", "A5")
def test_edits_while_ringers_ring_inform_everybody_exactly_once_of_each_time(store):
    peopled(store)
    ids = [booked(store, participants=()) for _ in range(6)]

    def change(appointment_id):
        edit(store, appointment_id, JONAS, Change("Neu"), NOW)
        change_participants(store, appointment_id, JONAS, [MIA], [], BEFORE)

    with ThreadPoolExecutor(4) as people:
        work = [people.submit(rung, store), people.submit(rung, store)]
        work += [people.submit(change, each) for each in ids]
        for each in work:
            each.result()
    rung(store)

    assert len(told(store, JONAS)) == len(told(store, MIA)) == len(ids)
    assert armed(store) == set()


@pytest.mark.rule("A5")
@pytest.mark.parametrize("statement", ["UPDATE occurrences", "DELETE FROM alarms", "COMMIT"])
def test_an_edit_that_dies_changes_nothing(store, statement):
    peopled(store)
    appointment_id = booked(store)

    with dying_at(store, statement), pytest.raises(RuntimeError):
        move(store, appointment_id, JONAS, at(TEN + DAY), None, BEFORE)

    with store.reading() as connection:
        assert connection.scalar(select(appointments.c.begins)) == TEN
    assert armed(store) == by_message(NOW, JONAS, MIA)


@contextmanager
def dying_at(store: Store, statement: str) -> Iterator[None]:
    """Let what writes die as it comes to a statement."""

    def die(*told: Any) -> None:
        if len(told) == 1 or told[2].startswith(statement):
            raise RuntimeError("the power is gone")

    name = "commit" if statement == "COMMIT" else "before_cursor_execute"
    event.listen(store.engine, name, die)
    yield
    event.remove(store.engine, name, die)
