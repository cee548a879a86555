"""Calendars and the staff plan on the command line."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from appointments import ANNA, JONAS, MIA, ROOM, at, booked, peopled
from builders import letter, prepared, private_account, receive_letters
from command_line import kontakt, sending_store
from icalendar import Calendar

from domain.zones import wall
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.rebooking import cancel

NINE = datetime.fromisoformat("2035-11-27T09:00")  # a Tuesday of week 48
WEEK = "2035-W48"


@pytest.fixture(autouse=True)
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees, with everybody and all equipment in it."""
    ready = sending_store(sqlite_template)
    peopled(ready)
    return ready


@pytest.mark.rule("L8")
def test_a_calendar_shows_the_appointments_with_its_employee_in_them(store):
    booked(store, matchcode="Mit Jonas", period=at(NINE))
    booked(store, matchcode="Ohne Jonas", period=at(NINE), responsible=MIA, participants=())

    said = kontakt("calendar", "--as", JONAS, "--week", WEEK)

    assert said.code == 0, said.err
    assert said.out.startswith("Jonas Weber, Week 48/2035, 26 Nov – 02 Dec 2035 (Europe/Berlin)")
    assert "09:00–10:00" in said.out
    assert "Mit Jonas" in said.out
    assert "Ohne Jonas" not in said.out


def test_what_is_cancelled_is_in_no_calendar(store):
    number = booked(store, period=at(NINE))
    cancel(store, number, JONAS, None, store.now())

    assert "Halle 2" not in kontakt("calendar", "--as", JONAS, "--week", WEEK).out


@pytest.mark.parametrize(("more", "ahead"), [((), 0), (("--next",), 7)])
def test_without_a_week_it_is_this_one_and_on_wish_the_next(store, more, ahead):
    today = wall(store.now(), settings().zone) + timedelta(days=ahead)
    booked(store, period=at(today.replace(hour=12)))

    said = kontakt("calendar", "--as", JONAS, *more)

    assert "Halle 2" in said.out
    assert ("today" in said.out) is not bool(more)


def test_the_language_is_the_installations(store, monkeypatch):
    monkeypatch.setenv("KONTAKTWERK_LANGUAGE", "de")
    settings.cache_clear()

    assert "Di 27.11." in kontakt("calendar", "--as", JONAS, "--week", WEEK).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("calendar",), "--as"),
        (("calendar", "--as", "4711"), "no employee with the personnel number 4711"),
        (("calendar", "--as", JONAS, "--week", "48"), "write it as 2026-W48"),
        (("staff-plan", "--as", JONAS, "--team", "Nobody"), "no team Nobody"),
        (("staff-plan", "--as", JONAS, "--day", "soon"), "soon is no time"),
        (("staff-plan", "--as", JONAS, "--day", "today", "--week", WEEK), "either --day or --week"),
        (("calendar", "export", "no/such/folder.ics", "--as", JONAS), "cannot be written"),
    ],
)
def test_what_cannot_be_shown_is_said(arguments, told):
    said = kontakt(*arguments)

    assert said.code == 2
    assert told in said.err


@pytest.mark.rule("L8")
@pytest.mark.parametrize("when", [("--day", "27.11.2035"), ("--week", WEEK)])
def test_the_staff_plan_shows_everybody_equipment_and_conflicts(store, when):
    first = booked(store, matchcode="Eins", period=at(NINE), equipment=(ROOM,))
    second = booked(store, matchcode="Zwei", period=at(NINE), responsible=ANNA, equipment=(ROOM,))

    said = kontakt("staff-plan", "--as", ANNA, *when)

    for name in ("Anna Berger", "Ida Fuchs", "Jonas Weber", "Mia Krüger", "Besprechungsraum"):
        assert name in said.out
    both = f"Tue 27 Nov 09:00–10:00: Eins ({first}) / Zwei ({second})"
    assert f"! Mia Krüger, {both}" in said.out
    assert f"! Besprechungsraum, {both}" in said.out
    assert "! Jonas Weber" not in said.out


def test_the_staff_plan_of_a_team_is_its_members(store):
    said = kontakt("staff-plan", "--as", ANNA, "--team", "Helpdesk")

    assert "Jonas Weber" in said.out
    assert "Mia Krüger" not in said.out


@pytest.mark.rule("L9")
def test_the_follow_up_of_a_private_contact_is_busy_to_others(store):
    receive_letters(store, prepared(store, private_account()), [letter(subject="Gehalt")])
    booked(
        store,
        employee=ANNA,
        responsible=ANNA,
        participants=(),
        matchcode="Gehalt",
        contact_id=1,
        period=at(NINE),
    )

    own = kontakt("staff-plan", "--as", ANNA, "--day", "2035-11-27")
    others = kontakt("staff-plan", "--as", JONAS, "--day", "2035-11-27")

    assert "Gehalt" in own.out
    assert "Gehalt" not in others.out
    assert "busy" in others.out


def test_appointments_are_exported_as_a_calendar_file(store, tmp_path):
    booked(store, period=at(NINE))
    booked(store, responsible=ANNA, participants=(), period=at(NINE))

    said = kontakt("calendar", "export", str(tmp_path / "my.ics"), "--as", JONAS)

    [event] = Calendar.from_ical((tmp_path / "my.ics").read_bytes()).events
    assert said.out.startswith("1 appointments written")
    assert event["SUMMARY"] == "Halle 2"


def test_the_feeds_address_stays_until_it_is_reset():
    first, again = (kontakt("calendar", "feed", "--as", JONAS).out for _ in range(2))
    anew = kontakt("calendar", "feed", "--as", JONAS, "--reset").out

    assert first == again
    assert first.strip().endswith(".ics")
    assert anew not in (first, "")
