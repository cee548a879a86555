"""One's own alarms on the command line, and how one wants to be informed."""

from datetime import timedelta
from pathlib import Path

import pytest
from appointments import ANNA, JONAS, MIA, at, booked, peopled
from command_line import kontakt, sending_store
from ringers import BEGIN, TERMS, secret_follow_up

from domain.alarms import E_MAIL, PUSH, USUAL, Preferences
from domain.zones import wall
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.ringing import ring_due
from tasks.store.taking_part import change_participants
from tasks.store.wishes import wishes_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees, with everybody in it."""
    ready = sending_store(sqlite_template)
    peopled(ready)
    return ready


@pytest.fixture
def rung(store: Store) -> Store:
    """A store in which an appointment's alarm rang a minute late, for Jonas (1) and Mia (2)."""
    now = store.now()
    begins = wall(now - MINUTE, "Europe/Berlin")
    booked(store, period=at(begins), now=now - 60 * MINUTE)
    ring_due(store, now, 100, TERMS)
    return store


def wishes(store: Store, employee: str) -> Preferences:
    who = employee_by_number(store, employee)
    with store.reading() as connection:
        return wishes_of(connection, [who])[who]


@pytest.mark.rule("A6")
def test_an_alarm_that_rang_is_listed_with_how_late_it_was(rung):
    said = kontakt("alarm", "list", "--as", JONAS)

    [line] = [line for line in said.out.splitlines() if "Halle 2" in line]
    assert "60 s late; not acknowledged" in line


def test_an_alarm_that_is_armed_is_listed_by_ones_own_clocks(store):
    begins = wall(store.now() + 600 * MINUTE, "Europe/Berlin")
    booked(store, period=at(begins), now=store.now())

    said = kontakt("alarm", "list", "--as", MIA)

    assert f"{begins:%Y-%m-%d %H:%M:%S}" in said.out.partition("Armed")[2]


@pytest.mark.rule("L9")
def test_who_takes_part_no_more_reads_that_the_alarm_was_of_something_private(store):
    appointment_id = secret_follow_up(store)
    ring_due(store, BEGIN, 100, TERMS)
    change_participants(store, appointment_id, ANNA, (), (MIA,), BEGIN)

    said = kontakt("alarm", "list", "--as", MIA)

    assert "Rückruf" not in said.out
    assert "(private)" in said.out


def test_an_acknowledged_alarm_waits_for_nobody(rung):
    said = kontakt("alarm", "acknowledge", "1", "--as", JONAS)

    waiting = kontakt("alarm", "list", "--as", JONAS, "--unacknowledged")
    assert (said.code, said.out) == (0, "Alarm 1 is acknowledged.\n")
    assert "Halle 2" not in waiting.out
    assert "acknowledged" in kontakt("alarm", "list", "--as", JONAS).out


def test_a_snoozed_alarm_is_armed_again(rung):
    said = kontakt("alarm", "snooze", "1", "--as", JONAS, "--minutes", "30")

    listed = kontakt("alarm", "list", "--as", JONAS).out
    assert said.out == "Alarm 1 rings again in 30 min.\n"
    assert "rings again" in listed.partition("Armed")[0]
    assert "again: snooze" in listed.partition("Armed")[2]


@pytest.mark.parametrize("command", ["acknowledge", "snooze"])
def test_the_alarm_of_somebody_else_is_none_of_ones_own(rung, command):
    said = kontakt("alarm", command, "1", "--as", ANNA)

    assert (said.code, said.err) == (2, "kontakt: there is no alarm 1 of yours\n")


@pytest.mark.parametrize(
    ("more", "becomes"),
    [
        ((), USUAL),
        (("--channel", "e-mail", "--channel", "push"), Preferences(frozenset({E_MAIL, PUSH}))),
        (
            ("--escalate-after", "10", "--escalate-to", "push"),
            Preferences(escalate_after=10 * MINUTE, escalate_to=PUSH),
        ),
    ],
)
def test_how_one_is_informed_is_changed_and_shown(store, more, becomes):
    said = kontakt("alarm", "wishes", "--as", JONAS, *more)

    assert said.code == 0, said.err
    assert wishes(store, JONAS) == becomes
    assert said.out.startswith("You are informed by message")


def test_what_is_not_said_of_wishes_stays_as_it_is(store):
    every = ("--channel", "push", "--escalate-after", "10", "--escalate-to", "e-mail")
    kontakt("alarm", "wishes", "--as", JONAS, *every)

    longer = kontakt("alarm", "wishes", "--as", JONAS, "--escalate-after", "15")
    never = kontakt("alarm", "wishes", "--as", JONAS, "--escalate-after", "0")
    least = kontakt("alarm", "wishes", "--as", JONAS, "--messages-only")

    acknowledging = "without acknowledgement after 15 min by e-mail too."
    assert longer.out == f"You are informed by message, push; {acknowledging}\n"
    assert never.out == "You are informed by message, push.\n"
    assert least.out == "You are informed by message.\n"


def test_half_an_escalation_is_refused(store):
    said = kontakt("alarm", "wishes", "--as", JONAS, "--escalate-to", "push")

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "go together" in said.err
    assert wishes(store, JONAS) == USUAL
