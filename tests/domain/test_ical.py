"""Appointments are read from iCalendar by other programs as we have them (RFC 5545, 5546)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from calendar_events import (
    HOUR,
    PETRA,
    at,
    event,
    later,
    own_times,
    parsed,
    period,
    read_times,
)
from hypothesis import given
from hypothesis import strategies as st

from domain.appointments import AT_BEGIN, Alarm, Priority
from domain.ical import cancel, feed, request, single
from domain.mail import MailAddress

QUARTER = Alarm(lead=timedelta(minutes=15))
SPRING = period("2026-03-28 02:30", "2026-03-28 03:30")
AUTUMN = period("2026-10-24 02:30", "2026-10-24 03:30")


def components(calendar: str, name: str = "VEVENT"):
    return parsed(calendar).walk(name)


@pytest.mark.rule("L8")
@pytest.mark.parametrize(
    ("when", "rule"),
    [
        (HOUR, None),
        (SPRING, None),
        (later(SPRING, days=1), None),
        (later(AUTUMN, days=1), None),
        (HOUR, "FREQ=DAILY;COUNT=5"),
        (SPRING, "FREQ=DAILY;COUNT=4"),
        (AUTUMN, "FREQ=DAILY;COUNT=4"),
        (period("2026-03-27 22:00", "2026-03-28 06:00"), "FREQ=DAILY;COUNT=4"),
        (period("2026-10-24 22:00", "2026-10-25 06:00"), "FREQ=DAILY;COUNT=3"),
        (
            period("2026-04-04 01:30", "2026-04-04 02:30", "Australia/Lord_Howe"),
            "FREQ=DAILY;COUNT=3",
        ),
        (period("2026-11-24 10:00", "2026-11-24 11:00", "UTC"), "FREQ=WEEKLY;COUNT=3"),
        (period("2026-11-24 10:00", "2026-11-24 11:00", "Asia/Kolkata"), "FREQ=WEEKLY;COUNT=3"),
        (HOUR, "FREQ=WEEKLY;UNTIL=20270101"),
        (HOUR, "FREQ=WEEKLY;UNTIL=20261215T100000"),
        (HOUR, "FREQ=WEEKLY;UNTIL=20261215T090000Z"),
        (HOUR, "freq=monthly;byday=-1fr;count=6"),
        (HOUR, "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5"),
        (period("2026-01-31 10:00", "2026-01-31 11:00"), "FREQ=MONTHLY;COUNT=5"),
    ],
)
def test_another_program_finds_the_very_instants_of_a_series(when, rule):
    ours = event(when, rule)

    assert read_times(feed([ours], "Jonas Weber")) == own_times(ours)


@pytest.mark.rule("L8")
def test_cancelled_and_moved_occurrences_are_found_as_they_are():
    tokyo = period("2026-12-09 03:00", "2026-12-09 05:00", "Asia/Tokyo")
    moved = {1: later(HOUR, days=7, hours=2), 3: tokyo}

    ours = event(HOUR, "FREQ=WEEKLY;COUNT=6", cancelled={0, 4}, moved=moved)

    assert read_times(feed([ours], "Jonas Weber")) == own_times(ours)
    assert len(own_times(ours)) == 4


@pytest.mark.rule("L8")
@given(
    st.sets(st.integers(0, 9)),
    st.dictionaries(st.integers(0, 9), st.integers(-72, 72), max_size=5),
    st.sampled_from([HOUR, SPRING, later(AUTUMN, days=-3)]),
)
def test_a_series_is_found_however_it_was_changed(cancelled, hours, when):
    rule = "FREQ=DAILY;COUNT=10"
    moved = {n: later(when, days=n, hours=by) for n, by in hours.items()}

    ours = event(when, rule, cancelled=cancelled, moved=moved)

    if ours.taking_place:
        assert read_times(feed([ours], "Jonas Weber")) == own_times(ours)


@pytest.mark.parametrize(("days", "ends"), [(1, date(2026, 12, 25)), (3, date(2026, 12, 27))])
def test_whole_days_are_days_and_not_times(days, ends):
    begin = at("2026-12-24")
    whole = period("2026-12-24", (begin + timedelta(days=days)).isoformat(), all_day=True)

    [written] = components(single(event(whole)))

    assert (written["DTSTART"].dt, written["DTEND"].dt) == (date(2026, 12, 24), ends)


def test_a_series_of_whole_days_leaves_out_the_cancelled_one():
    whole = period("2026-12-24", "2026-12-25", all_day=True)

    calendar = feed([event(whole, "FREQ=YEARLY;UNTIL=20281231", cancelled={1})], "Jonas Weber")

    assert "UNTIL=20281224\r\n" in calendar
    assert "EXDATE;VALUE=DATE:20271224" in calendar
    assert [begins.year for begins, _ in read_times(calendar)] == [2026, 2028]


def test_an_event_without_duration_has_no_end():
    [written] = components(single(event(period("2026-11-24 10:00", "2026-11-24 10:00"))))

    assert "DTEND" not in written


def test_the_same_state_is_the_same_bytes():
    rule = "FREQ=WEEKLY;COUNT=6"

    assert feed([event(rule=rule)], "Jonas") == feed([event(rule=rule)], "Jonas")


def test_an_alarm_rings_so_long_before_the_begin_or_at_its_own_time():
    usual, odd = event(rule="FREQ=WEEKLY;COUNT=3"), Alarm(at=at("2026-11-30 18:00"))
    alarms = [QUARTER, odd, None]
    rung = [replace(o, alarm=a) for o, a in zip(usual.occurrences, alarms, strict=True)]

    master, second, third = components(feed([replace(usual, occurrences=rung)], "Jonas"))

    assert master.walk("VALARM")[0]["TRIGGER"].dt == -timedelta(minutes=15)
    assert f"{second.walk('VALARM')[0]['TRIGGER'].dt:%d.%m. %H:%M}" == "30.11. 17:00"
    assert third.walk("VALARM") == []


def test_an_event_says_what_it_is():
    ours = event(text="Bitte Öl\nmitbringen; danke", priority=Priority.HIGH, sequence=3)

    [written] = components(single(ours))

    assert written["SUMMARY"] == "Wartung"
    assert written["DESCRIPTION"] == "Bitte Öl\nmitbringen; danke"
    assert written["LOCATION"] == "Halle 2"
    assert (written["PRIORITY"], written["SEQUENCE"], written["STATUS"]) == (1, 3, "CONFIRMED")
    assert written["ORGANIZER"] == "mailto:jonas.weber@firm.example"
    assert written["ORGANIZER"].params["CN"] == "Jonas Weber"


def test_one_occurrence_of_a_series_is_written_alone():
    ours = event(rule="FREQ=WEEKLY;COUNT=6", moved={2: later(HOUR, days=15)})

    calendar = single(ours, ours.occurrences[2].recurrence)

    [written] = components(calendar)
    assert written["RECURRENCE-ID"].dt.replace(tzinfo=None) == at("2026-12-08 10:00")
    assert written["DTSTART"].dt.replace(tzinfo=None) == at("2026-12-09 10:00")


@pytest.mark.parametrize(
    "words", ['a"b', "a\r\nATTENDEE:mailto:x@evil.example", "a;b,c\\n", "a\0\x0bb", "a\ud800b"]
)
def test_words_stay_words(words):
    named = MailAddress(words, "petra@mueller.example")
    ours = event(matchcode=words, place=words, text=words, attendees=(named,), organizer=named)

    [written] = components(request(ours))

    assert written["ATTENDEE"] == "mailto:petra@mueller.example"
    assert written["ORGANIZER"] == "mailto:petra@mueller.example"


@pytest.mark.rule("L9")
def test_guests_read_neither_the_text_nor_the_alarms():
    ours = event(text="nur für uns", attendees=(PETRA,), people=("Mia Krüger",))
    rung = replace(ours, occurrences=[replace(ours.occurrences[0], alarm=AT_BEGIN)])

    calendar = request(rung)

    assert "DESCRIPTION" not in calendar
    assert "VALARM" not in calendar


def test_an_invitation_asks_its_guests_for_an_answer():
    calendar = request(event(attendees=(PETRA,)))

    [written] = components(calendar)
    asked = written["ATTENDEE"].params
    assert parsed(calendar)["METHOD"] == "REQUEST"
    assert (asked["CN"], asked["PARTSTAT"], asked["RSVP"]) == (
        "Petra Müller",
        "NEEDS-ACTION",
        "TRUE",
    )


def test_what_is_published_names_no_attendees():
    ours = event(attendees=(PETRA,))

    assert "ATTENDEE" not in feed([ours], "Jonas") + single(ours)


def test_a_whole_appointment_is_called_off():
    calendar = cancel(event(rule="FREQ=WEEKLY;COUNT=3", sequence=2, attendees=(PETRA,)))

    [written] = components(calendar)
    assert parsed(calendar)["METHOD"] == "CANCEL"
    assert (written["STATUS"], written["SEQUENCE"]) == ("CANCELLED", 2)
    assert "RECURRENCE-ID" not in written


def test_some_occurrences_are_called_off():
    ours = event(rule="FREQ=WEEKLY;COUNT=3", attendees=(PETRA,), cancelled={1})

    [written] = components(cancel(ours, [ours.occurrences[1].recurrence]))

    assert written["STATUS"] == "CANCELLED"
    assert written["RECURRENCE-ID"].dt.replace(tzinfo=None) == at("2026-12-01 10:00")


@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"])
def test_a_zone_is_described_for_who_does_not_know_it(name):
    noon = period("2026-07-01 12:00", "2026-07-01 13:00", name)
    ours = event(noon, "FREQ=MONTHLY;COUNT=12")

    calendar = feed([ours], "Jonas").replace(name, f"Nowhere/{name}")

    assert f"TZID=Nowhere/{name}:" in calendar
    assert read_times(calendar) == own_times(ours)
