"""Guests are invited, and told of changes, in the transaction that makes them."""

from datetime import timedelta

import pytest
from builders import NOW, letter, prepared, private_account, receive_letters
from calendar_events import HOUR, at, event, later, parsed, read_times
from invited import (
    LATER,
    PETRA,
    UWE,
    WEEKLY,
    booked,
    guest_rows,
    invited,
    letters,
    said,
    service,
)
from outgoing_contacts import ANNA, JONAS, MIA, ready
from sqlalchemy import select

from domain.appointments import AT_BEGIN
from domain.errors import Refused
from domain.wording import Language
from tasks.channels.e_mail import mail_of
from tasks.mail.writing import written
from tasks.settings import settings
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatches import list_dispatches, show_dispatch
from tasks.store.inbox import inbox
from tasks.store.invitations import tell_guests, tell_waiting_guests
from tasks.store.outbox import Ledger
from tasks.store.queues import enter_services
from tasks.store.rebooking import Change, cancel, delete, edit, move, set_alarm, set_done
from tasks.store.tables import teams
from tasks.store.taking_part import change_guests, change_participants

SECOND = at("2026-12-01 10:00")


def messages(store: Store, number: str) -> list[str]:
    return [each.matchcode for each in inbox(store, employee_by_number(store, number))]


@pytest.mark.rule("A1")
def test_each_guest_is_invited_by_a_letter_of_their_own(store):
    invited(store, PETRA, UWE)

    first, second = letters(store)
    [shown] = parsed(first.calendar).walk("VEVENT")
    assert said(store) == [("petra", "REQUEST", 0), ("uwe", "REQUEST", 0)]
    assert (first.whom, first.matchcode) == ("Petra Müller", "Invitation: Wartung")
    assert first.sender_address == "service@firm.example"
    assert shown["ORGANIZER"] == "mailto:service@firm.example"
    assert shown["ORGANIZER"].params["CN"] == first.sender_name == "Jonas Weber"
    assert first.message_id != second.message_id


def test_a_letter_can_be_read_without_its_calendar(store):
    invited(store)

    [letter] = letters(store)

    assert "What: Wartung" in letter.text
    assert "10:00" in letter.text
    assert "(Europe/Berlin)" in letter.text
    assert "Where: Halle 2" in letter.text
    assert "Jonas Weber (service@firm.example)" in letter.text


def test_a_letter_speaks_the_language_of_the_installation(store, monkeypatch):
    monkeypatch.setattr(settings(), "language", Language.GERMAN)

    invited(store)

    [letter] = letters(store)
    assert letter.matchcode == "Einladung: Wartung"
    assert "Wo: Halle 2" in letter.text


@pytest.mark.rule("L9")
def test_a_letter_tells_guests_nothing_of_the_house(store):
    invited(store, PETRA, participants=(MIA,), alarm=AT_BEGIN)

    [letter] = letters(store)
    told = f"{letter.matchcode} {letter.text} {letter.calendar}"
    assert not any(word in told for word in ("nur für uns", "SC-1042", "Krüger", "VALARM"))


@pytest.mark.rule("A1")
def test_a_change_that_guests_must_know_of_is_told_with_the_next_number(store):
    it = invited(store, PETRA, UWE)

    move(store, it, JONAS, later(HOUR, hours=2), None, LATER)
    edit(store, it, JONAS, Change(place="Halle 3"), LATER)

    assert said(store)[2:] == [
        ("petra", "REQUEST", 1),
        ("uwe", "REQUEST", 1),
        ("petra", "REQUEST", 2),
        ("uwe", "REQUEST", 2),
    ]
    moved = event(later(HOUR, hours=2)).first
    assert read_times(letters(store)[-1].calendar) == [(moved.begins_at, moved.ends_at)]


def test_what_is_nothing_to_guests_is_not_told(store):
    it = invited(store)

    set_alarm(store, it, JONAS, AT_BEGIN, None, LATER)
    edit(store, it, JONAS, Change(text="anders"), LATER)
    change_participants(store, it, JONAS, [MIA], [], LATER)
    set_done(store, it, JONAS, True, None, LATER)

    assert said(store) == [("petra", "REQUEST", 0)]


def test_a_new_guest_is_invited_and_the_others_are_left_alone(store):
    it = invited(store)

    change_guests(store, it, JONAS, [UWE], [], LATER)

    assert said(store) == [("petra", "REQUEST", 0), ("uwe", "REQUEST", 0)]


