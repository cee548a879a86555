"""Appointments that are booked: whole, once, armed at once, or refused with all the reasons."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from appointments import (
    ANNA,
    BEFORE,
    HOUR,
    JONAS,
    LEFT,
    MIA,
    NOBODY,
    PROJECTOR,
    ROOM,
    TEN,
    VAN,
    armed,
    at,
    booked,
    by_message,
    new,
    peopled,
    refused,
)
from builders import NOW, rows
from outgoing_contacts import GUEST, ready, saved

from domain.appointments import Alarm, Guest, Period, Priority
from domain.errors import Refused, UnknownRecord
from domain.zones import instant
from tasks.store.appointments import read_details
from tasks.store.booking import book, look_before
from tasks.store.tables import alarms, appointment_guests, appointments, occurrences

DAY = timedelta(days=1)
PETRA = Guest("petra@mueller.example", "Petra Müller")


def details(store, appointment_id):
    with store.reading() as connection:
        return read_details(connection, appointment_id)


@pytest.mark.rule("A1")
def test_an_appointment_is_kept_as_it_was_booked(store):
    peopled(store)

    appointment_id = booked(
        store,
        text="Angebot mitbringen",
        place="Halle 2",
        priority=Priority.HIGH,
        equipment=(ROOM, VAN),
        cases=("sc-1042", "PR-7"),
        guests=(PETRA,),
    )

    kept = details(store, appointment_id)
    assert (kept.creator.name, kept.responsible.number) == ("Jonas Weber", JONAS)
    assert [each.number for each in kept.participants] == [MIA]
    assert [each.name for each in kept.equipment] == ["Besprechungsraum", "Transporter"]
    assert {each.number for each in kept.cases} == {"SC-1042", "PR-7"}
    assert [each.guest for each in kept.guests] == [PETRA]
    assert (kept.text, kept.place, kept.priority) == (
        "Angebot mitbringen",
        "Halle 2",
        Priority.HIGH,
    )
    [only] = kept.occurrences
    assert (only.period, only.begins_at, only.ends_at) == (at(TEN), NOW, NOW + HOUR)
    assert (only.done, only.cancelled, only.changed) == (False, False, False)


@pytest.mark.rule("A3", "A4")
@pytest.mark.parametrize(
    ("alarm", "due_at"),
    [
        (Alarm(lead=timedelta(0)), NOW),
        (Alarm(lead=timedelta(minutes=15)), NOW - timedelta(minutes=15)),
        (Alarm(at=TEN + timedelta(minutes=30)), NOW + timedelta(minutes=30)),
    ],
)
def test_everybody_who_takes_part_is_armed_once_for_the_alarm_time(store, alarm, due_at):
    peopled(store)

    booked(store, responsible=JONAS, participants=(MIA, JONAS, MIA), alarm=alarm)

    assert armed(store) == by_message(due_at, JONAS, MIA)
    assert rows(store, alarms) == 2


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    "changes",
    [{"alarm": None}, {"period": at(TEN - DAY)}, {"alarm": Alarm(lead=HOUR)}],
    ids=["no alarm", "begins in the past", "a lead that is over"],
)
def test_nobody_is_rung_for_no_time_or_one_that_has_passed(store, changes):
    peopled(store)

    booked(store, **changes)

    assert rows(store, occurrences) == 1
    assert armed(store) == set()


@pytest.mark.rule("A4")
def test_every_occurrence_of_a_series_is_armed(store):
    peopled(store)

    booked(store, rule="FREQ=WEEKLY;COUNT=3", participants=())

    assert armed(store) == {
        ring for week in range(3) for ring in by_message(NOW + week * 7 * DAY, JONAS)
    }


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("first", "nights"),
    [(datetime(2026, 10, 24, 2, 30), 3), (datetime(2027, 3, 27, 2, 30), 3)],  # noqa: DTZ001
    ids=["clocks go back", "clocks go forward"],
)
def test_a_series_keeps_its_wall_clock_time_over_the_nights_of_daylight_saving(
    store, first, nights
):
    peopled(store)
    booking_at = instant(first, "Europe/Berlin") - DAY

    booked(
        store,
        now=booking_at,
        period=at(first),
        rule=f"FREQ=DAILY;COUNT={nights}",
        participants=(),
    )

    expected = {instant(first + night * DAY, "Europe/Berlin") for night in range(nights)}
    assert {due_at for _, _, due_at in armed(store)} == expected
    assert len({due_at.time() for due_at in expected}) == 2


@pytest.mark.rule("A4")
def test_what_runs_twice_with_a_key_books_once(store):
    peopled(store)

    ids = {booked(store, key="run 1"), booked(store, key="run 1"), booked(store, key="run 2")}

    assert len(ids) == 2
    assert rows(store, appointments) == 2


WRONG = {
    "end before begin": ({"period": Period(TEN, TEN - HOUR, "UTC")}, ("end_before_begin", "")),
    "zone": ({"period": at(TEN, zone="Europe/Atlantis")}, ("unknown_zone", "Europe/Atlantis")),
    "responsible": ({"responsible": NOBODY}, ("employee_unknown", NOBODY)),
    "who left": ({"participants": (MIA, LEFT)}, ("employee_left", "Otto Lange")),
    "led by who left": ({"responsible": LEFT}, ("employee_left", "Otto Lange")),
    "participant": ({"participants": (NOBODY,)}, ("employee_unknown", NOBODY)),
    "hostile number": ({"participants": ("\0",)}, ("employee_unknown", "\0")),
    "equipment": ({"equipment": ("X-1",)}, ("equipment_unknown", "X-1")),
    "equipment that is gone": ({"equipment": (PROJECTOR,)}, ("equipment_gone", "Beamer")),
    "case": ({"cases": ("SC-1",)}, ("case_unknown", "SC-1")),
    "contact": ({"contact_id": 77}, ("contact_unknown", "77")),
    "guest": ({"guests": (Guest("petra"),)}, ("bad_guest", "petra")),
    "guest's name": (
        {"guests": (Guest("petra@x.example", "P\r\nBcc: a@b.example"),)},
        ("bad_guest", "'P\\r\\nBcc: a@b.example <petra@x.example>'"),
    ),
    "endless": ({"rule": "FREQ=DAILY"}, ("endless_rule", "")),
    "no rule": ({"rule": "each Monday"}, ("bad_rule", "each Monday")),
    "no matchcode": ({"matchcode": " "}, ("no_matchcode", "")),
    "line break": ({"place": "Halle\n2"}, ("control_characters", "")),
    "NUL": ({"text": "\0"}, ("control_characters", "")),
    "lead": ({"alarm": Alarm(lead=-HOUR)}, ("bad_lead", "")),
    "late alarm": ({"alarm": Alarm(at=TEN + 2 * HOUR)}, ("alarm_after_end", "")),
}


@pytest.mark.rule("A1")
@pytest.mark.parametrize(("changes", "reason"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_and_nothing_is_saved(store, changes, reason):
    peopled(store)

    with pytest.raises(Refused) as told:
        booked(store, **changes)

    assert refused(told.value) == {reason}
    assert rows(store, appointments, occurrences, alarms, appointment_guests) == 0


@pytest.mark.rule("A1")
def test_all_that_stands_against_an_appointment_is_said_at_once(sqlite_store):
    ready(sqlite_store)
    peopled(sqlite_store)
    asked = new(
        period=Period(TEN, TEN - HOUR, "UTC"),
        participants=(NOBODY, LEFT),
        equipment=("X-1", PROJECTOR),
        cases=("SC-1",),
        guests=(Guest("petra"),),
        rule="FREQ=DAILY",
        matchcode="",
        contact_id=77,
    )

    with pytest.raises(Refused) as told:
        book(sqlite_store, asked, GUEST, BEFORE)

    assert {reason for reason, _ in refused(told.value)} == {
        "no_permission",
        "end_before_begin",
        "employee_unknown",
        "employee_left",
        "equipment_unknown",
        "equipment_gone",
        "case_unknown",
        "bad_guest",
        "endless_rule",
        "no_matchcode",
        "contact_unknown",
    }


def test_nobody_who_is_unknown_books(sqlite_store):
    peopled(sqlite_store)

    with pytest.raises(UnknownRecord):
        booked(sqlite_store, NOBODY)


def test_looking_before_booking_judges_and_saves_nothing(store):
    peopled(store)
    booked(store)
    wrong = replace(new(), matchcode="")

    conflicts = look_before(store, new(), ANNA, BEFORE)
    with pytest.raises(Refused):
        look_before(store, wrong, ANNA, BEFORE)

    assert {each.name for each in conflicts} == {"Jonas Weber", "Mia Krüger"}
    assert rows(store, appointments) == 1


@pytest.mark.rule("A2")
def test_a_contact_has_follow_ups(store):
    ready(store)
    peopled(store)
    contact = saved(store)

    appointment_id = booked(store, contact_id=contact)

    kept = details(store, appointment_id)
    assert (kept.contact_id, kept.contact_matchcode) == (contact, "Ihr Gerät")


def test_a_guest_is_invited_once_however_often_they_are_named(store):
    peopled(store)

    appointment_id = booked(store, guests=(PETRA, Guest(" PETRA@mueller.example", "P. Müller")))

    [invited] = details(store, appointment_id).guests
    assert invited.guest == Guest("PETRA@mueller.example", "P. Müller")
