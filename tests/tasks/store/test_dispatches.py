"""Dispatches as people follow them."""

from datetime import timedelta

import pytest
from builders import NOW, account, letter, prepared, private_account, receive_letters
from outgoing_contacts import (
    ANNA,
    ANNAS,
    JONAS,
    MIA,
    PETRA,
    QUEUE,
    UWE,
    queued,
    ready,
    tried,
    written,
)
from ringers import ACCOUNT, rung, secret_follow_up, wishes

from domain.delivery import DispatchStatus
from domain.errors import UnknownRecord
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatches import list_dispatches, show_dispatch
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def viewer(store: Store, number: str | None) -> int | None:
    return employee_by_number(store, number) if number else None


@pytest.mark.rule("X5")
def test_a_dispatch_shows_its_recipients_and_all_that_happened_to_them(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE), deadline=NOW + 60 * MINUTE)
    assert decision.dispatch_id is not None
    tried(store, "refused_for_now", "accepted")
    tried(store, "accepted", now=NOW + MINUTE)

    dispatch = show_dispatch(store, decision.dispatch_id)

    line = dispatch.line
    assert (line.queue, line.employee, line.attempts) == (QUEUE, "Jonas Weber", 2)
    assert (line.status, line.due_at) == (DispatchStatus.SENT, None)
    assert dispatch.deadline == NOW + 60 * MINUTE
    assert [(who.name, attempt.outcome) for who, attempt in dispatch.history] == [
        ("Petra Müller", "refused_for_now"),
        ("Uwe Lang", "accepted"),
        ("Petra Müller", "accepted"),
    ]
    assert [each.changed_at for each in line.deliveries] == [NOW + MINUTE, NOW]


@pytest.mark.rule("X5")
def test_dispatches_are_listed_the_latest_first_by_status_and_by_contact(store):
    ready(store)
    first = queued(store)
    tried(store, "accepted")
    second, third = queued(store, now=NOW + SECOND), queued(store, now=NOW + SECOND)

    def listed(**wanted) -> list[int]:
        return [line.id for line in list_dispatches(store, **wanted)]

    assert listed() == [third.dispatch_id, second.dispatch_id, first.dispatch_id]
    assert listed(statuses=[DispatchStatus.SENT]) == [first.dispatch_id]
    assert listed(contact_id=second.contact_id) == [second.dispatch_id]
    assert listed(limit=1) == [third.dispatch_id]
    assert listed(statuses=[]) == []


@pytest.mark.rule("L9", "R4")
@pytest.mark.parametrize(
    ("number", "sees"), [(ANNA, True), (JONAS, False), (MIA, False), (None, False)]
)
def test_the_dispatch_of_a_private_contact_is_shown_to_its_readers_only(store, number, sees):
    ready(store, ANNAS)
    receive_letters(store, prepared(store, private_account()), [letter()])
    [received] = list_contacts(store, viewer(store, ANNA))
    decision = queued(store, written(creator=ANNA, answers=received.id))
    assert decision.dispatch_id is not None

    listed = [line.id for line in list_dispatches(store, viewer(store, number))]

    assert listed == ([decision.dispatch_id] if sees else [])
    if sees:
        assert show_dispatch(store, decision.dispatch_id, viewer(store, number)).line.private
    else:
        with pytest.raises(UnknownRecord, match="that you may see"):
            show_dispatch(store, decision.dispatch_id, viewer(store, number))


@pytest.mark.rule("L9", "R4")
@pytest.mark.parametrize(
    ("told", "number", "sees"),
    [
        (ANNA, ANNA, True),
        (ANNA, MIA, False),  # who takes part, and may not see the contact
        (ANNA, JONAS, False),
        (ANNA, None, False),
        (MIA, MIA, True),  # her own
        (MIA, ANNA, True),
        (MIA, JONAS, False),
    ],
)
def test_the_letter_of_an_alarm_may_name_the_contact_and_is_not_for_every_colleague(
    store, told, number, sees
):
    secret_follow_up(store, ACCOUNT)
    wishes(store, told, "e-mail")
    rung(store)

    listed = list_dispatches(store, viewer(store, number))

    assert len(listed) == sees
    [line] = list_dispatches(store, viewer(store, told))
    said = show_dispatch(store, line.id, viewer(store, told)).text
    assert ("Geheimes Angebot" in said) is (told == ANNA)
    if not sees:
        with pytest.raises(UnknownRecord, match="that you may see"):
            show_dispatch(store, line.id, viewer(store, number))


def test_the_letter_of_an_appointment_says_which_one_it_is(store):
    appointment_id = secret_follow_up(store, ACCOUNT)
    wishes(store, ANNA, "e-mail")
    rung(store)

    [line] = list_dispatches(store, viewer(store, ANNA))

    assert (line.contact_id, line.appointment_id) == (None, appointment_id)


def test_what_another_program_sent_is_listed_without_a_contact(store):
    prepared(store, account())
    note_sent_elsewhere(store, SentElsewhere("1@x.example", "SC-1042", ("a@b.example",)), NOW)

    [line] = list_dispatches(store)

    assert (line.contact_id, line.queue, line.status) == (None, None, DispatchStatus.SENT)
    assert show_dispatch(store, line.id).history == []


def test_a_dispatch_that_is_not_there_is_named(store):
    with pytest.raises(UnknownRecord, match="4711"):
        show_dispatch(store, 4711)
