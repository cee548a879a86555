"""Guests' answers arrive by mail, and only their own count."""

import pytest
from builders import account, prepared, private_account, receive_letters, rows
from calendar_events import HOUR, at, later
from invited import LATER, PETRA, UWE, WEEKLY, invited, uid_of
from outgoing_contacts import ANNA, JONAS
from sqlalchemy import select

from domain.arrivals import Counts
from domain.mail import Participation
from tasks.store.appointments import show_appointment
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.inbox import inbox
from tasks.store.queues import enter_services
from tasks.store.rebooking import Change, cancel, delete, edit, move
from tasks.store.tables import appointment_guests, guest_answers
from tasks.store.taking_part import change_guests

SECOND = at("2026-12-01 10:00")


def answer(uid: str, said: str = "ACCEPTED", number: int = 1, **changes: str) -> bytes:
    """Write the mail by which a guest's calendar answers."""
    usual = {
        "from": "petra@mueller.example",
        "guest": "petra@mueller.example",
        "sequence": "0",
        "stamp": "20261123T083000Z",
        "method": "REPLY",
        "more": "",
    }
    values = {**usual, **{name.rstrip("_"): value for name, value in changes.items()}}
    calendar = (
        f"BEGIN:VCALENDAR\nMETHOD:{values['method']}\nBEGIN:VEVENT\nUID:{uid}\n"
        f"SEQUENCE:{values['sequence']}\nDTSTAMP:{values['stamp']}\n{values['more']}"
        f"ATTENDEE;PARTSTAT={said}:mailto:{values['guest']}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return (
        f"From: {values['from']}\nTo: service@firm.example\nSubject: {said}: Wartung\n"
        f"Message-ID: <{number}@mueller.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b1"\n\n'
        "--b1\nContent-Type: text/plain\n\nMeine Antwort\n"
        f"--b1\nContent-Type: text/calendar; method={values['method']}; charset=utf-8\n\n"
        f"{calendar}--b1--\n"
    ).encode()


def noted(store: Store) -> dict[tuple[str, str], str]:
    """Give the answers that are kept, by the guest and the occurrence."""
    query = select(guest_answers, appointment_guests.c.address)
    query = query.join(appointment_guests, appointment_guests.c.id == guest_answers.c.guest_id)
    with store.reading() as connection:
        found = connection.execute(query).all()
    return {(row.address.partition("@")[0], row.recurrence): row.answer for row in found}


def messages(store: Store) -> list[str]:
    """Give what Jonas was told, the first one first."""
    told = inbox(store, employee_by_number(store, JONAS))
    return [each.matchcode for each in reversed(told)]


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("said", "expected", "words"),
    [
        ("ACCEPTED", Participation.ACCEPTED, "Petra Müller accepts: Wartung"),
        ("DECLINED", Participation.DECLINED, "Petra Müller declines: Wartung"),
        ("TENTATIVE", Participation.TENTATIVE, "Petra Müller accepts tentatively: Wartung"),
        ("DELEGATED", Participation.DELEGATED, "Petra Müller sends somebody else: Wartung"),
    ],
)
def test_an_answer_is_a_contact_is_noted_and_is_told(store, said, expected, words):
    uid = uid_of(store, invited(store, PETRA, UWE))

    counts = receive_letters(store, prepared(store, account()), [answer(uid, said)])

    assert counts == Counts(imported=1)
    assert noted(store) == {("petra", ""): expected}
    assert messages(store) == [words]


@pytest.mark.parametrize(
    "changes",
    [
        {"from_": "eve@evil.example"},
        {"guest": "uwe@mueller.example"},
        {"from_": "eve@evil.example", "guest": "eve@evil.example"},
        {"more": "RECURRENCE-ID:20290101T090000Z\n"},
        {"more": "RECURRENCE-ID:garbage\n"},
        {"more": "RECURRENCE-ID:00010101T000000Z\n"},
        {"more": "RECURRENCE-ID;TZID=Asia/Tokyo:00010101T000000\n"},
        {"more": "RECURRENCE-ID;TZID=America/New_York:99991231T235959\n"},
        {"method": "REQUEST"},
    ],
)
def test_what_is_not_the_guests_own_answer_is_a_contact_and_nothing_else(store, changes):
    uid = uid_of(store, invited(store, PETRA, UWE))

    counts = receive_letters(store, prepared(store, account()), [answer(uid, **changes)])

    assert counts == Counts(imported=1)
    assert noted(store) == {}
    assert messages(store) == []


