"""Appointments as people see them, and what they may not see."""

from datetime import timedelta

import pytest
from appointments import ANNA, BEFORE, JONAS, MIA, STRANGER, TEN, at, booked, peopled
from builders import letter, prepared, private_account, receive_letters
from outgoing_contacts import ready, saved

from domain.appointments import Alarm, Priority
from domain.errors import Refused, UnknownRecord
from tasks.store.appointments import follow_ups, list_appointments, show_appointment
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import cancel, delete, set_done

DAY = timedelta(days=1)


def private_contact(store: Store) -> int:
    """Receive a contact that only Anna may see."""
    box = prepared(store, private_account())
    peopled(store)
    receive_letters(store, box, [letter(subject="Streng geheim")])
    [contact] = list_contacts(store, employee_by_number(store, ANNA))
    return contact.id


def listed(store: Store, viewer: str | None = ANNA, **wishes) -> list[int]:
    viewer_id = viewer and employee_by_number(store, viewer)
    return [line.id for line in list_appointments(store, viewer_id, **wishes)]


@pytest.mark.rule("A2")
def test_a_contact_lists_its_follow_ups_and_each_shows_its_details(store):
    ready(store)
    peopled(store)
    contact, other = saved(store), saved(store)
    first = booked(store, contact_id=contact, priority=Priority.HIGH)
    second = booked(store, contact_id=contact, period=at(TEN + DAY), matchcode="Nachfassen")
    booked(store, contact_id=other)
    deleted = booked(store, contact_id=contact)
    delete(store, deleted, JONAS, BEFORE)

    lines = follow_ups(store, contact, employee_by_number(store, STRANGER))

    assert [(line.id, line.matchcode) for line in lines] == [
        (second, "Nachfassen"),
        (first, "Halle 2"),
    ]
    details = show_appointment(store, lines[1].id)
    assert (details.contact_matchcode, details.priority) == ("Ihr Gerät", Priority.HIGH)


@pytest.mark.rule("A3")
def test_an_appointment_shows_when_each_of_its_occurrences_rings(store):
    peopled(store)
    series = booked(store, rule="FREQ=DAILY;COUNT=3", alarm=Alarm(lead=timedelta(minutes=15)))
    set_done(store, series, JONAS, True, TEN, BEFORE)
    cancel(store, series, JONAS, TEN + DAY, BEFORE)

    done, cancelled, usual = show_appointment(store, series).occurrences

    assert (done.rings_at, cancelled.rings_at) == (None, None)
    assert usual.rings_at == usual.begins_at - timedelta(minutes=15)


@pytest.mark.rule("L8")
def test_appointments_are_listed_by_case_and_by_who_takes_part(store):
    peopled(store)
    mine = booked(store, cases=("SC-1042",))
    later = booked(store, period=at(TEN + DAY), responsible=ANNA, participants=())

    assert listed(store) == [later, mine]
    assert listed(store, own=True) == [later]
    assert listed(store, MIA, own=True) == [mine]
    assert listed(store, case="sc-1042") == [mine]
    assert listed(store, limit=1) == [later]


@pytest.mark.rule("A5", "T5")
def test_a_list_says_what_is_done_and_what_is_cancelled(store):
    peopled(store)
    done, cancelled, half = booked(store), booked(store), booked(store, rule="FREQ=DAILY;COUNT=2")
    set_done(store, done, JONAS, True, None, BEFORE)
    set_done(store, half, JONAS, True, TEN, BEFORE)
    cancel(store, cancelled, JONAS, None, BEFORE)

    lines = {line.id: (line.done, line.cancelled) for line in list_appointments(store)}

    assert lines == {done: (True, False), cancelled: (False, True), half: (False, False)}


@pytest.mark.rule("L9")
@pytest.mark.parametrize("viewer", [JONAS, None])
def test_the_follow_up_of_a_private_contact_is_shown_to_nobody_else(store, viewer):
    contact = private_contact(store)
    secret = booked(
        store, ANNA, responsible=ANNA, participants=(), contact_id=contact, cases=("PR-7",)
    )
    viewer_id = viewer and employee_by_number(store, viewer)

    assert listed(store, viewer) == listed(store, viewer, contact_id=contact) == []
    assert listed(store, viewer, case="PR-7") == follow_ups(store, contact, viewer_id) == []
    with pytest.raises(UnknownRecord):
        show_appointment(store, secret, viewer_id)
    assert listed(store, ANNA) == listed(store, ANNA, contact_id=contact) == [secret]


@pytest.mark.rule("L9")
def test_who_takes_part_without_seeing_the_contact_sees_the_appointment_alone(store):
    contact = private_contact(store)
    booked(store, ANNA, responsible=ANNA, contact_id=contact, cases=("PR-7",))
    mia = employee_by_number(store, MIA)

    [line] = list_appointments(store, mia)
    details = show_appointment(store, line.id, mia)

    assert (line.matchcode, line.contact_id) == ("Halle 2", None)
    assert (details.contact_id, details.contact_matchcode, details.cases) == (None, "", ())
    assert follow_ups(store, contact, mia) == listed(store, MIA, case="PR-7") == []


@pytest.mark.rule("L9")
def test_nobody_books_a_follow_up_of_a_contact_that_they_may_not_see(store):
    contact = private_contact(store)

    with pytest.raises(Refused, match="no contact"):
        booked(store, JONAS, contact_id=contact)
    with pytest.raises(UnknownRecord):
        set_done(
            store,
            booked(store, ANNA, responsible=ANNA, participants=(), contact_id=contact),
            JONAS,
            True,
            None,
            BEFORE,
        )
