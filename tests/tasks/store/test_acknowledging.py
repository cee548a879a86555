"""Alarms that are noticed: acknowledged by one channel for all, or wanted again later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from appointments import ANNA, HOUR, JONAS, MIA, TEN, at
from ringers import ACCOUNT, BEGIN, MINUTE, TERMS, booked, letters, ready, rows, rung, told, wishes
from servers.installation import eventually
from sqlalchemy import select, text, update

from domain.alarms import AlarmStatus, Origin
from domain.errors import Refused, UnknownRecord
from domain.ringing import Rung
from domain.snoozing import SnoozeReason
from tasks.store import ringing
from tasks.store.acknowledging import acknowledge, snooze
from tasks.store.alarm_lines import alarms_of
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import move, set_alarm
from tasks.store.tables import alarms, appointments, occurrences
from tasks.store.taking_part import change_participants

SOON = BEGIN + 2 * MINUTE
LATER = BEGIN + 10 * MINUTE
ESCALATING = {"escalate_after": 5 * MINUTE, "escalate_to": "e-mail"}


@pytest.fixture
def ringing_at_ten(store: Store) -> Store:
    """An appointment whose alarm has just rung, by message and by e-mail for Mia."""
    ready(store, ACCOUNT)
    wishes(store, MIA, "e-mail", **ESCALATING)
    booked(store)
    rung(store)
    return store


def alarm_of(store: Store, employee: str, channel: str = "message") -> int:
    return int(next(row.id for row in rows(store, employee) if row.channel == channel))


def mias_id(store: Store) -> int:
    return employee_by_number(store, MIA)


def armed(store: Store, employee: str = MIA) -> list[Any]:
    return [row for row in rows(store, employee) if row.status == AlarmStatus.ARMED]


@pytest.mark.parametrize("channel", ["message", "e-mail"])
def test_what_is_acknowledged_by_one_channel_counts_for_all(ringing_at_ten, channel):
    store = ringing_at_ten

    acknowledge(store, alarm_of(store, MIA, channel), MIA, SOON)

    assert [row.acknowledged_at for row in rows(store, MIA)] == [SOON, SOON]
    assert [row.acknowledged_at for row in rows(store, JONAS)] == [None]


def test_nothing_follows_what_is_acknowledged(ringing_at_ten):
    store = ringing_at_ten
    assert [row.origin for row in armed(store)] == [Origin.ESCALATION]

    acknowledge(store, alarm_of(store, MIA), MIA, SOON)

    assert armed(store) == []
    assert rung(store, BEGIN + HOUR) == Rung()


def test_acknowledged_twice_it_was_acknowledged_at_first(ringing_at_ten):
    store = ringing_at_ten

    acknowledge(store, alarm_of(store, MIA), MIA, SOON)
    acknowledge(store, alarm_of(store, MIA), MIA, LATER)

    assert {row.acknowledged_at for row in rows(store, MIA)} == {SOON}


def test_an_alarm_is_answered_by_its_own_employee_only(ringing_at_ten):
    store = ringing_at_ten
    mias = alarm_of(store, MIA)

    with pytest.raises(UnknownRecord, match=f"no alarm {mias} of yours"):
        acknowledge(store, mias, JONAS, SOON)
    with pytest.raises(UnknownRecord, match=f"no alarm {mias} of yours"):
        snooze(store, mias, JONAS, LATER, SOON)
    assert rows(store, MIA)[0].acknowledged_at is None


def test_what_has_not_rung_cannot_be_acknowledged(store):
    ready(store)
    booked(store)

    with pytest.raises(Refused) as refused:
        acknowledge(store, alarm_of(store, MIA), MIA, BEGIN - MINUTE)

    assert [each.reason for each in refused.value.refusals] == [SnoozeReason.NOT_RUNG]


def test_a_snoozed_alarm_rings_again_by_every_channel_and_says_so(ringing_at_ten):
    store = ringing_at_ten

    snooze(store, alarm_of(store, MIA), MIA, LATER, SOON)
    early = rung(store, LATER - timedelta(microseconds=1))
    again = rung(store, LATER)

    assert (early, again) == (Rung(), Rung(rung=2))
    assert [each.matchcode for each in told(store, MIA)] == [
        "Appointment again: Abnahme Halle 2",
        "Appointment: Abnahme Halle 2",
    ]
    assert len(letters(store)) == 2
    assert len(told(store, JONAS)) == 1


def test_a_snooze_stands_in_the_place_of_the_escalation_and_of_an_earlier_snooze(ringing_at_ten):
    store = ringing_at_ten
    alarm_id = alarm_of(store, MIA)

    snooze(store, alarm_id, MIA, LATER + HOUR, SOON)
    snooze(store, alarm_id, MIA, LATER, SOON)

    assert {(row.origin, row.due_at) for row in armed(store)} == {(Origin.SNOOZE, LATER)}


def test_who_acknowledges_after_all_is_not_rung_again(ringing_at_ten):
    store = ringing_at_ten
    snooze(store, alarm_of(store, MIA), MIA, LATER, SOON)

    acknowledge(store, alarm_of(store, MIA), MIA, SOON)

    assert rung(store, LATER) == Rung()


def test_what_rings_again_and_is_not_acknowledged_escalates_again(ringing_at_ten):
    store = ringing_at_ten
    snooze(store, alarm_of(store, MIA), MIA, LATER, SOON)

    rung(store, LATER)

    [following] = armed(store)
    assert (following.origin, following.due_at) == (Origin.ESCALATION, LATER + 5 * MINUTE)


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (SOON, SnoozeReason.SNOOZED_TO_THE_PAST),
        (BEGIN, SnoozeReason.SNOOZED_TO_THE_PAST),
        (SOON + timedelta(days=366, seconds=1), SnoozeReason.SNOOZED_TOO_LONG),
    ],
)
def test_an_alarm_rings_again_in_the_future_that_one_can_see(ringing_at_ten, until, reason):
    store = ringing_at_ten

    with pytest.raises(Refused) as refused:
        snooze(store, alarm_of(store, MIA), MIA, until, SOON)

    assert [each.reason for each in refused.value.refusals] == [reason]
    assert [row.origin for row in armed(store)] == [Origin.ESCALATION]


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    "ending",
    [
        update(occurrences).values(done=True),
        update(occurrences).values(cancelled=True),
        update(appointments).values(cancelled_at=SOON),
        update(appointments).values(deleted_at=SOON),
    ],
    ids=["done", "cancelled", "called off", "deleted"],
)
def test_what_is_over_cannot_be_made_to_ring_again_and_can_be_acknowledged(ringing_at_ten, ending):
    store = ringing_at_ten
    store.write(lambda connection: connection.execute(ending))

    with pytest.raises(Refused) as refused:
        snooze(store, alarm_of(store, MIA), MIA, LATER, SOON)
    acknowledge(store, alarm_of(store, MIA), MIA, SOON)

    assert [each.reason for each in refused.value.refusals] == [SnoozeReason.IS_OVER]
    assert rows(store, MIA)[0].acknowledged_at == SOON


@pytest.mark.parametrize("change", ["moved", "cleared", "removed"])
def test_an_alarm_that_holds_no_more_is_not_repeated(ringing_at_ten, change):
    store = ringing_at_ten
    [appointment_id] = {line.appointment_id for line in alarms_of(store, mias_id(store))}
    changes = {
        "moved": lambda: move(store, appointment_id, ANNA, at(TEN + HOUR), None, SOON),
        "cleared": lambda: set_alarm(store, appointment_id, ANNA, None, None, SOON),
        "removed": lambda: change_participants(store, appointment_id, ANNA, (), (MIA,), SOON),
    }
    changes[change]()

    with pytest.raises(Refused) as refused:
        snooze(store, alarm_of(store, MIA), MIA, LATER, SOON)

    assert [each.reason for each in refused.value.refusals] == [SnoozeReason.HOLDS_NO_MORE]


def test_an_employee_lists_what_rang_and_what_is_still_to_be_acknowledged(ringing_at_ten):
    store = ringing_at_ten
    jonas, mia = employee_by_number(store, JONAS), mias_id(store)
    acknowledge(store, alarm_of(store, JONAS), JONAS, SOON)

    assert [line.matchcode for line in alarms_of(store, jonas)] == ["Abnahme Halle 2"]
    assert alarms_of(store, jonas, unacknowledged_only=True) == []
    assert {line.channel for line in alarms_of(store, mia, unacknowledged_only=True)} == {
        "message",
        "e-mail",
    }


@pytest.fixture
def mailed_at_ten(store: Store) -> Store:
    """An alarm of Mia's that rang by e-mail; its message could not be written yet, say."""
    ready(store, ACCOUNT)
    wishes(store, MIA, "e-mail", **ESCALATING)
    booked(store, participants=(), responsible=MIA)
    delayed = update(alarms).where(alarms.c.channel == "message").values(next_at=SOON)
    store.write(lambda connection: connection.execute(delayed))
    rung(store)
    return store