def test_an_answer_to_what_nobody_here_booked_is_a_contact_and_nothing_else(store):
    invited(store)

    receive_letters(store, prepared(store, account()), [answer("1@elsewhere.example")])

    assert (noted(store), len(list_contacts(store))) == ({}, 1)


@pytest.mark.parametrize(
    "ending",
    [
        lambda store, it: delete(store, it, JONAS, LATER),
        lambda store, it: change_guests(store, it, JONAS, [], [PETRA.address], LATER),
    ],
)
def test_who_is_not_invited_any_more_does_not_answer(store, ending):
    it = invited(store, PETRA, UWE)
    uid = uid_of(store, it)
    ending(store, it)

    receive_letters(store, prepared(store, account()), [answer(uid)])

    assert noted(store) == {}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({}, {"stamp": "20261123T084000Z"}, "declined"),
        ({"stamp": "20261123T084000Z"}, {}, "accepted"),
        ({"sequence": "1"}, {"stamp": "20261123T084000Z"}, "accepted"),
        ({"sequence": "1", "stamp": "20261123T084000Z"}, {"sequence": "1"}, "accepted"),
        ({"sequence": "999"}, {"sequence": "1", "stamp": "20261123T084000Z"}, "declined"),
        ({"stamp": "20990101T000000Z"}, {"stamp": "20990101T000000Z"}, "declined"),
        ({"stamp": "garbage"}, {"stamp": "garbage"}, "declined"),
    ],
)
def test_the_latest_answer_counts(store, earlier, later, expected):
    it = invited(store)
    uid, box = uid_of(store, it), prepared(store, account())
    edit(store, it, JONAS, Change(place="Halle 3"), LATER)

    receive_letters(store, box, [answer(uid, "ACCEPTED", 1, **earlier)])
    receive_letters(store, box, [answer(uid, "DECLINED", 2, **later)], first_uid=2)

    assert noted(store) == {("petra", ""): expected}


