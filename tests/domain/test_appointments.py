"""An appointment has a begin and an end on the wall of a zone, and an alarm time or none."""

from datetime import datetime, timedelta

import pytest

from domain.appointments import (
    AT_BEGIN,
    LONGEST_LEAD,
    Alarm,
    BookingReason,
    Period,
    may_change,
    reasons_against_alarm,
    reasons_against_period,
)

ADA, JAN, EVA = 1, 2, 3


def at(text):
    return datetime.fromisoformat(text)


def period(begins="2026-11-25 09:00", ends="2026-11-25 10:00", zone="Europe/Berlin", **changes):
    return Period(at(begins), at(ends), zone, **changes)


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("2026-11-25 09:00", "2026-11-25 10:00", []),
        ("2026-11-25 09:00", "2026-11-25 09:00", []),
        ("2026-12-31 23:00", "2027-01-01 01:00", []),
        ("2020-02-29 09:00", "2020-02-29 10:00", []),  # long past: it may be entered afterwards
        ("2026-11-25 09:00", "2026-11-25 08:59", [BookingReason.END_BEFORE_BEGIN]),
        ("1970-01-01 00:00", "2199-12-31 23:59", []),
        ("1969-12-31 23:59", "1970-01-01 00:00", [BookingReason.OUT_OF_RANGE]),
        ("2199-12-31 23:00", "2200-01-01 00:00", [BookingReason.OUT_OF_RANGE]),
    ],
)
def test_an_appointment_ends_not_before_it_begins(begins, ends, expected):
    refusals = reasons_against_period(period(begins, ends))

    assert [each.reason for each in refusals] == expected


@pytest.mark.rule("A1")
def test_an_unknown_zone_is_named():
    (refusal,) = reasons_against_period(period(zone="Mars/Olympus"))

    assert (refusal.reason, refusal.about) == (BookingReason.UNKNOWN_ZONE, "Mars/Olympus")


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("begins", "ends", "fits"),
    [
        ("2026-11-25", "2026-11-26", True),
        ("2026-12-30", "2027-01-02", True),
        ("2026-11-25", "2026-11-25", False),
        ("2026-11-25 08:00", "2026-11-26", False),
        ("2026-11-25", "2026-11-26 08:00", False),
    ],
)
def test_whole_days_go_from_midnight_to_midnight(begins, ends, fits):
    refusals = reasons_against_period(period(begins, ends, all_day=True))

    assert [each.reason for each in refusals] == ([] if fits else [BookingReason.NOT_WHOLE_DAYS])


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        ("2026-03-29 01:30", "2026-03-29 03:30", 60),  # an hour is left out
        ("2026-03-29 02:15", "2026-03-29 02:45", 30),  # it is all left out: an hour later
        ("2026-03-29 02:30", "2026-03-29 03:00", 0),  # 03:30 in fact, and not over before
        ("2026-10-25 01:30", "2026-10-25 03:30", 180),  # an hour is there twice
        ("2026-10-25 02:15", "2026-10-25 02:45", 30),
        ("2026-03-29 00:00", "2026-03-30 00:00", 23 * 60),
        ("2026-10-25 00:00", "2026-10-26 00:00", 25 * 60),
    ],
)
def test_the_nights_of_daylight_saving_change_how_long_it_takes(begins, ends, minutes):
    booked = period(begins, ends)

    assert booked.ends_at - booked.begins_at == timedelta(minutes=minutes)


def test_moved_into_a_short_day_it_still_ends_at_the_same_clock_time():
    moved = period("2026-03-28 01:00", "2026-03-28 04:00").beginning(at("2026-03-29 01:00"))

    assert moved.ends == at("2026-03-29 04:00")
    assert moved.ends_at - moved.begins_at == timedelta(hours=2)


@pytest.mark.rule("A3")
def test_an_alarm_set_is_set_to_the_begin():
    assert AT_BEGIN.due_at(period()) == at("2026-11-25T08:00Z")


@pytest.mark.rule("A3", "A5")
@pytest.mark.parametrize(
    ("alarm", "moves"),
    [
        (AT_BEGIN, True),
        (Alarm(lead=timedelta(minutes=15)), True),
        (Alarm(at=at("2026-11-25 07:30")), False),
    ],
)
def test_an_alarm_set_to_the_begin_moves_with_it(alarm, moves):
    before, after = period(), period().beginning(at("2026-11-26 14:00"))

    moved_by = alarm.due_at(after) - alarm.due_at(before)

    assert moved_by == (timedelta(days=1, hours=5) if moves else timedelta(0))


@pytest.mark.rule("A3")
def test_a_lead_is_elapsed_time_even_across_a_night_of_daylight_saving():
    booked = period("2026-03-29 09:00", "2026-03-29 10:00")

    due_at = Alarm(lead=timedelta(days=1)).due_at(booked)

    assert due_at == at("2026-03-28T07:00Z")


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("alarm", "series", "expected"),
    [
        (None, False, []),
        (None, True, []),
        (AT_BEGIN, False, []),
        (AT_BEGIN, True, []),
        (Alarm(lead=LONGEST_LEAD), True, []),
        (Alarm(lead=LONGEST_LEAD + timedelta(seconds=1)), True, [BookingReason.BAD_LEAD]),
        (Alarm(lead=timedelta(seconds=-1)), False, [BookingReason.BAD_LEAD]),
        (Alarm(at=at("2026-11-25 10:00")), False, []),
        (Alarm(at=at("2020-01-01 00:00")), False, []),  # past: it rings for nobody
        (Alarm(at=at("2026-11-25 10:01")), False, [BookingReason.ALARM_AFTER_END]),
        (Alarm(at=at("0001-01-01 00:00")), False, [BookingReason.OUT_OF_RANGE]),
        (Alarm(at=at("9999-12-31 23:59")), False, [BookingReason.OUT_OF_RANGE]),
        (Alarm(at=at("2026-11-25 09:00")), True, [BookingReason.ALARM_OF_SERIES]),
    ],
)
def test_an_alarm_is_set_to_a_time_before_the_end(alarm, series, expected):
    refusals = reasons_against_alarm(alarm, period(), series)

    assert [each.reason for each in refusals] == expected


def test_an_alarm_is_not_judged_by_a_period_that_cannot_be():
    nowhere = period(zone="Mars/Olympus")

    assert reasons_against_alarm(Alarm(at=at("2026-11-25 09:00")), nowhere, series=False) == []


@pytest.mark.parametrize(
    ("actor", "concerned", "edits_others", "expected"),
    [
        (ADA, {ADA, JAN}, False, True),
        (EVA, {ADA, JAN}, False, False),
        (EVA, {ADA, JAN}, True, True),
        (EVA, {None, EVA}, False, True),
        (EVA, set(), False, False),
    ],
)
def test_those_concerned_change_an_appointment_and_who_may_edit_all(
    actor, concerned, edits_others, expected
):
    assert may_change(actor, concerned, edits_others) is expected
