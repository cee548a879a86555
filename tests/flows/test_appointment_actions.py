"""More buttons of an appointment in the Prefect UI: booked, edited, cancelled."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from appointments import ANNA, BEFORE, JONAS, MIA, NOBODY, ROOM, STRANGER, VAN, at, booked, peopled
from outgoing_contacts import saved
from prefect import Flow, flow
from pressed_buttons import refused, said

from domain.appointments import AT_BEGIN, Period, Priority
from flows.appointment_actions import (
    book_appointment,
    cancel_appointment,
    change_appointment_cases,
    change_equipment,
    edit_appointment,
)
from tasks.store.appointments import list_appointments, show_appointment
from tasks.store.database import Store
from tasks.store.rebooking import Change, edit

NINE = datetime.fromisoformat("2035-11-27T09:00")  # in Berlin, eight in UTC
BEGIN = datetime(2035, 11, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW: dict[str, Any] = {"employee": JONAS, "matchcode": "Halle 3", "begins": BEGIN}


@pytest.fixture
def store(installed: Store) -> Store:
    """A store with everybody in it."""
    peopled(installed)
    return installed


@pytest.mark.rule("A1", "A2", "A3")
def test_a_follow_up_is_booked_by_a_form_and_conflicts_are_told_by_number_alone(store):
    contact = saved(store, activity_type="e-mail")
    other = booked(store, period=at(NINE), matchcode="Gehalt", participants=())

    form = {**NEW, "participants": [MIA], "equipment": [ROOM], "cases": ["PR-7"], "place": "Werk"}
    told = said(book_appointment, **form, contact=contact, alarm_at_begin=True, priority="high")

    number = int(told.split()[1])
    shown = show_appointment(store, number)
    when = "2035-11-27 08:00–2035-11-27 09:00 UTC"
    conflict = f"conflict: Jonas Weber has appointment {other}, {when}"
    assert told == f"appointment {number} is booked; {conflict}"
    assert shown.period == at(NINE)
    assert (shown.contact_id, shown.place, shown.priority) == (contact, "Werk", Priority.HIGH)
    assert [each.number for each in shown.participants] == [MIA]
    assert [each.number for each in (*shown.equipment, *shown.cases)] == [ROOM, "PR-7"]
    assert shown.occurrences[0].alarm == AT_BEGIN


def test_an_appointment_is_booked_by_the_clocks_of_a_zone(store):
    told = said(
        book_appointment, **{**NEW, "begins": NINE}, ends=BEGIN + 9 * HOUR, zone="Asia/Tokyo"
    )

    shown = show_appointment(store, int(told.split()[1]))
    assert shown.period == Period(NINE, NINE + 17 * HOUR, "Asia/Tokyo")


def test_a_run_that_is_run_again_books_its_appointment_once(store):
    @flow
    async def again() -> list[str | None]:
        runs = [await book_appointment.fn(**NEW) for _ in range(2)]
        return [each.message for each in runs]

    first, second = asyncio.run(again())

    assert first == second
    assert len(list_appointments(store)) == 1


@pytest.mark.rule("A1")
def test_an_appointment_is_edited_and_cancelled_by_forms(store):
    number = booked(store, period=at(NINE), rule="FREQ=DAILY;COUNT=3")
    this = {"appointment": number, "employee": JONAS}

    told = [
        said(edit_appointment, **this, text="Schlüssel!", responsible=ANNA),
        said(change_equipment, **this, add=[VAN]),
        said(change_appointment_cases, **this, add=["PR-7"]),
        said(cancel_appointment, **this, occurrence=BEGIN + 24 * HOUR),
    ]

    shown = show_appointment(store, number)
    assert told == [
        f"appointment {number} {done}"
        for done in ("is changed", "has other equipment", "has other cases", "is cancelled")
    ]
    assert (shown.matchcode, shown.text, shown.responsible.number) == (
        "Halle 2",
        "Schlüssel!",
        ANNA,
    )
    assert [each.number for each in (*shown.equipment, *shown.cases)] == [VAN, "PR-7"]
    assert [each.cancelled for each in shown.occurrences] == [False, True, False]


def test_what_stands_against_it_is_said_and_nothing_is_changed(store):
    number = booked(store, period=at(NINE))
    edit(store, number, JONAS, Change(text="alt"), BEFORE)
    this = {"appointment": number, "employee": JONAS}
    forms: list[tuple[Flow[..., Any], dict[str, Any], str]] = [
        (book_appointment, {**NEW, "zone": "Mars"}, "no time zone Mars"),
        (book_appointment, {**NEW, "participants": [NOBODY], "equipment": ["X-1"]}, "X-1"),
        (book_appointment, {**NEW, "contact": 4711}, "4711"),
        (book_appointment, {**NEW, "matchcode": "a\nb"}, "matchcode: Value error, must not"),
        (edit_appointment, this, "say what is to change"),
        (edit_appointment, {**this, "text": "neu", "seen": 0}, "look at it again"),
        (edit_appointment, {**this, "text": "neu", "employee": STRANGER}, "edit_others"),
        (change_appointment_cases, {**this, "add": ["SC-9"]}, "SC-9"),
        (cancel_appointment, {**this, "occurrence": BEGIN + HOUR}, "no occurrence"),
    ]
    before = show_appointment(store, number)

    told = [refused(button, **form) for button, form, _ in forms]

    assert [each for each, (_, _, why) in zip(told, forms, strict=True) if why not in each] == []
    assert show_appointment(store, number) == before
    assert [line.id for line in list_appointments(store)] == [number]
