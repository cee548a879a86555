"""A chunk of messages becomes contacts in one transaction."""

import pytest
from builders import account, letter, prepared, private_account, receive_letters

from domain.arrivals import Counts
from domain.matching import Verdict
from tasks.store.accounts import enter_account
from tasks.store.contacts import list_contacts, show_contact


@pytest.mark.rule("R1")
def test_each_message_is_one_contact(store):
    box = prepared(store, account())

    counts = receive_letters(
        store, box, [letter(message_id="<1@x.example>"), letter(message_id="<2@x.example>")]
    )

    assert counts == Counts(imported=2)
    assert len(list_contacts(store)) == 2


@pytest.mark.rule("R1")
def test_a_chunk_that_is_received_twice_is_there_once(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter()])

    again = receive_letters(store, box, [letter()])

    assert again == Counts()
    assert len(list_contacts(store)) == 1


@pytest.mark.rule("R2")
def test_sender_recipient_and_case_are_found_and_the_reason_is_kept(store):
    box = prepared(store, account())

    receive_letters(store, box, [letter(subject="Frage zu SC-1042")])

    [line] = list_contacts(store)
    contact = show_contact(store, line.id)
    sender, recipient = contact.correspondents
    assert (sender.role, sender.known_as) == ("from", "Petra Müller")
    assert (recipient.role, recipient.address) == ("to", "service@firm.example")
    assert (line.case_number, line.verdict) == ("SC-1042", Verdict.DECIDED)
    assert "a participant names SC-1042" in contact.candidates[0].evidence[0].detail


@pytest.mark.rule("R5")
def test_one_message_to_two_accounts_is_one_contact_and_no_longer_private(store):
    shared, own = prepared(store, account()), enter_account(store, private_account())[0]
    receive_letters(store, own, [letter()])
    private_before = list_contacts(store)

    counts = receive_letters(store, shared, [letter()])

    assert counts == Counts(duplicate=1)
    assert private_before == []
    assert [line.private for line in list_contacts(store)] == [False]