@pytest.mark.rule("A4")
def test_a_message_that_comes_after_another_channel_was_acknowledged_is_not_followed(
    mailed_at_ten,
):
    store = mailed_at_ten
    acknowledge(store, alarm_of(store, MIA, "e-mail"), MIA, BEGIN + MINUTE)

    rung(store, SOON)

    assert len(told(store, MIA)) == 1
    assert {row.acknowledged_at for row in rows(store, MIA)} == {BEGIN + MINUTE}
    assert armed(store) == []
    assert alarms_of(store, mias_id(store), unacknowledged_only=True) == []


@pytest.mark.rule("A4")
def test_a_message_that_comes_after_another_channel_was_snoozed_is_followed_by_that_only(
    mailed_at_ten,
):
    store = mailed_at_ten
    snooze(store, alarm_of(store, MIA, "e-mail"), MIA, LATER, BEGIN + MINUTE)

    rung(store, SOON)

    assert {row.origin for row in armed(store)} == {Origin.SNOOZE}
    assert alarms_of(store, mias_id(store), unacknowledged_only=True) == []


@pytest.mark.rule("A4")
def test_what_could_not_go_out_is_not_tried_again_once_the_message_is_acknowledged(store):
    ready(store)
    wishes(store, MIA, "e-mail")
    booked(store)
    rung(store)  # there is no account
    assert len(armed(store)) == 1

    acknowledge(store, alarm_of(store, MIA), MIA, SOON)

    assert armed(store) == []


