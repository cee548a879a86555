"""Calendars and staff plans: who takes part in what, and only as much of it as may be seen."""

from datetime import timedelta

import pytest
from appointments import ANNA, BEFORE, HOUR, JONAS, MIA, ROOM, TEN, VAN, at, booked, peopled
from builders import NOW, letter, prepared, private_account, receive_letters
from sqlalchemy import event

from tasks.store.agenda import agenda, equipment_plan
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import cancel, delete, move, set_done

DAY = timedelta(days=1)
LATER = NOW + DAY
MIDNIGHT = TEN.replace(hour=0)


def ids(store: Store, *numbers: str) -> list[int]:
    return [employee_by_number(store, number) for number in numbers]


@pytest.mark.rule("L8")
def test_a_calendar_shows_what_an_employee_takes_part_in(store):
    peopled(store)
    [anna, jonas, mia] = ids(store, ANNA, JONAS, MIA)
    mine = booked(store, place="Halle 2")
    booked(store, responsible=ANNA, participants=())

    [entry] = agenda(store, mia, [mia], NOW, LATER)

    assert (entry.appointment_id, entry.matchcode, entry.place) == (mine, "Halle 2", "Halle 2")
    assert (entry.period, entry.begins_at, entry.ends_at) == (at(TEN), NOW, NOW + HOUR)
    assert entry.employee_ids == {mia}
    assert (entry.alarm, entry.busy, entry.done) == (True, False, False)
    assert len(agenda(store, mia, [anna, jonas, mia], NOW, LATER)) == 2


@pytest.mark.rule("L8")
def test_the_staff_plan_shows_each_appointment_once_with_all_who_take_part(store):
    peopled(store)
    [anna, jonas, mia] = everybody = ids(store, ANNA, JONAS, MIA)
    booked(store, participants=(MIA, ANNA))

    [entry] = agenda(store, anna, everybody, NOW, LATER)

    assert entry.employee_ids == {anna, jonas, mia}


SHOWN = [
    (TEN, HOUR, True),
    (TEN - HOUR, HOUR, False),  # is over as the day begins
    (TEN - HOUR, 2 * HOUR, True),
    (TEN, timedelta(0), True),
    (TEN + DAY, HOUR, False),
    (TEN + DAY - HOUR, HOUR, True),
    (TEN - 20 * DAY, 40 * DAY, True),
    (TEN - 400 * DAY, 800 * DAY, True),
    (TEN - 3 * DAY, 2 * DAY, False),
    (MIDNIGHT, DAY, True),
]


@pytest.mark.rule("L8")
@pytest.mark.parametrize(("begins", "length", "shown"), SHOWN)
def test_what_lies_in_a_time_even_in_part_is_shown(store, begins, length, shown):
    peopled(store)
    [jonas] = ids(store, JONAS)
    booked(store, period=at(begins, length), alarm=None)

    entries = agenda(store, jonas, [jonas], NOW, LATER)

    assert len(entries) == shown


@pytest.mark.rule("L8", "A5")
def test_what_is_done_is_shown_as_done_and_what_is_cancelled_or_deleted_is_not_shown(store):
    peopled(store)
    [jonas] = ids(store, JONAS)
    done, cancelled, deleted = booked(store), booked(store), booked(store)
    set_done(store, done, JONAS, True, None, BEFORE)
    cancel(store, cancelled, JONAS, None, BEFORE)
    delete(store, deleted, JONAS, BEFORE)

    [entry] = agenda(store, jonas, [jonas], NOW, LATER)

    assert (entry.appointment_id, entry.done) == (done, True)


@pytest.mark.rule("L8")
def test_each_occurrence_of_a_series_stands_in_the_calendar_where_it_takes_place(store):
    peopled(store)
    [jonas] = ids(store, JONAS)
    series = booked(store, rule="FREQ=DAILY;COUNT=10")
    move(store, series, JONAS, at(TEN + 2 * HOUR), TEN, BEFORE)
    cancel(store, series, JONAS, TEN + DAY, BEFORE)

    entries = agenda(store, jonas, [jonas], NOW, NOW + 3 * DAY)

    assert [(each.recurrence, each.begins_at) for each in entries] == [
        (TEN, NOW + 2 * HOUR),
        (TEN + 2 * DAY, NOW + 2 * DAY),
    ]


@pytest.mark.rule("L8")
def test_the_plan_of_equipment_shows_what_it_is_booked_for(store):
    peopled(store)
    [anna] = ids(store, ANNA)
    both = booked(store, equipment=(ROOM, VAN))
    booked(store)

    [entry] = equipment_plan(store, anna, NOW, LATER)

    assert (entry.appointment_id, entry.equipment) == (both, ("Besprechungsraum", "Transporter"))
    assert entry.employee_ids == frozenset()


@pytest.mark.rule("L9")
@pytest.mark.parametrize(
    ("viewer", "seen"),
    [(ANNA, "Geheim"), (MIA, "Geheim"), (JONAS, "")],
    ids=["reader", "takes part", "other"],
)
def test_others_see_the_follow_up_of_a_private_contact_as_busy(store, viewer, seen):
    box = prepared(store, private_account())
    peopled(store)
    receive_letters(store, box, [letter()])
    [anna, mia, viewer_id] = ids(store, ANNA, MIA, viewer)
    [contact] = list_contacts(store, anna)
    secret = {"contact_id": contact.id, "matchcode": "Geheim", "place": "Geheim"}
    booked(store, ANNA, responsible=ANNA, participants=(MIA,), equipment=(ROOM,), **secret)

    [in_plan] = agenda(store, viewer_id, [anna, mia], NOW, LATER)
    [in_room] = equipment_plan(store, viewer_id, NOW, LATER)

    assert (in_plan.matchcode, in_plan.place, in_plan.busy) == (seen, seen, not seen)
    assert (in_room.matchcode, in_room.busy) == (seen, not seen)
    assert (in_plan.begins_at, in_plan.employee_ids) == (NOW, {anna, mia})


@pytest.mark.rule("L8")
def test_a_plan_is_one_query(sqlite_store):
    peopled(sqlite_store)
    everybody = ids(sqlite_store, ANNA, JONAS, MIA)
    booked(sqlite_store, rule="FREQ=DAILY;COUNT=10")
    asked: list[str] = []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    agenda(sqlite_store, everybody[0], everybody, NOW, NOW + 10 * DAY)

    assert [each for each in asked if each != "BEGIN"] == asked[-1:]
