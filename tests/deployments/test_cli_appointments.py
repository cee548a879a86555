"""Booking and changing appointments on the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from appointments import ANNA, JONAS, LEFT, MIA, NOBODY, PROJECTOR, ROOM, armed, by_message, peopled
from command_line import Said, kontakt, sending_store
from outgoing_contacts import GUEST, saved
from sqlalchemy import insert

from domain.appointments import Priority
from domain.directory import Directory, Employee
from tasks.store.appointments import AppointmentDetails, show_appointment
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.tables import guest_answers

MONDAY = "2035-11-26"  # nine in Berlin is eight in UTC
ABROAD = "1007"


@pytest.fixture(autouse=True)
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees, with everybody and all equipment in it."""
    ready = sending_store(sqlite_template)
    peopled(ready)
    abroad = Employee(
        number=ABROAD, name="Zoe Abroad", zone="America/New_York", permissions=("crm.contacts",)
    )
    apply_directory(ready, Directory(employee=(abroad,)))
    return ready


def new(*more: str, employee: str = JONAS, begin: str = f"{MONDAY} 09:00") -> Said:
    """Book an appointment."""
    usual = ("--as", employee, "--matchcode", "Fehler E17", "--begin", begin)
    return kontakt("appointment", "new", *usual, *more)


def booked(*more: str, employee: str = JONAS, begin: str = f"{MONDAY} 09:00") -> str:
    """Book an appointment, against which nothing must stand; gives its number."""
    said = new(*more, employee=employee, begin=begin)
    assert said.code == 0, said.err
    found = re.match(r"Appointment (\d+) is booked", said.out)
    assert found
    return found[1]


def changed(command: str, number: str, *more: str, employee: str = JONAS) -> Said:
    """Change an appointment, against which nothing must stand."""
    said = kontakt("appointment", command, number, *more, "--as", employee)
    assert said.code == 0, said.err
    return said


def details(store: Store, number: str) -> AppointmentDetails:
    return show_appointment(store, int(number), 1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.rule("A1")
def test_an_appointment_is_booked_with_all_that_belongs_to_it(store):
    who = ("--with", MIA, "--guest", "Petra Müller <petra@mueller.example>", "--equipment", ROOM)
    what = ("--case", "sc-1042", "--priority", "high", "--place", "Halle 2", "--text", "Leiter!")

    number = booked("--end", "10:30", "--alarm", "15m", *who, *what)

    this = details(store, number)
    assert this.responsible.number == JONAS
    assert [each.number for each in this.participants] == [MIA]
    assert [each.guest.address for each in this.guests] == ["petra@mueller.example"]
    assert [each.number for each in this.equipment] == [ROOM]
    assert [each.number for each in this.cases] == ["SC-1042"]
    assert (this.priority, this.place, this.text) == (Priority.HIGH, "Halle 2", "Leiter!")
    assert (this.period.begins, this.period.ends) == (
        wall(f"{MONDAY} 09:00"),
        wall(f"{MONDAY} 10:30"),
    )


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ((), "2035-11-26 10:00"),
        (("--minutes", "90"), "2035-11-26 10:30"),
        (("--end", "12:00"), "2035-11-26 12:00"),
        (("--end", "27.11.2035 08:00"), "2035-11-27 08:00"),
        (("--all-day",), "2035-11-27 00:00"),
        (("--all-day", "--end", "2035-11-28"), "2035-11-29 00:00"),
    ],
)
def test_the_end_is_said_or_the_length_or_the_last_day(store, more, ends):
    assert details(store, booked(*more)).period.ends == wall(ends)


@pytest.mark.parametrize(
    ("more", "begins_at"),
    [
        ((), datetime(2035, 11, 26, 14, tzinfo=UTC)),
        (("--zone", "Europe/Berlin"), datetime(2035, 11, 26, 8, tzinfo=UTC)),
    ],
)
def test_times_are_by_ones_own_clocks_unless_a_zone_is_named(store, more, begins_at):
    number = booked(*more, employee=ABROAD)

    assert details(store, number).period.begins_at == begins_at


@pytest.mark.rule("A1")
def test_conflicts_are_told_and_forbid_nothing(store):
    first = booked("--equipment", ROOM)

    said = new("--equipment", ROOM, begin=f"{MONDAY} 09:30")

    assert said.code == 0
    for what in ("Jonas Weber", "Besprechungsraum"):
        when = "Mon 26 Nov 2035 09:00–10:00"
        assert f"Conflict: {what}, {when}: Fehler E17 (appointment {first})" in said.out


def test_a_dry_run_shows_when_it_would_be_and_saves_nothing(store):
    booked()

    said = new("--dry-run", "--rule", "FREQ=WEEKLY;COUNT=3")

    for day in ("26 Nov", "03 Dec", "10 Dec"):
        assert f"{day} 2035 09:00–10:00" in said.out
    assert "Conflict: Jonas Weber" in said.out
    assert "Nothing is saved." in said.out
    assert kontakt("appointment", "show", "2", "--as", JONAS).code == 2