def test_a_guest_who_need_not_come_is_told_alone_and_can_be_invited_again(store):
    it = invited(store, PETRA, UWE)

    change_guests(store, it, JONAS, [], [PETRA.address], LATER)
    change_guests(store, it, JONAS, [PETRA], [], LATER)

    assert said(store)[2:] == [("petra", "CANCEL", 1), ("petra", "REQUEST", 2)]
    [shown] = parsed(letters(store)[2].calendar).walk("VEVENT")
    assert shown["ATTENDEE"] == "mailto:petra@mueller.example"


@pytest.mark.parametrize(
    "ending",
    [
        lambda store, it: cancel(store, it, JONAS, None, LATER),
        lambda store, it: delete(store, it, JONAS, LATER),
    ],
)
def test_all_guests_are_told_that_it_is_off(store, ending):
    it = invited(store, PETRA, UWE)

    ending(store, it)

    assert said(store)[2:] == [("petra", "CANCEL", 1), ("uwe", "CANCEL", 1)]
    assert letters(store)[2].matchcode == "Cancelled: Wartung"


def test_one_occurrence_is_called_off(store):
    it = invited(store, rule=WEEKLY)

    cancel(store, it, JONAS, SECOND, LATER)

    letter = letters(store)[-1]
    [shown] = parsed(letter.calendar).walk("VEVENT")
    assert said(store)[1:] == [("petra", "CANCEL", 1)]
    assert shown["RECURRENCE-ID"].dt.replace(tzinfo=None) == SECOND
    assert letter.matchcode == "Partly cancelled: Wartung"


def test_a_moved_series_is_read_by_guests_as_it_is(store):
    it = invited(store, rule=WEEKLY)
    cancel(store, it, JONAS, SECOND, LATER)

    move(store, it, JONAS, later(HOUR, days=1), None, LATER)

    calendar = letters(store)[-1].calendar
    expected = event(later(HOUR, days=1), WEEKLY, cancelled={1}).taking_place
    assert read_times(calendar) == [(o.period.begins_at, o.period.ends_at) for o in expected]


def test_nobody_is_invited_to_what_is_over(store):
    invited(store, now=NOW + timedelta(days=30))

    assert letters(store) == []


def test_looking_again_tells_nobody_anything(store):
    it = invited(store)

    with store.writing() as connection:
        tell_guests(connection, it, LATER)

    assert said(store) == [("petra", "REQUEST", 0)]


def test_the_same_account_writes_as_long_as_it_may(store):
    ready(store, service("zentrale"), service("buero"))
    it = booked(store)
    enter_services(store, [service("zentrale"), service("annex"), service("buero")], ["e-mail"])

    edit(store, it, JONAS, Change(place="Halle 3"), LATER)

    assert [each.queue for each in letters(store)] == ["e-mail/buero", "e-mail/buero"]


def test_an_account_of_ones_team_writes_and_nobody_elses(store):
    ready(store)
    with store.reading() as connection:
        helpdesk = connection.scalar(select(teams.c.id).where(teams.c.name == "Helpdesk"))
    annas = service("anna", employees=frozenset({employee_by_number(store, ANNA)}))
    team = service("team", teams=frozenset({helpdesk}))
    enter_services(store, [annas, team], ["e-mail"])

    booked(store)

    assert [each.queue for each in letters(store)] == ["e-mail/team"]


def test_without_an_account_it_is_booked_and_the_responsible_is_told(store):
    ready(store)
    annas = service("anna", employees=frozenset({employee_by_number(store, ANNA)}))
    enter_services(store, [annas], ["e-mail"])

    booked(store, PETRA, UWE)

    [message] = inbox(store, employee_by_number(store, JONAS))
    assert letters(store) == []
    assert message.matchcode == "Guests could not be written to: Wartung"
    assert "petra@mueller.example" in message.text
    assert "uwe@mueller.example" in message.text


def test_guests_who_waited_are_invited_once_there_is_an_account(store):
    ready(store)
    enter_services(store, [], ["e-mail"])
    booked(store)
    tell_waiting_guests(store, LATER)
    enter_services(store, [service("service")], ["e-mail"])

    for _ in range(2):
        tell_waiting_guests(store, LATER)

    assert said(store) == [("petra", "REQUEST", 0)]
    assert messages(store, JONAS) == ["Guests could not be written to: Wartung"]


CHANGES = {
    "cancelled": (lambda store, it: cancel(store, it, JONAS, None, LATER), "CANCEL"),
    "deleted": (lambda store, it: delete(store, it, JONAS, LATER), "CANCEL"),
    "one cancelled": (lambda store, it: cancel(store, it, JONAS, SECOND, LATER), "CANCEL"),
    "moved": (
        lambda store, it: move(store, it, JONAS, later(HOUR, hours=2), None, LATER),
        "REQUEST",
    ),
    "uninvited": (
        lambda store, it: change_guests(store, it, JONAS, [], [PETRA.address], LATER),
        "CANCEL",
    ),
}


