"""Appointments that change: what rings follows in the same transaction, or nothing changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

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
    STRANGER,
    TEN,
    armed,
    at,
    booked,
    by_message,
    peopled,
    refused,
)
from builders import NOW
from outgoing_contacts import queued, ready

from domain.appointments import AT_BEGIN, Alarm, Guest, Period, Priority
from domain.errors import Refused, UnknownRecord
from domain.zones import instant
from tasks.store.agenda import agenda
from tasks.store.appointments import AppointmentDetails, read_details, show_appointment
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_alarm, set_done
from tasks.store.taking_part import (
    change_cases,
    change_equipment,
    change_guests,
    change_participants,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKLY = "FREQ=WEEKLY;COUNT=3"


def details(store: Store, appointment_id: int) -> AppointmentDetails:
    with store.reading() as connection:
        return read_details(connection, appointment_id)


@pytest.mark.rule("A5")
def test_an_alarm_at_the_begin_moves_with_the_appointment(store):
    peopled(store)
    appointment_id = booked(store)

    move(store, appointment_id, JONAS, at(TEN + DAY), None, BEFORE)

    assert armed(store) == by_message(NOW + DAY, JONAS, MIA)
    [only] = details(store, appointment_id).occurrences
    assert (only.period, only.recurrence) == (at(TEN + DAY), TEN + DAY)


@pytest.mark.rule("A3", "A5")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_an_alarm_at_a_time_of_its_own_stays_at_that_instant(store, zone):
    peopled(store)
    appointment_id = booked(store, alarm=Alarm(at=TEN - HOUR / 2))

    move(store, appointment_id, JONAS, at(TEN + DAY, zone=zone), None, BEFORE)

    assert armed(store) == by_message(NOW - HOUR / 2, JONAS, MIA)


def test_an_appointment_is_not_moved_before_its_own_alarm(store):
    peopled(store)
    appointment_id = booked(store, alarm=Alarm(at=TEN))

    with pytest.raises(Refused) as told:
        move(store, appointment_id, JONAS, at(TEN - DAY), None, BEFORE)

    assert refused(told.value) == {("alarm_after_end", "")}
    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A5")
def test_what_is_moved_into_the_past_rings_no_more(store):
    peopled(store)
    appointment_id = booked(store)

    move(store, appointment_id, JONAS, at(TEN - 2 * HOUR), None, BEFORE)

    assert armed(store) == set()


@pytest.mark.rule("A1", "A5")
def test_an_appointment_is_shortened_and_its_alarm_stays(store):
    peopled(store)
    appointment_id = booked(store)

    move(store, appointment_id, JONAS, at(TEN, HOUR / 2), None, BEFORE)

    assert details(store, appointment_id).occurrences[0].ends_at == NOW + HOUR / 2
    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A5")
def test_one_occurrence_is_moved_by_itself(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())

    move(store, series, JONAS, at(TEN + WEEK + DAY), TEN + WEEK, BEFORE)

    assert [
        (each.recurrence, each.begins_at, each.changed) for each in occurrences_of(store, series)
    ] == [
        (TEN, NOW, False),
        (TEN + WEEK, NOW + WEEK + DAY, True),
        (TEN + 2 * WEEK, NOW + 2 * WEEK, False),
    ]
    assert {ring[2] for ring in armed(store)} == {NOW, NOW + WEEK + DAY, NOW + 2 * WEEK}


@pytest.mark.rule("A5")
@pytest.mark.parametrize("rule", [WEEKLY, "FREQ=WEEKLY;UNTIL=20261207"])
def test_of_a_series_that_moves_stays_what_has_begun_and_what_is_cancelled(store, rule):
    peopled(store)
    series = booked(store, rule=rule, participants=())
    cancel(store, series, JONAS, TEN + 2 * WEEK, BEFORE)

    move(store, series, JONAS, at(TEN + WEEK), None, NOW + HOUR)

    assert [(each.recurrence, each.begins_at) for each in occurrences_of(store, series)] == [
        (TEN + WEEK, NOW),
        (TEN + 2 * WEEK, NOW + 2 * WEEK),
        (TEN + 3 * WEEK, NOW + 2 * WEEK),
    ]
    assert [each.changed for each in occurrences_of(store, series)] == [True, False, True]
    assert [each.cancelled for each in occurrences_of(store, series)] == [False, False, True]


@pytest.mark.rule("A5")
def test_a_moved_series_takes_along_what_was_moved_by_itself(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())
    move(store, series, JONAS, at(TEN + WEEK + DAY), TEN + WEEK, BEFORE)

    move(store, series, JONAS, at(TEN + HOUR), None, BEFORE)

    assert {ring[2] for ring in armed(store)} == {NOW + HOUR + week * WEEK for week in range(3)}
    assert not any(each.changed for each in occurrences_of(store, series))


@pytest.mark.rule("A5")
def test_a_series_on_a_day_of_the_week_moves_to_another_day_as_a_whole(store):
    peopled(store)
    series = booked(store, rule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20261207", participants=())

    move(store, series, JONAS, at(TEN + DAY), None, NOW + HOUR)  # the first one has begun

    assert [each.begins_at for each in occurrences_of(store, series)] == [
        NOW,
        NOW + WEEK + DAY,
        NOW + 2 * WEEK + DAY,
    ]
    assert details(store, series).rule == "FREQ=WEEKLY;BYDAY=TU;COUNT=3"


@pytest.mark.rule("A5")
def test_a_series_that_cannot_move_as_a_whole_is_not_moved_in_part(store):
    peopled(store)
    rule = "FREQ=MONTHLY;BYDAY=4MO;COUNT=3"
    series = booked(store, rule=rule, participants=())
    before = details(store, series), armed(store)

    with pytest.raises(Refused) as told:
        move(store, series, JONAS, at(TEN + DAY), None, BEFORE)

    assert refused(told.value) == {("off_the_rule", rule)}
    assert (details(store, series), armed(store)) == before


@pytest.mark.rule("A3", "A5")
def test_which_alarm_of_its_own_keeps_a_series_from_moving_is_said(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())
    set_alarm(store, series, JONAS, Alarm(at=TEN + WEEK + HOUR / 2), TEN + WEEK, BEFORE)

    with pytest.raises(Refused) as told:
        move(store, series, JONAS, at(TEN - HOUR), None, BEFORE - HOUR)

    assert refused(told.value) == {("alarm_of_one_after_end", "2026-11-30 10:00")}


@pytest.mark.rule("A5", "T5")
def test_what_is_done_of_a_series_stays_and_hinders_no_move_of_the_others(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())
    set_alarm(store, series, JONAS, Alarm(at=TEN + WEEK + HOUR / 2), TEN + WEEK, BEFORE)
    set_done(store, series, JONAS, True, TEN + WEEK, BEFORE)

    move(store, series, JONAS, at(TEN - HOUR / 2), None, BEFORE)

    half = HOUR / 2
    assert [(each.begins_at, each.changed) for each in occurrences_of(store, series)] == [
        (NOW - half, False),
        (NOW + WEEK, True),
        (NOW + 2 * WEEK - half, False),
    ]


@pytest.mark.rule("A5", "T5")
def test_what_is_done_rings_no_alarm_until_it_is_not_done_any_more(store):
    peopled(store)
    appointment_id = booked(store)

    set_done(store, appointment_id, MIA, True, None, BEFORE)
    while_done = armed(store)
    set_done(store, appointment_id, MIA, False, None, BEFORE)

    assert while_done == set()
    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A5", "T5")
def test_an_alarm_time_that_passed_while_it_was_done_does_not_ring_later(store):
    peopled(store)
    appointment_id = booked(store)
    set_done(store, appointment_id, JONAS, True, None, BEFORE)

    set_done(store, appointment_id, JONAS, False, None, NOW + HOUR)

    assert armed(store) == set()


@pytest.mark.rule("T5")
def test_one_occurrence_is_done_by_itself(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())

    set_done(store, series, JONAS, True, TEN, BEFORE)

    assert [each.done for each in occurrences_of(store, series)] == [True, False, False]
    assert {ring[2] for ring in armed(store)} == {NOW + WEEK, NOW + 2 * WEEK}


@pytest.mark.rule("A5")
def test_what_is_cancelled_rings_no_alarm_and_is_kept(store):
    peopled(store)
    appointment_id = booked(store)

    cancel(store, appointment_id, JONAS, None, BEFORE)
    cancel(store, appointment_id, JONAS, None, NOW)

    assert armed(store) == set()
    assert show_appointment(store, appointment_id).cancelled_at == BEFORE


@pytest.mark.rule("A5")
def test_a_series_is_cancelled_with_its_last_occurrence(store):
    peopled(store)
    series = booked(store, rule="FREQ=WEEKLY;COUNT=2", participants=())

    cancel(store, series, JONAS, TEN, BEFORE)
    left = details(store, series).cancelled_at, armed(store)
    cancel(store, series, JONAS, TEN + WEEK, BEFORE)

    assert left == (None, by_message(NOW + WEEK, JONAS))
    assert details(store, series).cancelled_at == BEFORE
    assert armed(store) == set()


@pytest.mark.rule("A5", "L8")
def test_of_a_series_that_is_cancelled_stays_what_has_taken_place(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())

    for _ in range(2):
        cancel(store, series, JONAS, None, NOW + WEEK)

    kept = details(store, series)
    assert [each.cancelled for each in kept.occurrences] == [False, False, True]
    assert kept.cancelled_at is None
    jonas = employee_by_number(store, JONAS)
    [first, second] = agenda(store, jonas, [jonas], BEFORE, NOW + 9 * WEEK)
    assert (first.begins_at, second.begins_at) == (NOW, NOW + WEEK)


@pytest.mark.rule("A5")
def test_of_a_series_that_is_over_only_single_occurrences_are_cancelled(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())

    with pytest.raises(Refused) as told:
        cancel(store, series, JONAS, None, NOW + 9 * WEEK)
    cancel(store, series, JONAS, TEN + WEEK, NOW + 9 * WEEK)

    assert refused(told.value) == {("has_begun", "")}
    assert [each.cancelled for each in occurrences_of(store, series)] == [False, True, False]


@pytest.mark.rule("A5")
def test_what_is_deleted_rings_no_alarm_and_is_not_there_any_more(store):
    peopled(store)
    appointment_id = booked(store)

    delete(store, appointment_id, JONAS, BEFORE)

    assert armed(store) == set()
    with pytest.raises(UnknownRecord):
        show_appointment(store, appointment_id)
    with pytest.raises(UnknownRecord):
        set_done(store, appointment_id, JONAS, True, None, BEFORE)


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("alarm", "due_at"),
    [
        (Alarm(lead=HOUR / 2), NOW - HOUR / 2),
        (Alarm(at=TEN + HOUR), NOW + HOUR),
        (AT_BEGIN, NOW),
        (None, None),
    ],
)
def test_an_alarm_is_set_to_any_time_or_cleared(store, alarm, due_at):
    peopled(store)
    appointment_id = booked(store, alarm=Alarm(lead=timedelta(minutes=5)))

    set_alarm(store, appointment_id, JONAS, alarm, None, BEFORE)

    assert armed(store) == (by_message(due_at, JONAS, MIA) if due_at else set())


@pytest.mark.rule("A3")
def test_an_occurrence_has_an_alarm_of_its_own(store):
    peopled(store)
    series = booked(store, rule=WEEKLY, participants=())

    set_alarm(store, series, JONAS, Alarm(at=TEN + HOUR / 2), TEN, BEFORE)
    set_alarm(store, series, JONAS, None, TEN + WEEK, BEFORE)

    assert {ring[2] for ring in armed(store)} == {NOW + HOUR / 2, NOW + 2 * WEEK}


@pytest.mark.rule("A7")
def test_who_is_added_before_the_alarm_time_is_informed_and_who_is_removed_is_not(store):
    peopled(store)
    appointment_id = booked(store)

    change_participants(store, appointment_id, JONAS, [ANNA], [MIA], BEFORE)

    assert armed(store) == by_message(NOW, JONAS, ANNA)
    assert [each.number for each in details(store, appointment_id).participants] == [ANNA]


@pytest.mark.rule("A7")
def test_who_is_added_after_the_alarm_time_is_not_informed_of_it(store):
    peopled(store)
    appointment_id = booked(store, now=BEFORE)

    change_participants(store, appointment_id, JONAS, [ANNA], [], NOW + timedelta(minutes=1))

    assert armed(store) == by_message(NOW, JONAS, MIA)  # overdue: nothing rang in between


@pytest.mark.rule("A7")
def test_to_add_and_remove_again_what_is_so_already_changes_nothing(store):
    peopled(store)
    appointment_id = booked(store)

    for _ in range(2):
        change_participants(store, appointment_id, JONAS, [MIA, JONAS], [ANNA], BEFORE)

    assert [each.number for each in details(store, appointment_id).participants] == [MIA]
    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A1", "A7")
def test_somebody_else_becomes_responsible_and_is_informed_instead(store):
    peopled(store)
    appointment_id = booked(store)

    edit(store, appointment_id, JONAS, Change(responsible=MIA), BEFORE)

    kept = details(store, appointment_id)
    assert (kept.responsible.number, kept.participants) == (MIA, [])
    assert armed(store) == by_message(NOW, MIA)


@pytest.mark.rule("A1")
def test_what_an_appointment_says_is_changed_and_nothing_else(store):
    peopled(store)
    appointment_id = booked(store, text="Alt")

    edit(store, appointment_id, MIA, Change("Halle 3", place="Tor 4", priority=Priority.LOW), NOW)

    kept = details(store, appointment_id)
    assert (kept.matchcode, kept.text, kept.place, kept.priority) == (
        "Halle 3",
        "Alt",
        "Tor 4",
        Priority.LOW,
    )
    assert kept.changed_at == NOW
    assert armed(store) == by_message(NOW, JONAS, MIA)


@pytest.mark.rule("A1")
def test_equipment_cases_and_guests_are_changed(store):
    peopled(store)
    petra, uwe = Guest("petra@mueller.example", "Petra"), Guest("uwe@mueller.example")
    appointment_id = booked(store, equipment=("V-1",), cases=("PR-7",), guests=(petra,))

    change_equipment(store, appointment_id, JONAS, [ROOM], ["V-1", PROJECTOR], BEFORE)
    change_cases(store, appointment_id, JONAS, ["SC-1042"], ["PR-7"], BEFORE)
    change_guests(store, appointment_id, JONAS, [uwe], ["PETRA@mueller.example"], BEFORE)

    kept = details(store, appointment_id)
    assert [each.number for each in kept.equipment] == [ROOM]
    assert [each.number for each in kept.cases] == ["SC-1042"]
    assert [(each.guest, each.uninvited_at) for each in kept.guests] == [
        (petra, BEFORE),
        (uwe, None),
    ]


@pytest.mark.rule("A7")
def test_a_guest_who_was_uninvited_is_invited_again(store):
    peopled(store)
    appointment_id = booked(store, guests=(Guest("petra@mueller.example"),))
    change_guests(store, appointment_id, JONAS, [], ["petra@mueller.example"], BEFORE)

    again = [Guest("petra@mueller.example", "Petra Müller")]
    change_guests(store, appointment_id, JONAS, again, [], BEFORE)

    [invited] = details(store, appointment_id).guests
    assert (invited.guest.name, invited.uninvited_at) == ("Petra Müller", None)


@pytest.mark.rule("X6")
def test_the_follow_up_of_a_contact_that_was_sent_stays_changeable(store):
    ready(store)
    peopled(store)
    contact = queued(store).contact_id
    appointment_id = booked(store, contact_id=contact)

    move(store, appointment_id, JONAS, at(TEN + DAY), None, BEFORE)
    edit(store, appointment_id, JONAS, Change("Nachfassen"), BEFORE)

    assert show_appointment(store, appointment_id).matchcode == "Nachfassen"
    assert armed(store) == by_message(NOW + DAY, JONAS, MIA)


def occurrences_of(store: Store, appointment_id: int) -> Any:
    return details(store, appointment_id).occurrences


EDITS: dict[str, Callable[[Store, int, str], object]] = {
    "move": lambda store, this, by: move(store, this, by, at(TEN + DAY), None, BEFORE),
    "edit": lambda store, this, by: edit(store, this, by, Change("Neu"), BEFORE),
    "alarm": lambda store, this, by: set_alarm(store, this, by, None, None, BEFORE),
    "done": lambda store, this, by: set_done(store, this, by, True, None, BEFORE),
    "cancel": lambda store, this, by: cancel(store, this, by, None, BEFORE),
    "delete": lambda store, this, by: delete(store, this, by, BEFORE),
    "participants": lambda store, this, by: change_participants(store, this, by, [], [MIA], BEFORE),
    "equipment": lambda store, this, by: change_equipment(store, this, by, [ROOM], [], BEFORE),
    "cases": lambda store, this, by: change_cases(store, this, by, ["PR-7"], [], BEFORE),
    "guests": lambda store, this, by: change_guests(
        store, this, by, [Guest("petra@mueller.example")], [], BEFORE
    ),
}
every_edit = pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)


@pytest.mark.rule("A1")
@every_edit
def test_a_stranger_without_the_right_to_change_others_appointments_changes_nothing(
    sqlite_store, change
):
    peopled(sqlite_store)
    appointment_id = booked(sqlite_store)
    before = details(sqlite_store, appointment_id)

    with pytest.raises(Refused) as told:
        change(sqlite_store, appointment_id, STRANGER)

    assert refused(told.value) == {("not_yours", "")}
    assert details(sqlite_store, appointment_id) == before


@every_edit
@pytest.mark.parametrize("by", [JONAS, MIA, ANNA])
def test_those_concerned_and_who_may_edit_all_change_appointments(sqlite_store, change, by):
    peopled(sqlite_store)
    appointment_id = booked(sqlite_store)
    before = details(sqlite_store, appointment_id)

    change(sqlite_store, appointment_id, by)

    assert details(sqlite_store, appointment_id) != before


@every_edit
def test_what_is_not_there_is_not_changed(sqlite_store, change):
    peopled(sqlite_store)

    with pytest.raises(UnknownRecord):
        change(sqlite_store, 77, JONAS)


@pytest.mark.parametrize("name", EDITS.keys() - {"cancel", "delete"})
def test_what_is_cancelled_can_only_be_deleted(sqlite_store, name):
    peopled(sqlite_store)
    appointment_id = booked(sqlite_store)
    cancel(sqlite_store, appointment_id, JONAS, None, BEFORE)

    with pytest.raises(Refused) as told:
        EDITS[name](sqlite_store, appointment_id, JONAS)

    assert ("is_cancelled", "") in refused(told.value)
    EDITS["delete"](sqlite_store, appointment_id, JONAS)


WRONG: dict[str, tuple[Callable[..., object], tuple[Any, ...], set[tuple[str, str]]]] = {
    "period": (move, (Period(TEN, TEN - HOUR, "UTC"), None), {("end_before_begin", "")}),
    "zone": (move, (at(TEN, zone="Mars/Base"), None), {("unknown_zone", "Mars/Base")}),
    "occurrence": (
        move,
        (at(TEN), datetime(2026, 11, 24, 8, 0)),  # noqa: DTZ001
        {("no_such_occurrence", "2026-11-24 08:00")},
    ),
    "matchcode": (edit, (Change(matchcode=" "),), {("no_matchcode", "")}),
    "place": (edit, (Change(place="\r\n"),), {("control_characters", "")}),
    "responsible": (edit, (Change(responsible=LEFT),), {("employee_left", "Otto Lange")}),
    "alarm of a series": (set_alarm, (Alarm(at=TEN), None), {("alarm_of_series", "")}),
    "lead": (set_alarm, (Alarm(lead=-HOUR), None), {("bad_lead", "")}),
    "participants": (
        change_participants,
        ([NOBODY, LEFT], [JONAS, "8888"]),
        {
            ("employee_unknown", NOBODY),
            ("employee_unknown", "8888"),
            ("employee_left", "Otto Lange"),
            ("responsible_stays", "Jonas Weber"),
        },
    ),
    "equipment": (
        change_equipment,
        (["X-1", PROJECTOR], []),
        {("equipment_unknown", "X-1"), ("equipment_gone", "Beamer")},
    ),
    "cases": (
        change_cases,
        (["SC-1"], ["SC-2"]),
        {("case_unknown", "SC-1"), ("case_unknown", "SC-2")},
    ),
    "guests": (change_guests, ([Guest("uwe")], []), {("bad_guest", "uwe")}),
}


@pytest.mark.rule("A1", "A3", "A7")
@pytest.mark.parametrize(("change", "wishes", "reasons"), WRONG.values(), ids=WRONG)
def test_a_change_that_cannot_be_is_refused_with_all_reasons_and_changes_nothing(
    store, change, wishes, reasons
):
    peopled(store)
    series = booked(store, rule=WEEKLY)
    before = details(store, series), armed(store)

    with pytest.raises(Refused) as told:
        change(store, series, JONAS, *wishes, BEFORE)

    assert refused(told.value) == reasons
    assert (details(store, series), armed(store)) == before


@pytest.mark.rule("A5")
def test_a_series_moved_into_the_other_time_of_the_year_rings_by_its_wall_clock(store):
    peopled(store)
    series = booked(store, rule="FREQ=DAILY;COUNT=3", participants=())
    first = datetime(2027, 3, 27, 10, 0)  # noqa: DTZ001

    move(store, series, JONAS, at(first), None, BEFORE)

    expected = {instant(first + day * DAY, "Europe/Berlin") for day in range(3)}
    assert {ring[2] for ring in armed(store)} == expected