@pytest.mark.rule("A1")
def test_a_refusal_says_everything_that_stands_against_it(store):
    wrong = ("--end", f"{MONDAY} 08:00", "--with", LEFT, "--with", NOBODY, "--equipment", PROJECTOR)

    said = new(*wrong, "--rule", "FREQ=DAILY", "--case", "SC-4711", "--guest", "nobody")

    assert said.code == 1
    assert len(said.err.splitlines()) == 7
    for told in ("before it begins", "Otto Lange", NOBODY, "Beamer", "never ends", "SC-4711"):
        assert told in said.err
    assert kontakt("appointment", "list", "--as", JONAS, "--all").out.count("Fehler") == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--end", "10:00", "--minutes", "5"), "either --end or --minutes"),
        (("--end", "later"), "later is no time: write it as 2026-11-24 09:00"),
        (("--alarm", "loud"), "loud is no alarm time: write it as begin, none, 15m"),
    ],
)
def test_what_cannot_be_read_is_one_line(store, more, told):
    said = new(*more)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert told in said.err


def test_an_unknown_zone_is_refused_with_the_rest(store):
    said = new("--zone", "Europe/Bärlin", "--with", NOBODY)

    assert said.code == 1
    assert "There is no time zone Europe/Bärlin" in said.err
    assert NOBODY in said.err


@pytest.mark.rule("A7")
def test_an_appointment_is_shown_with_everybody_and_everything(store):
    number = booked("--with", MIA, "--equipment", ROOM, "--case", "SC-1042", "--alarm", "2h")

    said = kontakt("appointment", "show", number, "--as", ABROAD)

    for told in (
        f"{number}: Fehler E17",
        "Monday, 26 November 2035, 03:00–04:00",
        "2 h before: 2035-11-26 01:00",
        "responsible: Jonas Weber (1002)",
        "with: Mia Krüger (1003)",
        "equipment: Besprechungsraum (R-1)",
        "cases: SC-1042 Fehler E17",
    ):
        assert told in said.out


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("when", "due_at"),
    [
        ((), datetime(2035, 11, 26, 8, tzinfo=UTC)),
        (("1d",), datetime(2035, 11, 25, 8, tzinfo=UTC)),
        (("08:30",), datetime(2035, 11, 26, 7, 30, tzinfo=UTC)),
        (("none",), None),
    ],
)
def test_an_alarm_is_set_to_the_begin_to_any_other_time_or_cleared(store, when, due_at):
    number = booked("--alarm", "1h")

    changed("alarm", number, *when)

    assert armed(store, int(number)) == (by_message(due_at, JONAS) if due_at else set())


@pytest.mark.rule("A5")
def test_moving_an_appointment_keeps_its_length_and_moves_its_alarm(store):
    number = booked("--minutes", "45", "--alarm", "begin")

    changed("move", number, "--begin", f"{MONDAY} 15:00")

    assert details(store, number).period.ends == wall(f"{MONDAY} 15:45")
    assert armed(store) == by_message(datetime(2035, 11, 26, 14, tzinfo=UTC), JONAS)


def test_who_moves_it_abroad_reads_their_own_clocks_and_leaves_its_zone(store):
    number = booked("--with", ABROAD)

    changed("move", number, "--begin", f"{MONDAY} 05:00", employee=ABROAD)

    period = details(store, number).period
    assert (period.begins, period.zone) == (wall(f"{MONDAY} 11:00"), "Europe/Berlin")


@pytest.mark.parametrize(
    ("more", "begins", "ends"),
    [
        (("--minutes", "20"), "2035-11-26 09:00", "2035-11-26 09:20"),
        (("--end", "11:00"), "2035-11-26 09:00", "2035-11-26 11:00"),
        (("--begin", "2035-11-27 09:00", "--end", "9:30"), "2035-11-27 09:00", "2035-11-27 09:30"),
    ],
)
def test_an_appointment_is_shortened_or_lengthened(store, more, begins, ends):
    number = booked()

    changed("move", number, *more)

    period = details(store, number).period
    assert (period.begins, period.ends) == (wall(begins), wall(ends))


@pytest.mark.parametrize(
    ("more", "begins", "ends"),
    [
        (("--begin", "2035-12-03"), "2035-12-03", "2035-12-05"),
        (("--end", "2035-11-30"), "2035-11-26", "2035-12-01"),
    ],
)
def test_whole_days_are_moved_by_days(store, more, begins, ends):
    number = booked("--all-day", "--end", "2035-11-27")

    changed("move", number, *more)

    period = details(store, number).period
    assert (period.begins, period.ends) == (wall(begins), wall(ends))


def test_one_of_a_series_is_named_by_the_begin_that_it_has_now(store):
    number = booked("--rule", "FREQ=WEEKLY;COUNT=3")
    second = ("--occurrence", "2035-12-03 09:00")
    changed("move", number, "--begin", "2035-12-03 14:00", *second)

    changed("done", number, "--occurrence", "2035-12-03 14:00")
    changed("cancel", number, "--occurrence", "2035-12-10 09:00")

    shown = kontakt("appointment", "show", number, "--as", JONAS).out
    assert "Mon 03 Dec 2035 14:00–15:00" in shown
    assert "moved from 2035-12-03 09:00, done" in shown
    assert [each.done for each in details(store, number).occurrences] == [False, True, False]
    assert [each.cancelled for each in details(store, number).occurrences] == [False, False, True]