def shown(store: Store, appointment_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Give what the only guest answered to it as it is, and to what it was before."""
    [invited] = show_appointment(store, appointment_id).guests
    return dict(invited.answers), dict(invited.outdated)


@pytest.mark.rule("A1")
@pytest.mark.parametrize("account_sends", [True, False])
def test_an_answer_to_another_time_is_none_to_the_time_that_it_has_now(store, account_sends):
    it = invited(store)
    if not account_sends:
        enter_services(store, [], ["e-mail"])
    move(store, it, JONAS, later(HOUR, days=9), None, LATER)

    receive_letters(store, prepared(store, account()), [answer(uid_of(store, it))])

    assert shown(store, it) == ({}, {"": "accepted"})
    assert "Petra Müller accepts (before it was moved): Wartung" in messages(store)


@pytest.mark.rule("A1")
def test_who_answered_before_it_was_moved_answers_anew(store):
    it = invited(store)
    uid, box = uid_of(store, it), prepared(store, account())
    receive_letters(store, box, [answer(uid)])
    move(store, it, JONAS, later(HOUR, days=9), None, LATER)
    before = shown(store, it)

    new = answer(uid, "DECLINED", 2, sequence="1", stamp="20261123T090000Z")
    receive_letters(store, box, [new], first_uid=2)

    assert before == ({}, {"": "accepted"})
    assert shown(store, it) == ({"": "declined"}, {})
    assert messages(store)[-1] == "Petra Müller declines: Wartung"


@pytest.mark.parametrize(
    "change",
    [
        lambda store, it: edit(store, it, JONAS, Change(place="Halle 3"), LATER),
        lambda store, it: cancel(store, it, JONAS, SECOND, LATER),
        lambda store, it: change_guests(store, it, JONAS, [UWE], [UWE.address], LATER),
    ],
)
def test_an_answer_holds_as_long_as_the_times_stay(store, change):
    it = invited(store, rule=WEEKLY)
    receive_letters(store, prepared(store, account()), [answer(uid_of(store, it))])

    change(store, it)

    petra = show_appointment(store, it).guests[0]
    assert (petra.answers, petra.outdated) == ({"": "accepted"}, {})


@pytest.mark.rule("A1")
def test_who_is_invited_again_is_asked_again(store):
    it = invited(store)
    receive_letters(store, prepared(store, account()), [answer(uid_of(store, it))])

    change_guests(store, it, JONAS, [], [PETRA.address], LATER)
    change_guests(store, it, JONAS, [PETRA], [], LATER)

    assert shown(store, it) == ({}, {"": "accepted"})


def test_one_occurrence_is_answered_for_itself(store):
    uid = uid_of(store, invited(store, rule=WEEKLY))
    one = {"more": "RECURRENCE-ID:20261201T090000Z\n"}

    answers = [answer(uid, number=1), answer(uid, "DECLINED", 2, **one)]
    receive_letters(store, prepared(store, account()), answers)

    assert noted(store) == {
        ("petra", ""): "accepted",
        ("petra", SECOND.isoformat()): "declined",
    }


def test_a_proposal_is_told_and_not_noted(store):
    uid = uid_of(store, invited(store))

    receive_letters(store, prepared(store, account()), [answer(uid, method="COUNTER")])

    assert noted(store) == {}
    assert messages(store) == ["Petra Müller proposes a change: Wartung"]


def test_the_same_answer_from_two_accounts_is_told_once(store):
    uid = uid_of(store, invited(store))
    first, second = prepared(store, account()), prepared(store, account(name="second"))

    for box in (first, second):
        receive_letters(store, box, [answer(uid)])

    assert messages(store) == ["Petra Müller accepts: Wartung"]
    assert rows(store, guest_answers) == 1


@pytest.mark.rule("L9")
def test_the_contact_of_a_private_answer_is_not_shown_to_the_responsible(store):
    uid = uid_of(store, invited(store))

    receive_letters(store, prepared(store, private_account()), [answer(uid)])

    [message] = inbox(store, employee_by_number(store, JONAS))
    assert message.contact_id is None
    assert noted(store) == {("petra", ""): "accepted"}


@pytest.mark.rule("L9")
@pytest.mark.parametrize(("responsible", "sees"), [(ANNA, True), (JONAS, False)])
def test_what_is_said_in_a_private_answer_is_for_its_readers_only(store, responsible, sees):
    it = invited(store, employee=responsible, responsible=responsible)
    private = answer(uid_of(store, it), more="COMMENT:Nur für Anna\n")

    receive_letters(store, prepared(store, private_account()), [private])

    [message] = inbox(store, employee_by_number(store, responsible))
    assert message.matchcode == "Petra Müller accepts: Wartung"
    assert ("Nur für Anna" in message.text) is sees
    assert (message.contact_id is not None) is sees


@pytest.mark.rule("L9")
def test_a_reader_of_another_account_of_the_same_address_does_not_read_a_private_answer(store):
    it = invited(store)
    prepared(store, private_account(name="other", employees=("1002",)))
    private = answer(uid_of(store, it), more="COMMENT:Nur für Anna\n")

    receive_letters(store, prepared(store, private_account()), [private])

    [message] = inbox(store, employee_by_number(store, JONAS))
    assert "Nur für Anna" not in message.text


def test_a_hostile_calendar_does_not_hinder_the_mail(store):
    uid = uid_of(store, invited(store))
    flood = "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.example\n" * 1_200

    hostile = [
        answer(uid, number=1, more=flood),
        answer(uid, number=2, more="BEGIN:VEVENT\n" * 4_000),
        answer(uid, number=3, more="X" * 400_000),
        answer("\0" * 2_000, number=4),
    ]
    counts = receive_letters(store, prepared(store, account()), hostile)

    assert counts == Counts(imported=4)