@pytest.mark.rule("A1")
@pytest.mark.parametrize(("change", "method"), CHANGES.values(), ids=CHANGES)
def test_what_changed_while_no_account_could_send_is_told_once_there_is_one(store, change, method):
    it = invited(store, rule=WEEKLY)
    enter_services(store, [], ["e-mail"])
    change(store, it)
    tell_waiting_guests(store, LATER)
    enter_services(store, [service("service")], ["e-mail"])

    for _ in range(2):
        tell_waiting_guests(store, LATER)

    assert said(store)[1:] == [("petra", method, 1)]


@pytest.mark.rule("A1")
def test_a_guest_who_waited_is_told_by_the_next_change_what_it_is_by_now(store):
    it = invited(store)
    enter_services(store, [], ["e-mail"])
    move(store, it, JONAS, later(HOUR, hours=2), None, LATER)
    enter_services(store, [service("service")], ["e-mail"])

    edit(store, it, JONAS, Change(place="Halle 3"), LATER)
    tell_waiting_guests(store, LATER)

    now_there = later(HOUR, hours=2)
    assert said(store)[1:] == [("petra", "REQUEST", 1)]
    assert read_times(letters(store)[1].calendar) == [(now_there.begins_at, now_there.ends_at)]
    assert "Halle 3" in letters(store)[1].text


@pytest.mark.parametrize(
    ("back", "when"), [(True, LATER), (False, LATER + timedelta(days=30))], ids=["back", "over"]
)
def test_a_guest_is_not_told_any_more_what_is_as_before_or_over(store, back, when):
    it = invited(store)
    enter_services(store, [], ["e-mail"])
    move(store, it, JONAS, later(HOUR, hours=2), None, LATER)
    if back:
        move(store, it, JONAS, HOUR, None, LATER)
    enter_services(store, [service("service")], ["e-mail"])

    tell_waiting_guests(store, when)

    assert said(store) == [("petra", "REQUEST", 0)]
    assert [guest.letter_due for guest in guest_rows(store)] == [False]


@pytest.mark.rule("A1")
def test_of_a_series_that_is_cancelled_guests_are_told_what_is_still_to_come(store):
    it = invited(store, rule=WEEKLY)

    cancel(store, it, JONAS, None, NOW + timedelta(days=2))

    letter = letters(store)[-1]
    shown = parsed(letter.calendar).walk("VEVENT")
    named = [each["RECURRENCE-ID"].dt.replace(tzinfo=None) for each in shown]
    assert letter.matchcode == "Cancelled: Wartung"
    assert named == [SECOND, SECOND + timedelta(days=7)]
    assert "others" not in letter.text


def test_a_refused_change_tells_nobody(store):
    it = invited(store)
    before = guest_rows(store)

    with pytest.raises(Refused):
        edit(store, it, JONAS, Change(place="Halle 3", matchcode=" "), LATER)

    assert guest_rows(store) == before

    assert len(letters(store)) == 1


def test_a_letter_is_a_parcel_with_its_calendar(store):
    invited(store)

    [parcel] = Ledger(store, "worker").claim("e-mail/service", 1, NOW)

    assert parcel.contact_id is None
    assert parcel.calendar == letters(store)[0].calendar
    assert (parcel.has_files, parcel.private) == (False, False)
    assert b"Content-Type: text/calendar; method=REQUEST" in written(mail_of(parcel, ()))


def test_a_letter_is_followed_like_every_dispatch(store):
    invited(store)

    [line] = list_dispatches(store)

    assert (line.contact_id, line.matchcode, line.private) == (None, "Invitation: Wartung", False)
    assert line.employee == "Jonas Weber"
    assert "Wartung" in show_dispatch(store, line.id).text


@pytest.mark.rule("L9", "R4")
@pytest.mark.parametrize(
    ("number", "sees"), [(ANNA, True), (MIA, True), (JONAS, False), (None, False)]
)
def test_a_letter_of_a_private_contacts_follow_up_is_shown_to_its_people_only(store, number, sees):
    ready(store)
    receive_letters(store, prepared(store, private_account()), [letter()])
    [contact] = list_contacts(store, employee_by_number(store, ANNA))
    follow_up = {"contact_id": contact.id, "cases": (), "participants": (MIA,)}
    booked(store, employee=ANNA, responsible=ANNA, **follow_up)

    listed = list_dispatches(store, employee_by_number(store, number) if number else None)

    [parcel] = Ledger(store, "worker").claim("e-mail/service", 1, NOW)
    assert [line.private for line in listed] == ([True] if sees else [])
    assert parcel.private