def test_what_rings_at_another_time_is_not_acknowledged_with_what_rang(ringing_at_ten):
    store = ringing_at_ten
    [appointment_id] = {line.appointment_id for line in alarms_of(store, mias_id(store))}
    move(store, appointment_id, ANNA, at(TEN + HOUR), None, SOON)

    acknowledge(store, alarm_of(store, MIA), MIA, BEGIN + 2 * HOUR)

    assert {row.due_at for row in armed(store)} == {BEGIN + HOUR}


def test_what_is_acknowledged_while_it_rings_is_not_followed_either(postgres_store):
    store = postgres_store
    ready(store, ACCOUNT)
    wishes(store, MIA, "e-mail", **ESCALATING)
    booked(store, participants=(), responsible=MIA)
    delayed = update(alarms).where(alarms.c.channel == "message").values(next_at=SOON)
    store.write(lambda connection: connection.execute(delayed))
    rung(store)  # by e-mail; the message could not be written, say
    due = select(alarms.c.id).where(alarms.c.next_at <= SOON).with_for_update()
    mailed = alarm_of(store, MIA, "e-mail")

    with ThreadPoolExecutor(1) as beside, store.writing() as connection:
        vars(ringing)["_ring"](connection, due, TERMS, SOON)
        answered = beside.submit(acknowledge, store, mailed, MIA, SOON)
        assert eventually(lambda: somebody_waits(store), 10)
        connection.commit()
        answered.result()

    assert armed(store) == []
    assert {row.acknowledged_at for row in rows(store, MIA)} == {SOON}


def somebody_waits(store: Store) -> bool:
    """Tell whether a transaction waits for another one."""
    with store.reading() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
