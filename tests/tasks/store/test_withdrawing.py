"""Letters of alarms that wait: what is not wanted any more does not go out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from appointments import ANNA, HOUR, JONAS, MIA, TEN, at
from outgoing_contacts import begun, outcome_of, tried
from ringers import ACCOUNT, BEGIN, MINUTE, booked, letters, ready, rows, rung, wishes
from sqlalchemy import select, update

from domain.appointments import Alarm, Period
from domain.delivery import PATIENCE, DeliveryStatus, DispatchStatus
from domain.services import Service
from tasks.store.acknowledging import acknowledge, snooze
from tasks.store.arming import arm_again, arm_employees
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.outbox import Ledger, expire
from tasks.store.queues import enter_services
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_alarm, set_done
from tasks.store.tables import deliveries, dispatches, employees, occurrences
from tasks.store.taking_part import change_participants

DAY = timedelta(days=1)
LATER = BEGIN + 5 * MINUTE
UNTIL_LATER = BEGIN + 10 * MINUTE
LONG = Period(TEN, TEN + 3 * DAY, "Europe/Berlin")
QUIET = {"quiet_from": "09:00", "quiet_until": "18:00"}  # at ten in Berlin it waits
PHONE, WATCH = Service("phone", "push", **QUIET), Service("watch", "push", **QUIET)
MAIL = "e-mail/service"


def pushed(store: Store, *services: Service, **changes: Any) -> int:
    """Ring an appointment of three days for Mia, whose phone is quiet until the evening."""
    ready(store)
    mia = frozenset({employee_by_number(store, MIA)})
    hers = [replace(each, employees=mia) for each in services or (PHONE,)]
    enter_services(store, hers, ["e-mail", "push"])
    wishes(store, MIA, "push")
    appointment_id = booked(store, period=LONG, **changes)
    rung(store)
    return appointment_id


def mailed(store: Store, **escalation: Any) -> int:
    """Ring an appointment for Mia, by e-mail too."""
    ready(store, ACCOUNT)
    wishes(store, MIA, "e-mail", **escalation)
    appointment_id = booked(store)
    rung(store)
    return appointment_id


def alarm_of(store: Store, channel: str = "message") -> int:
    return int(next(row.id for row in rows(store, MIA) if row.channel == channel))


def status(store: Store) -> DispatchStatus:
    """Give the status of the only letter."""
    with store.reading() as connection:
        return DispatchStatus(connection.scalars(select(dispatches.c.status)).one())


def waits(store: Store) -> list[bool]:
    """Tell of each letter whether it waits."""
    return [each.due_at is not None for each in letters(store)]


def leave(store: Store, now: datetime = LATER) -> None:
    """Let Mia leave at an instant."""
    mia = employee_by_number(store, MIA)
    with store.writing() as connection:
        connection.execute(update(employees).where(employees.c.id == mia).values(active=False))
        arm_employees(connection, [mia], now)


ENDING: dict[str, Callable[[Store, int], object]] = {
    "done": lambda s, i: set_done(s, i, JONAS, True, None, LATER),
    "cancelled": lambda s, i: cancel(s, i, JONAS, None, LATER),
    "deleted": lambda s, i: delete(s, i, JONAS, LATER),
    "moved": lambda s, i: move(s, i, JONAS, at(TEN + DAY), None, LATER),
    "another alarm": lambda s, i: set_alarm(s, i, JONAS, Alarm(at=TEN + HOUR), None, LATER),
    "no alarm": lambda s, i: set_alarm(s, i, JONAS, None, None, LATER),
    "removed": lambda s, i: change_participants(s, i, JONAS, (), (MIA,), LATER),
    "left": lambda s, _: leave(s),
    "not by push": lambda s, _: wishes(s, MIA, "e-mail"),
    "acknowledged": lambda s, _: acknowledge(s, alarm_of(s), MIA, LATER),
    "snoozed": lambda s, _: snooze(s, alarm_of(s), MIA, UNTIL_LATER, LATER),
}


@pytest.mark.rule("A5", "A7")
@pytest.mark.parametrize("ending", ENDING.values(), ids=ENDING)
def test_what_was_put_off_does_not_go_out_where_nobody_wants_it_any_more(store, ending):
    appointment_id = pushed(store, PHONE, WATCH)
    assert waits(store) == [True, True]

    ending(store, appointment_id)

    assert waits(store) == [False, False]
    claimed = [
        parcel
        for queue in ("push/phone", "push/watch")
        for parcel in Ledger(store, "worker").claim(queue, 9, BEGIN + 2 * DAY)
    ]
    assert claimed == []
    with store.reading() as connection:
        found = connection.execute(select(deliveries)).all()
    assert {row.status for row in found} == {DeliveryStatus.CANCELLED}
    assert all("holds no more" in row.reason for row in found)


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    "change",
    [
        lambda s, i: edit(s, i, JONAS, Change("Neu"), LATER),
        lambda s, i: change_participants(s, i, JONAS, (ANNA,), (), LATER),
        lambda s, i: move(s, i, JONAS, at(TEN, 2 * DAY), None, LATER),
        lambda s, _: acknowledge(s, rows(s, JONAS)[0].id, JONAS, LATER),
    ],
    ids=["another matchcode", "another participant", "a later end", "acknowledged by another"],
)
def test_what_was_put_off_goes_out_where_it_is_still_wanted(store, change):
    appointment_id = pushed(store)

    change(store, appointment_id)

    assert waits(store) == [True]


@pytest.mark.rule("A4", "A6")
def test_new_rules_of_a_zone_hold_back_no_letter(store):
    pushed(store)
    shifted = update(occurrences).values(begins_at=BEGIN + HOUR, begins=TEN + HOUR)
    store.write(lambda connection: connection.execute(shifted))

    with store.writing() as connection:
        arm_again(connection, list(connection.scalars(select(occurrences.c.id))))

    assert waits(store) == [True]


@pytest.mark.rule("A5")
def test_of_a_series_only_the_letters_of_what_was_changed_are_held_back(store):
    appointment_id = pushed(store, rule="FREQ=DAILY;COUNT=3")
    rung(store, BEGIN + DAY)

    set_done(store, appointment_id, JONAS, True, TEN, BEGIN + DAY)

    assert waits(store) == [False, True]


@pytest.mark.rule("A5")
def test_what_is_tried_again_is_held_back_too(store):
    appointment_id = mailed(store)
    tried(store, "refused_for_now", now=BEGIN, queue=MAIL)
    assert status(store) is DispatchStatus.RETRYING

    cancel(store, appointment_id, JONAS, None, LATER)

    assert status(store) is DispatchStatus.CANCELLED
    assert Ledger(store, "worker").claim(MAIL, 9, BEGIN + HOUR) == []


@pytest.mark.rule("A5")
def test_what_is_leased_and_not_begun_is_held_back(store):
    appointment_id = mailed(store)
    ledger = Ledger(store, "worker")
    [parcel] = ledger.claim(MAIL, 1, BEGIN)

    cancel(store, appointment_id, JONAS, None, LATER)

    assert not ledger.begin(parcel, LATER)


@pytest.mark.rule("A5")
def test_to_end_an_appointment_and_to_begin_its_letter_at_once_is_one_or_the_other(store):
    appointment_id = mailed(store)
    ledger, together = Ledger(store, "worker"), Barrier(2)
    [parcel] = ledger.claim(MAIL, 1, BEGIN)

    def begin() -> bool:
        together.wait(60)
        return ledger.begin(parcel, LATER)

    def end() -> None:
        together.wait(60)
        set_done(store, appointment_id, JONAS, True, None, LATER)

    with ThreadPoolExecutor(2) as both:
        begins, ends = both.submit(begin), both.submit(end)
    ends.result()

    assert status(store) is (
        DispatchStatus.SENDING if begins.result() else DispatchStatus.CANCELLED
    )


@pytest.mark.rule("A5")
@pytest.mark.parametrize("outcome", ["accepted", "unknown"])
def test_what_is_on_its_way_ends_as_it_ends(store, outcome):
    appointment_id = mailed(store)
    ledger, parcel = begun(store, BEGIN, MAIL)

    cancel(store, appointment_id, JONAS, None, LATER)
    ledger.turn(outcome_of(parcel, outcome, now=LATER), None, LATER)

    assert status(store) is DispatchStatus("sent" if outcome == "accepted" else outcome)


@pytest.mark.rule("A5")
def test_what_is_on_its_way_and_refused_for_now_is_not_tried_again(store):
    appointment_id = mailed(store)
    ledger, parcel = begun(store, BEGIN, MAIL)

    cancel(store, appointment_id, JONAS, None, LATER)
    ledger.turn(outcome_of(parcel, "refused_for_now", now=LATER), None, LATER)

    assert Ledger(store, "next").claim(MAIL, 9, LATER + HOUR) == []
    assert expire(store, LATER + HOUR) == 1
    assert status(store) is DispatchStatus.FAILED


@pytest.mark.rule("A5")
def test_the_letter_of_an_escalation_is_held_back_with_its_alarm(store):
    appointment_id = mailed(store, escalate_after=5 * MINUTE, escalate_to="e-mail")
    tried(store, "accepted", now=BEGIN, queue=MAIL)
    rung(store, LATER)
    assert waits(store) == [False, True]

    set_done(store, appointment_id, JONAS, True, None, LATER + MINUTE)

    assert waits(store) == [False, False]
    assert Ledger(store, "worker").claim(MAIL, 9, BEGIN + PATIENCE) == []


@pytest.mark.rule("A7")
def test_who_leaves_gets_nothing_of_what_is_over_either(store):
    mailed(store)

    leave(store, BEGIN + 2 * HOUR)  # an hour after its end

    assert waits(store) == [False]
