"""Conflicts: told where somebody or something is in two places at a time, and never forbidden."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from appointments import (
    ANNA,
    BEFORE,
    HOUR,
    JONAS,
    MIA,
    ROOM,
    TEN,
    VAN,
    at,
    booked,
    new,
    peopled,
)
from builders import NOW, letter, prepared, private_account, receive_letters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tasks.store.booking import book, look_before
from tasks.store.conflicts import MOST, Conflict, Demand, Kind, conflicts_of
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_done
from tasks.store.taking_part import change_equipment, change_participants

DAY = timedelta(days=1)
MINUTES = timedelta(minutes=1)


def told(store: Store, employee: str = JONAS, now: datetime = BEFORE, **changes: Any) -> set[str]:
    """Look before booking for Jonas alone, unless said otherwise; gives who is in two places."""
    asked = new(**{"participants": (), **changes})
    return {conflict.name for conflict in look_before(store, asked, employee, now)}


@pytest.mark.rule("A1")
def test_who_and_what_is_in_two_places_is_told_and_booked_all_the_same(store):
    peopled(store)
    first = booked(store, equipment=(ROOM, VAN), matchcode="Wartung")

    second = book(store, new(equipment=(ROOM,), period=at(TEN + HOUR / 2)), ANNA, BEFORE)

    assert second.id != first
    assert second.conflicts == tuple(
        Conflict(what, name, first, "Wartung", NOW, NOW + HOUR)
        for what, name in (
            (Kind.EMPLOYEE, "Jonas Weber"),
            (Kind.EMPLOYEE, "Mia Krüger"),
            (Kind.EQUIPMENT, "Besprechungsraum"),
        )
    )


OVERLAPS = [
    (TEN, HOUR, True),
    (TEN - HOUR, HOUR, False),  # ends as the other begins
    (TEN + HOUR, HOUR, False),
    (TEN - HOUR, HOUR + MINUTES, True),
    (TEN + 59 * MINUTES, HOUR, True),
    (TEN + 10 * MINUTES, 10 * MINUTES, True),  # within
    (TEN - HOUR, 3 * HOUR, True),  # around
    (TEN + 10 * MINUTES, timedelta(0), True),
    (TEN, timedelta(0), False),
    (TEN - 30 * DAY, 60 * DAY, True),
]


@pytest.mark.rule("A1")
@pytest.mark.parametrize(("begins", "length", "conflicts"), OVERLAPS)
def test_times_that_touch_do_not_conflict_and_times_that_overlap_do(
    store, begins, length, conflicts
):
    peopled(store)
    booked(store, participants=())

    assert told(store, period=at(begins, length)) == ({"Jonas Weber"} if conflicts else set())


@pytest.mark.rule("A1")
@pytest.mark.parametrize(("begins", "length", "conflicts"), OVERLAPS)
def test_it_is_the_same_the_other_way_round(sqlite_store, begins, length, conflicts):
    peopled(sqlite_store)
    booked(sqlite_store, participants=(), period=at(begins, length))

    assert told(sqlite_store) == ({"Jonas Weber"} if conflicts else set())


@pytest.mark.rule("A1", "A5")
@pytest.mark.parametrize("end", ["done", "cancelled", "deleted"])
def test_what_is_done_cancelled_or_deleted_is_in_nobodys_way(store, end):
    peopled(store)
    first = booked(store)
    {
        "done": lambda: set_done(store, first, JONAS, True, None, BEFORE),
        "cancelled": lambda: cancel(store, first, JONAS, None, BEFORE),
        "deleted": lambda: delete(store, first, JONAS, BEFORE),
    }[end]()

    assert told(store) == set()


def test_what_is_over_conflicts_with_nothing_any_more(sqlite_store):
    peopled(sqlite_store)
    booked(sqlite_store)

    assert told(sqlite_store, now=NOW + 2 * HOUR) == set()


@pytest.mark.rule("A1")
def test_each_occurrence_of_a_series_is_compared_and_the_first_conflicts_are_told(store):
    peopled(store)
    booked(store, rule="FREQ=DAILY;COUNT=30", participants=())

    booking = book(store, new(rule="FREQ=DAILY;INTERVAL=2;COUNT=40"), ANNA, BEFORE)

    assert len(booking.conflicts) == 15
    assert [each.begins_at for each in booking.conflicts] == [
        NOW + day * DAY for day in range(0, 30, 2)
    ]


def test_at_most_twenty_conflicts_are_told(sqlite_store):
    peopled(sqlite_store)
    booked(sqlite_store, rule="FREQ=DAILY;COUNT=30")

    conflicts = look_before(sqlite_store, new(rule="FREQ=DAILY;COUNT=30"), ANNA, BEFORE)

    assert len(conflicts) == MOST


@pytest.mark.rule("A1", "A7")
def test_a_change_tells_the_conflicts_that_it_makes(store):
    peopled(store)
    booked(store, participants=(ANNA,), equipment=(ROOM,))
    other = booked(store, responsible=MIA, participants=(), employee=MIA)

    added = change_participants(store, other, MIA, [JONAS], [], BEFORE)
    taken = change_equipment(store, other, MIA, [ROOM], [], BEFORE)
    led = edit(store, other, MIA, Change(responsible=ANNA), BEFORE)
    away = move(store, other, ANNA, at(TEN + DAY), None, BEFORE)
    back = move(store, other, ANNA, at(TEN), None, BEFORE)

    assert [[each.name for each in told] for told in (added, taken, led, away)] == [
        ["Jonas Weber"],
        ["Besprechungsraum"],
        ["Anna Berger"],
        [],
    ]
    assert {each.name for each in back} == {"Jonas Weber", "Anna Berger", "Besprechungsraum"}


@pytest.mark.rule("L9")
def test_the_follow_up_of_a_private_contact_is_a_conflict_without_a_matchcode(store):
    box = prepared(store, private_account())
    peopled(store)
    receive_letters(store, box, [letter()])
    anna = employee_by_number(store, ANNA)
    [contact] = list_contacts(store, anna)
    booked(
        store, ANNA, responsible=ANNA, participants=(), contact_id=contact.id, matchcode="Geheim"
    )
    asked = new(participants=(ANNA,))

    seen = [look_before(store, asked, by, BEFORE)[0].matchcode for by in (ANNA, JONAS)]

    assert seen == ["Geheim", ""]


def test_conflicts_are_found_by_three_queries_however_long_the_series(sqlite_store):
    peopled(sqlite_store)
    booked(sqlite_store, rule="FREQ=DAILY;COUNT=2000")
    times = [(NOW + day * DAY, NOW + day * DAY + HOUR) for day in range(2_000)]
    jonas = employee_by_number(sqlite_store, JONAS)
    asked: list[str] = []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    with sqlite_store.reading() as connection:
        found = conflicts_of(connection, Demand(times, [jonas]), jonas)

    assert len(found) == MOST
    assert len([each for each in asked if "SELECT" in each]) <= 4


spans = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0, 1, 3, 24, 25, 72])), min_size=1, max_size=6
)


@pytest.mark.rule("A1")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(theirs=spans, mine=st.tuples(st.integers(0, 60), st.sampled_from([0, 1, 3, 24, 25, 72])))
def test_conflicts_are_those_that_overlap(sqlite_store, theirs, mine):
    peopled(sqlite_store)
    with sqlite_store.writing() as connection:
        connection.exec_driver_sql("UPDATE appointments SET deleted_at = '2026-01-01 00:00:00.0'")
    first = TEN + DAY
    others = [
        (
            booked(
                sqlite_store,
                participants=(),
                alarm=None,
                period=at(first + begin * HOUR, length * HOUR),
            ),
            begin,
            length,
        )
        for begin, length in theirs
    ]
    asked = new(participants=(), period=at(first + mine[0] * HOUR, mine[1] * HOUR))

    found = look_before(sqlite_store, asked, JONAS, BEFORE)

    assert {each.appointment_id for each in found} == {
        other
        for other, begin, length in others
        if begin < mine[0] + mine[1] and mine[0] < begin + length
    }
