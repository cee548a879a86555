"""New rules of time zones: what was meant on the wall stays, and its instant changes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from appointments import BEFORE, BERLIN, HOUR, JONAS, MIA, TEN, armed, at, by_message
from meanwhile import is_kept_waiting, stopped_before
from ringers import BEGIN, MINUTE, booked, ready, rows, rung, told
from sqlalchemy import select, update

from domain.appointments import Alarm
from domain.ringing import Rung
from domain.zones import RULES, ZoneRules, fingerprints
from tasks.store import booking, rebooking, zone_rules
from tasks.store.database import Store
from tasks.store.rebooking import move
from tasks.store.tables import alarms, occurrences
from tasks.store.zone_rules import follow_some

TOKYO = "Asia/Tokyo"


def rules(version: str, *changed: str) -> ZoneRules:
    """Give rules that are others than ours in some zones."""
    return ZoneRules(version, lambda: {**fingerprints(), **dict.fromkeys(changed, version)})


OLDER, NEWER, NEWEST = (rules(each, BERLIN) for each in ("1999a", "2198b", "2199a"))


def follow_zone_rules(store: Store, now: datetime, by: ZoneRules = RULES) -> int:
    """Derive all that there is to derive; gives how many occurrences were looked at."""
    looked_at = 0
    while (some := follow_some(store, now, by)) is not None:
        looked_at += some
    return looked_at


def meant_by_other_rules(store: Store, difference: timedelta) -> None:
    """Let all instants lie so much later, as rules that were in force before would have it."""
    with store.writing() as connection:
        for row in connection.execute(select(occurrences)).all():
            this = update(occurrences).where(occurrences.c.id == row.id)
            instants = {"begins_at": row.begins_at, "ends_at": row.ends_at}
            later = {name: at + difference for name, at in instants.items()}
            connection.execute(this.values(**later))
        for row in connection.execute(select(alarms)).all():
            at = row.due_at + difference
            this = update(alarms).where(alarms.c.id == row.id)
            connection.execute(this.values(due_at=at, next_at=at))


def instants(store: Store) -> list[tuple[datetime, datetime]]:
    with store.reading() as connection:
        query = select(occurrences.c.begins_at, occurrences.c.ends_at).order_by(occurrences.c.id)
        return [(row.begins_at, row.ends_at) for row in connection.execute(query)]


@pytest.mark.rule("A5")
@pytest.mark.parametrize("difference", [HOUR, -HOUR / 2])
def test_new_rules_move_the_instant_and_the_alarm_and_not_the_time_on_the_wall(store, difference):
    ready(store)
    booked(store)
    meant_by_other_rules(store, difference)

    follow_zone_rules(store, BEFORE, NEWER)

    assert instants(store) == [(BEGIN, BEGIN + HOUR)]
    assert {row.due_at for row in rows(store)} == {BEGIN}
    assert rung(store, BEGIN - MINUTE) == Rung()
    assert rung(store, BEGIN) == Rung(rung=2)


@pytest.mark.rule("A6")
def test_an_alarm_that_new_rules_put_into_the_past_rings_at_once(store):
    ready(store)
    booked(store)
    meant_by_other_rules(store, HOUR)
    now = BEGIN + 20 * MINUTE

    follow_zone_rules(store, now, NEWER)

    assert rung(store, now) == Rung(rung=2, late=2)
    assert "20 minutes" in told(store, MIA)[0].text


def test_what_has_rung_does_not_ring_again(store):
    ready(store)
    booked(store)
    rung(store)
    with store.writing() as connection:
        later = {"begins_at": BEGIN + HOUR, "ends_at": BEGIN + 2 * HOUR}
        connection.execute(update(occurrences).values(**later))

    follow_zone_rules(store, BEGIN + MINUTE, NEWER)

    assert rung(store, BEGIN + 3 * HOUR) == Rung()
    assert len(told(store, JONAS)) == 1


def test_what_ended_long_ago_is_left_alone(store):
    ready(store)
    booked(store)
    meant_by_other_rules(store, HOUR)

    derived = follow_zone_rules(store, BEGIN + timedelta(days=30), NEWER)

    assert derived == 0
    assert instants(store) == [(BEGIN + HOUR, BEGIN + 2 * HOUR)]


@pytest.mark.parametrize(("by", "derived"), [(NEWER, 0), (OLDER, 0), (NEWEST, 1)])
def test_rules_are_followed_once_and_never_back(store, by, derived):
    ready(store)
    booked(store)
    follow_zone_rules(store, BEFORE, NEWER)

    assert follow_zone_rules(store, BEFORE, by) == derived


def test_zones_whose_rules_are_the_same_as_before_are_not_looked_at(store):
    ready(store)
    booked(store)
    booked(store, period=at(TEN, zone=TOKYO))
    follow_zone_rules(store, BEFORE)
    meant_by_other_rules(store, HOUR)

    looked_at = follow_zone_rules(store, BEFORE, rules("2198b", TOKYO))

    assert looked_at == 1
    assert instants(store)[0] == (BEGIN + HOUR, BEGIN + 2 * HOUR)  # Berlin's, as it was


def test_zones_that_were_not_finished_are_so_by_the_rules_after_them(store):
    ready(store)
    booked(store)
    booked(store, period=at(TEN, zone=TOKYO))
    follow_zone_rules(store, BEFORE)
    meant_by_other_rules(store, HOUR)
    assert follow_some(store, BEFORE, rules("2198b", TOKYO, BERLIN)) == 1

    follow_zone_rules(store, BEFORE, rules("2199a", TOKYO))

    begin_in_tokyo = BEGIN - 8 * HOUR
    assert [begins_at for begins_at, _ in instants(store)] == [BEGIN, begin_in_tokyo]


def test_what_begins_first_is_derived_first(store, monkeypatch):
    ready(store)
    monkeypatch.setattr(zone_rules, "AT_ONCE", 1)
    booked(store, period=at(TEN + timedelta(days=7)))
    booked(store)
    follow_zone_rules(store, BEFORE)
    meant_by_other_rules(store, HOUR)

    follow_some(store, BEFORE, NEWER)

    assert instants(store)[1] == (BEGIN, BEGIN + HOUR)


def test_an_alarm_at_a_time_of_its_own_follows_though_the_begin_stays(store):
    ready(store)
    booked(store, alarm=Alarm(at=TEN - 30 * MINUTE))
    with store.writing() as connection:
        connection.execute(update(alarms).values(due_at=BEGIN, next_at=BEGIN))

    follow_zone_rules(store, BEFORE, NEWER)

    assert {row.due_at for row in rows(store)} == {BEGIN - 30 * MINUTE}


def test_the_rules_that_the_program_has_are_followed_by_themselves(store):
    ready(store)
    booked(store)

    assert follow_zone_rules(store, BEFORE) == 1
    assert follow_zone_rules(store, BEFORE, RULES) == 0


def test_who_is_interrupted_goes_on_where_they_were(store, monkeypatch):
    ready(store)
    for number in range(5):
        booked(store, matchcode=f"Termin {number}")
    meant_by_other_rules(store, HOUR)
    monkeypatch.setattr(zone_rules, "AT_ONCE", 2)
    arm_again, batches = zone_rules.arm_again, iter(range(2))

    def dying(*arguments: Any) -> None:
        if next(batches, None) is None:
            raise RuntimeError("killed")
        arm_again(*arguments)

    monkeypatch.setattr(zone_rules, "arm_again", dying)
    with pytest.raises(RuntimeError, match="killed"):
        follow_zone_rules(store, BEFORE, NEWER)
    monkeypatch.setattr(zone_rules, "arm_again", arm_again)

    assert follow_zone_rules(store, BEFORE, NEWER) == 1


def test_several_machines_share_the_work(store, monkeypatch):
    ready(store)
    for number in range(12):
        booked(store, matchcode=f"Termin {number}")
    meant_by_other_rules(store, HOUR)
    monkeypatch.setattr(zone_rules, "AT_ONCE", 2)
    start = threading.Barrier(2)

    def machine() -> int:
        start.wait()
        return follow_zone_rules(store, BEFORE, NEWER)

    with ThreadPoolExecutor(2) as both:
        derived = [each.result() for each in [both.submit(machine), both.submit(machine)]]

    assert sum(derived) == 12
    assert set(instants(store)) == {(BEGIN, BEGIN + HOUR)}


@pytest.mark.rule("A5")
def test_who_moves_an_appointment_meanwhile_is_waited_for(postgres_store, monkeypatch):
    store = postgres_store
    ready(store)
    it = booked(store)
    meant_by_other_rules(store, HOUR)
    there = at(TEN + timedelta(days=2))

    def moving() -> None:
        move(store, it, JONAS, there, None, BEFORE)

    monkeypatch.setattr(rebooking, "heed_zone_rules", lambda _connection: None)  # a mover of before
    with ThreadPoolExecutor(1) as beside:
        with stopped_before(monkeypatch, rebooking, "clashes", moving):
            following = beside.submit(follow_zone_rules, store, BEFORE, NEWER)
            assert is_kept_waiting(following)
        following.result()

    assert instants(store) == [(there.begins_at, there.ends_at)]
    assert armed(store) == by_message(there.begins_at, JONAS, MIA)


def test_who_books_meanwhile_is_waited_for_and_it_is_derived_too(postgres_store, monkeypatch):
    store = postgres_store
    ready(store)
    booked(store)
    follow_zone_rules(store, BEFORE)

    with ThreadPoolExecutor(1) as beside:
        with stopped_before(monkeypatch, booking, "tell_guests", lambda: booked(store)):
            following = beside.submit(follow_zone_rules, store, BEFORE, NEWER)
            assert is_kept_waiting(following)
        assert following.result() == 2


def test_what_is_booked_by_older_rules_later_is_derived_at_the_next_start(store):
    ready(store)
    booked(store)
    follow_zone_rules(store, BEFORE, NEWER)
    booked(store)  # by ours, which are older
    meant_by_other_rules(store, HOUR)

    assert follow_zone_rules(store, BEFORE, NEWER) == 2

    assert set(instants(store)) == {(BEGIN, BEGIN + HOUR)}
    assert follow_zone_rules(store, BEFORE, NEWER) == 0


def test_what_is_moved_by_older_rules_is_derived_at_the_next_start(store):
    ready(store)
    it = booked(store)
    follow_zone_rules(store, BEFORE, NEWER)
    move(store, it, JONAS, at(TEN + HOUR), None, BEFORE)  # by ours, which are older
    meant_by_other_rules(store, HOUR)

    follow_zone_rules(store, BEFORE, NEWER)

    assert instants(store) == [(BEGIN + HOUR, BEGIN + 2 * HOUR)]
