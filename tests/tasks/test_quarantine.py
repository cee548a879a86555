"""Quarantined messages are tried again, and one day become contacts."""

from datetime import timedelta

import pytest
from builders import (
    NOW,
    SECRET,
    account,
    letter,
    not_understood,
    prepared,
    private_account,
    receive_letters,
    rows,
)

from domain.arrivals import Arrival, Chunk, Listed, ReceiptOutcome
from domain.quarantine import FIRST_RETRY, LONGEST_RETRY, QuarantineReason
from tasks.quarantine import receive_again, retry_kept
from tasks.receiving import receive_chunk
from tasks.store.accounts import enter_account
from tasks.store.contacts import list_contacts, raw_of_contact
from tasks.store.quarantine import confined, confined_bytes
from tasks.store.receipts import ledger, unsettled
from tasks.store.receiving import Terms
from tasks.store.tables import contacts, raw_messages

LATER = NOW + timedelta(days=1)


@pytest.mark.rule("R6")
def test_a_message_that_can_be_read_one_day_becomes_a_contact_like_any_other(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter()], reader=not_understood)
    [message] = confined(store)

    trouble = receive_again(store, message, confined_bytes(store, message.id), LATER)

    [line] = list_contacts(store)
    assert trouble is None
    assert (line.received_at, line.sender) == (NOW, "Petra Müller")
    assert raw_of_contact(store, line.id) == letter()
    assert confined(store) == ()
    assert ledger(store, box.id, 1) == {(1, NOW): ReceiptOutcome.IMPORTED}


@pytest.mark.rule("R6")
def test_a_message_that_stays_is_tried_ever_less_often(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter()], reader=not_understood)
    waits = [confined(store)[0].next_try_at - NOW]

    for _ in range(9):
        receive_again(store, confined(store)[0], letter(), LATER, not_understood)
        waits.append(confined(store)[0].next_try_at - LATER)

    assert confined(store)[0].attempts == 10
    assert waits[:3] == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY]
    assert waits[-1] == LONGEST_RETRY
    assert rows(store, contacts) == 0


@pytest.mark.rule("R6")
def test_all_accounts_that_received_the_bad_message_have_the_contact_afterwards(store):
    boxes = [prepared(store, account(name=name)) for name in ("service", "sales")]
    for box in boxes:
        receive_letters(store, box, [letter()], reader=not_understood)

    receive_again(store, confined(store)[0], letter(), LATER)

    outcomes = [set(ledger(store, box.id, 1).values()) for box in boxes]
    assert outcomes == [{ReceiptOutcome.IMPORTED}] * 2
    assert rows(store, contacts) == 1


@pytest.mark.rule("R5", "R6")
@pytest.mark.parametrize("private_first", [True, False])
def test_a_bad_message_of_a_private_and_an_open_account_becomes_an_open_contact(
    store, private_first
):
    prepared(store, account())
    accounts = [private_account(), account()]
    for each in accounts if private_first else reversed(accounts):
        receive_letters(store, enter_account(store, each)[0], [letter()], reader=not_understood)

    receive_again(store, confined(store)[0], letter(), LATER)

    assert [line.private for line in list_contacts(store)] == [False]


@pytest.mark.rule("R5", "R6")
def test_a_message_that_is_a_contact_by_now_is_not_a_second_one(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter()], reader=not_understood)
    receive_letters(store, enter_account(store, account(name="sales"))[0], [letter()])

    trouble = receive_again(store, confined(store)[0], letter(), LATER)

    assert trouble is None
    assert rows(store, contacts) == 1
    assert confined(store) == ()


@pytest.mark.rule("R1", "R6")
def test_a_message_that_becomes_a_contact_is_settled_on_the_server_then(store):
    box = prepared(store, account(after_import="seen"))
    chunk = Chunk(box, 1, [Arrival(1, NOW, letter())], settles=True)
    receive_chunk(store, chunk, Terms(SECRET, NOW), not_understood)
    before = unsettled(store, box.id, 1)

    receive_again(store, confined(store)[0], letter(), LATER)

    assert (before, unsettled(store, box.id, 1)) == ([], [1])


@pytest.mark.rule("R6")
def test_a_withheld_message_that_is_handed_over_at_last_becomes_a_contact(store):
    box = prepared(store, account())
    receive_chunk(store, Chunk(box, 1, withheld=[Listed(1, 10, NOW)]), Terms(SECRET, NOW))
    [message] = confined(store)

    still = receive_again(store, message, None, LATER)
    trouble = receive_again(store, message, letter(), LATER)

    assert still is not None
    assert still.reason is QuarantineReason.NOT_DELIVERED
    assert trouble is None
    assert len(list_contacts(store)) == 1


@pytest.mark.rule("R6")
def test_a_withheld_message_that_is_handed_over_and_not_understood_is_kept(store):
    box = prepared(store, account())
    receive_chunk(store, Chunk(box, 1, withheld=[Listed(1, 10, NOW)]), Terms(SECRET, NOW))

    receive_again(store, confined(store)[0], letter(), LATER, not_understood)

    [message] = confined(store)
    assert message.reason is QuarantineReason.NOT_UNDERSTOOD
    assert confined_bytes(store, message.id) == letter()


@pytest.mark.rule("R6")
def test_after_an_upgrade_everything_kept_or_what_is_named_is_tried_at_once(store):
    box = prepared(store, account())
    raws = [letter(message_id=f"<{number}@x.example>") for number in range(3)]
    receive_letters(store, box, raws, reader=not_understood)
    first = confined(store)[0].id

    named = [message.id for message, trouble in retry_kept(store, [first]) if trouble is None]
    rest = [trouble for _, trouble in retry_kept(store, [])]

    assert named == [first]
    assert rest == [None, None]
    assert rows(store, contacts) == rows(store, raw_messages) == 3


def test_what_stays_says_why(store):
    box = prepared(store, account())
    receive_letters(store, box, [b"rubbish"])

    [(message, trouble)] = retry_kept(store, [])

    assert trouble is not None
    assert trouble.detail == "it has no header field at all"
    assert message.reason is QuarantineReason.NOT_A_MESSAGE