def test_an_occurrence_that_is_not_there_is_refused(store):
    number = booked("--rule", "FREQ=WEEKLY;COUNT=3")

    said = kontakt("appointment", "done", number, "--as", JONAS, "--occurrence", "2035-12-04 09:00")

    assert said.code == 1
    assert "no occurrence that begins at 2035-12-04" in said.err


@pytest.mark.rule("T5")
def test_done_can_be_undone(store):
    number = booked("--alarm", "begin")

    changed("done", number)
    silent = armed(store)
    changed("undone", number)

    assert silent == set()
    assert armed(store) == by_message(datetime(2035, 11, 26, 8, tzinfo=UTC), JONAS)


@pytest.mark.rule("A7")
def test_participants_equipment_cases_and_guests_are_added_and_removed(store):
    number = booked("--with", MIA, "--alarm", "begin")

    changed("participants", number, "--add", ANNA, "--remove", MIA)
    changed("equipment", number, "--add", ROOM)
    changed("cases", number, "--add", "SC-1042")
    changed("guests", number, "--add", "Petra <petra@mueller.example>")

    this = details(store, number)
    assert [each.number for each in this.participants] == [ANNA]
    assert [each.number for each in this.equipment] == [ROOM]
    assert [each.number for each in this.cases] == ["SC-1042"]
    assert [each.guest.name for each in this.guests] == ["Petra"]
    assert {who for who, _, _ in armed(store)} == {ANNA, JONAS}


def test_what_an_appointment_says_is_changed(store):
    number = booked("--text", "Leiter!")

    changed("edit", number, "--matchcode", "Fehler E18", "--priority", "low")

    this = details(store, number)
    assert (this.matchcode, this.text, this.priority) == ("Fehler E18", "Leiter!", Priority.LOW)


def test_an_answer_from_before_it_was_moved_is_shown_as_that(store):
    number = booked("--guest", "Petra Müller <petra@mueller.example>")
    answer = {"recurrence": "", "answer": "accepted", "sequence": 0, "answered_at": store.now()}
    guest_id = details(store, number).guests[0].id
    noting = insert(guest_answers).values(guest_id=guest_id, **answer)
    store.write(lambda connection: connection.execute(noting))

    before = kontakt("appointment", "show", number, "--as", JONAS).out
    changed("move", number, "--begin", f"{MONDAY} 10:00")
    after = kontakt("appointment", "show", number, "--as", JONAS).out

    assert "(accepted)" in before
    assert "(no answer yet, before it was moved: accepted)" in " ".join(
        after.replace("│", "").split()
    )


def test_a_cancelled_appointment_stays_to_be_seen_and_a_deleted_one_does_not(store):
    cancelled, deleted = booked(), booked()

    changed("cancel", cancelled)
    changed("delete", deleted)

    shown = kontakt("appointment", "show", cancelled, "--as", JONAS)
    assert "(cancelled)" in shown.out
    assert kontakt("appointment", "show", deleted, "--as", JONAS).code == 2


@pytest.mark.parametrize(
    "command",
    ["move", "edit", "alarm", "done", "undone", "cancel", "delete", "participants", "equipment"],
)
def test_who_may_not_change_it_is_told_why(store, command):
    number = booked("--alarm", "begin")

    said = kontakt("appointment", command, number, "--as", GUEST)

    assert said.code == 1
    assert len(said.err.splitlines()) == 2
    assert armed(store) == by_message(datetime(2035, 11, 26, 8, tzinfo=UTC), JONAS)


@pytest.mark.rule("A2")
def test_a_contact_shows_its_follow_ups(store):
    contact = str(saved(store))
    number = booked("--contact", contact)

    shown = kontakt("contact", "show", contact, "--as", JONAS)
    listed = kontakt("appointment", "list", "--contact", contact, "--as", MIA)

    assert "Follow-ups" in shown.out
    assert "Mon 26 Nov 2035 09:00–10:00" in shown.out
    assert f" {number} " in listed.out
    assert (
        f"follow-up of contact: {contact} Ihr Gerät"
        in kontakt("appointment", "show", number, "--as", JONAS).out
    )


@pytest.mark.parametrize(
    ("more", "listed"),
    [((), "Eigener"), (("--case", "SC-1042"), "Fehler E17"), (("--all",), "Fehler E17")],
)
def test_a_list_is_of_ones_own_of_a_case_or_of_all(store, more, listed):
    booked("--case", "SC-1042")
    new("--matchcode", "Eigener", employee=MIA)

    said = kontakt("appointment", "list", "--as", MIA, *more)

    assert listed in said.out
    assert ("Fehler E17" in said.out) is bool(more)


def test_nothing_in_a_text_is_obeyed_by_a_terminal(store):
    number = booked("--text", "[bold]x[/bold]\u202eno")

    said = kontakt("appointment", "show", number, "--as", JONAS)

    assert "[bold]x[/bold]" in said.out
    assert "\u202e" not in said.out
