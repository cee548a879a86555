"""Changing records on the command line, and not overwriting what others did meanwhile."""

from pathlib import Path

import pytest
from appointments import booked
from builders import NOW
from command_line import kontakt, sending_store
from outgoing_contacts import ANNA, JONAS, PETRA, UWE, saved
from todos import written

from tasks.store.appointments import show_appointment
from tasks.store.contacts import show_contact
from tasks.store.database import Store
from tasks.store.rebooking import Change as AppointmentChange
from tasks.store.rebooking import edit
from tasks.store.todo_changes import take
from tasks.store.todo_details import show_todo
from tasks.store.writing import Change, edit_contact


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees."""
    return sending_store(sqlite_template)


@pytest.mark.rule("X6")
def test_a_contact_gets_other_cases_and_another_main_one(store):
    contact = str(saved(store))

    beside = kontakt("contact", "case", contact, "--as", JONAS, "--add", "PR-7")
    main = kontakt("contact", "case", contact, "--as", JONAS, "--main", "SC-1001")
    fewer = kontakt("contact", "case", contact, "--as", JONAS, "--remove", "pr-7")

    assert [each.code for each in (beside, main, fewer)] == [0, 0, 0]
    assert [
        (each.field, each.before, each.after) for each in show_contact(store, int(contact)).changes
    ] == [
        ("cases", None, "PR-7"),
        ("main_case", "SC-1042", "SC-1001"),
        ("cases", "PR-7", None),
    ]


@pytest.mark.parametrize("options", [(), ("--main", "PR-7", "--add", "SC-1001")])
def test_a_main_case_or_others_are_named(store, options):
    contact = str(saved(store))

    said = kontakt("contact", "case", contact, "--as", JONAS, *options)

    assert said.code == 2
    assert "--main" in said.err
    assert show_contact(store, int(contact)).changes == ()


@pytest.mark.rule("X6")
@pytest.mark.parametrize("recipient", ["2", "UWE@mueller.example"])
def test_a_recipient_gets_another_reception_kind(store, recipient):
    contact = str(saved(store, PETRA, UWE))

    said = kontakt("contact", "reception", contact, recipient, "bcc", "--as", JONAS)

    assert said.code == 0
    roles = [each.role for each in show_contact(store, int(contact)).correspondents]
    assert roles == ["from", "to", "bcc"]


def test_a_contact_that_was_changed_meanwhile_is_not_overwritten(store):
    number = saved(store)
    contact, seen = str(number), str(show_contact(store, number).version)
    edit_contact(store, number, ANNA, Change(text="Annas Text"), NOW)
    options = ("--as", JONAS, "--seen", seen)

    told = [
        kontakt("contact", "edit", contact, "--text", "Neu", *options),
        kontakt("contact", "status", contact, "done", *options),
        kontakt("contact", "case", contact, "--main", "PR-7", *options),
        kontakt("contact", "reception", contact, "1", "cc", *options),
    ]

    assert [each.code for each in told] == [1] * 4
    assert all(each.err.startswith("Anna Berger changed the text ") for each in told)
    assert show_contact(store, number).text == "Annas Text"


def test_an_appointment_that_was_changed_meanwhile_is_not_overwritten(store):
    number = booked(store, now=NOW)
    appointment, seen = str(number), str(show_appointment(store, number).version)
    edit(store, number, ANNA, AppointmentChange(place="Halle 3"), NOW)
    before = show_appointment(store, number)
    commands = (
        ("move", appointment, "--begin", "2030-01-08 09:00"),
        ("edit", appointment, "--text", "Neu"),
        ("alarm", appointment, "15m"),
        ("done", appointment),
        ("undone", appointment),
        ("cancel", appointment),
        ("delete", appointment),
        ("participants", appointment, "--add", ANNA),
        ("equipment", appointment),
        ("cases", appointment, "--add", "PR-7"),
        ("guests", appointment, "--add", "petra@mueller.example"),
    )

    told = [kontakt("appointment", *command, "--as", JONAS, "--seen", seen) for command in commands]

    assert [each.code for each in told] == [1] * len(commands)
    assert all(each.err.startswith("Anna Berger changed the place ") for each in told)
    assert show_appointment(store, number) == before


def test_a_todo_that_was_changed_meanwhile_is_not_overwritten(store):
    number = written(store, by=ANNA, team="Helpdesk")
    todo, seen = str(number), str(show_todo(store, number).version)
    take(store, number, JONAS, NOW)
    before = show_todo(store, number)
    commands = (
        ("edit", todo, "--text", "Neu"),
        ("done", todo),
        ("undone", todo),
        ("take", todo),
        ("give-back", todo),
        ("delegate", todo, "--team", "Sales"),
    )

    told = [kontakt("todo", *command, "--as", ANNA, "--seen", seen) for command in commands]

    assert [each.code for each in told] == [1] * len(commands)
    assert all("Jonas Weber changed who has taken it " in each.err for each in told)
    assert show_todo(store, number) == before


def test_what_is_shown_ends_with_who_changed_what_and_the_version_to_name(store):
    contact = saved(store, text="Es läuft wieder.\n" * 100)
    appointment, todo = booked(store, now=NOW), written(store)
    edit_contact(store, contact, ANNA, Change(text="Neu"), NOW)
    edit(store, appointment, ANNA, AppointmentChange(place="Halle 3"), NOW)

    said = [
        kontakt("contact", "show", str(contact)).out,
        kontakt("appointment", "show", str(appointment), "--as", JONAS).out,
        kontakt("todo", "show", str(todo), "--as", JONAS).out,
    ]

    assert "10:00 Anna Berger, text: Es läuft wieder. Es läuft wieder." in said[0]
    assert "… → Neu " in said[0]
    assert "10:00 Anna Berger, place: – → Halle 3" in said[1]
    assert "Jonas Weber, created" in said[2]
    versions = [
        show_contact(store, contact).version,
        show_appointment(store, appointment).version,
        show_todo(store, todo).version,
    ]
    for panel, version in zip(said, versions, strict=True):
        assert f"version {version} " in panel
        assert len(panel.splitlines()) < 25
