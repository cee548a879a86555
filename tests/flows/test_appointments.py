"""The buttons of an appointment in the Prefect UI."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from appointments import ANNA, JONAS, MIA, NOBODY, STRANGER, armed, at, booked, by_message, peopled
from prefect import Flow
from prefect.client.schemas.objects import State, StateType
from prefect.utilities.callables import parameter_schema

from domain.appointments import Period
from flows.appointments import (
    AlarmTime,
    change_participants,
    mark_appointment_done,
    move_appointment,
    set_alarm,
)
from tasks.store import database
from tasks.store.appointments import Occurrence, show_appointment

NINE = datetime.fromisoformat("2035-11-27T09:00")  # in Berlin, eight in UTC
BEGIN = datetime(2035, 11, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUTTONS = (set_alarm, move_appointment, change_participants, mark_appointment_done)


@pytest.fixture
def store(installed: database.Store) -> database.Store:
    """A store with everybody in it."""
    peopled(installed)
    return installed


def pressed(button: Flow[..., Any], number: int, employee: str = JONAS, **more: Any) -> State[Any]:
    """Run a flow as its form does."""
    run = button(appointment=number, employee=employee, return_state=True, **more)
    state: State[Any] = asyncio.run(run)
    return state


def occurrences(store: database.Store, number: int) -> list[Occurrence]:
    return list(show_appointment(store, number, 1).occurrences)


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("form", "due_at"),
    [
        ({}, BEGIN),
        ({"when": AlarmTime.BEFORE_THE_BEGIN, "minutes_before": 30}, BEGIN - HOUR / 2),
        ({"when": AlarmTime.AT_A_TIME, "at": BEGIN - 2 * HOUR}, BEGIN - 2 * HOUR),
        ({"when": AlarmTime.NEVER}, None),
    ],
)
def test_an_alarm_is_set_or_cleared(store, form, due_at):
    number = booked(store, period=at(NINE), participants=())

    state = pressed(set_alarm, number, **form)

    assert state.type is StateType.COMPLETED
    assert armed(store, number) == (by_message(due_at, JONAS) if due_at else set())


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("form", "begins", "ends"),
    [
        ({"begins": BEGIN + HOUR}, "10:00", "11:00"),
        ({"begins": BEGIN, "ends": BEGIN + HOUR / 2}, "09:00", "09:30"),
        ({"begins": NINE + 2 * HOUR}, "11:00", "12:00"),
    ],
)
def test_an_appointment_is_moved_or_shortened_by_instants_or_by_its_clocks(
    store, form, begins, ends
):
    number = booked(store, period=at(NINE))

    state = pressed(move_appointment, number, **form)

    period = occurrences(store, number)[0].period
    assert state.type is StateType.COMPLETED
    assert (f"{period.begins:%H:%M}", f"{period.ends:%H:%M}") == (begins, ends)


def test_an_appointment_is_moved_to_another_zone(store):
    number = booked(store, period=at(NINE))

    pressed(move_appointment, number, begins=BEGIN + 6 * HOUR, zone="America/New_York")

    period = occurrences(store, number)[0].period
    assert period == Period(NINE, NINE + HOUR, "America/New_York")


def test_whole_days_are_moved_to_whole_days(store):
    midnight = datetime.fromisoformat("2035-11-27T00:00")
    whole = Period(midnight, midnight + 24 * HOUR, "Europe/Berlin", all_day=True)
    number = booked(store, period=whole, alarm=None)

    pressed(move_appointment, number, begins=BEGIN + 24 * HOUR, ends=BEGIN + 48 * HOUR)

    period = occurrences(store, number)[0].period
    assert (period.begins.day, period.ends.day) == (28, 30)
    assert period.begins.hour == period.ends.hour == 0


def test_one_of_a_series_is_named_by_the_begin_that_it_has_now(store):
    number = booked(store, period=at(NINE), rule="FREQ=DAILY;COUNT=3")
    second = BEGIN + 24 * HOUR
    pressed(move_appointment, number, begins=second + HOUR, occurrence=second)

    state = pressed(mark_appointment_done, number, occurrence=second + HOUR)

    assert state.message == f"appointment {number} is done"
    assert [each.done for each in occurrences(store, number)] == [False, True, False]
    assert [each.changed for each in occurrences(store, number)] == [False, True, False]


@pytest.mark.parametrize("named", [BEGIN + 24 * HOUR, datetime.fromisoformat("2035-11-28T00:00")])
def test_one_of_a_series_of_whole_days_is_named_by_its_day(store, named):
    midnight = datetime.fromisoformat("2035-11-27T00:00")
    whole = Period(midnight, midnight + 24 * HOUR, "Europe/Berlin", all_day=True)
    number = booked(store, period=whole, alarm=None, rule="FREQ=DAILY;COUNT=3")

    state = pressed(mark_appointment_done, number, occurrence=named)

    assert state.type is StateType.COMPLETED
    assert [each.done for each in occurrences(store, number)] == [False, True, False]


@pytest.mark.rule("A7")
def test_participants_are_added_and_removed(store):
    number = booked(store, period=at(NINE))

    pressed(change_participants, number, add=[ANNA], remove=[MIA])

    assert armed(store, number) == by_message(BEGIN, ANNA, JONAS)


@pytest.mark.rule("T5")
def test_done_is_a_toggle(store):
    number = booked(store, period=at(NINE), participants=())

    pressed(mark_appointment_done, number)
    silent = armed(store, number)
    pressed(mark_appointment_done, number, done=False)

    assert silent == set()
    assert armed(store, number) == by_message(BEGIN, JONAS)


def test_conflicts_are_told_by_number_without_what_they_are_about(store):
    first = booked(store, period=at(NINE + 3 * HOUR), matchcode="Gehalt")
    number = booked(store, period=at(NINE + 24 * HOUR), participants=())

    state = pressed(move_appointment, number, begins=BEGIN + 3 * HOUR)

    when = "2035-11-27 11:00–2035-11-27 12:00 UTC"
    assert f"conflict: Jonas Weber has appointment {first}, {when}" in (state.message or "")
    assert "Gehalt" not in (state.message or "")


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("button", "form", "told"),
    [
        (move_appointment, {"begins": BEGIN, "ends": BEGIN - HOUR}, "ends before it begins"),
        (move_appointment, {"begins": BEGIN, "zone": "Mars"}, "no time zone Mars"),
        (change_participants, {"add": [NOBODY]}, NOBODY),
        (set_alarm, {"when": AlarmTime.AT_A_TIME}, "at which time"),
        (mark_appointment_done, {"occurrence": BEGIN + HOUR}, "no occurrence"),
        (mark_appointment_done, {"employee": STRANGER}, "crm.contacts.edit_others"),
        (mark_appointment_done, {"employee": NOBODY}, "no employee with the personnel number"),
    ],
)
def test_a_refusal_is_said_and_changes_nothing(store, button, form, told):
    number = booked(store, period=at(NINE))
    before = occurrences(store, number)

    state = pressed(button, number, **form)

    assert state.type is StateType.FAILED
    assert told in (state.message or "")
    assert occurrences(store, number) == before


def test_an_appointment_that_is_not_there_is_refused(store):
    state = pressed(mark_appointment_done, 4711)

    assert state.type is StateType.FAILED
    assert "there is no appointment 4711" in (state.message or "")


@pytest.mark.parametrize("button", BUTTONS)
def test_every_field_of_a_form_is_described(button):
    fields = parameter_schema(button).properties

    assert all(field.get("description") for field in fields.values())


@pytest.mark.parametrize(
    ("button", "field"),
    [(move_appointment, "begins"), (move_appointment, "ends"), (set_alarm, "at")],
)
def test_times_are_picked_in_a_form(button, field):
    assert "'format': 'date-time'" in repr(parameter_schema(button).properties[field])
