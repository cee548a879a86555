"""A chunk of messages becomes contacts in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from builders import NOW, SECRET, account, letter, letters, prepared, receive_letters, rows
from sqlalchemy import event

from domain.arrivals import Arrival, Chunk, Counts, Listed, Position, ReceiptOutcome
from tasks.receiving import receive_chunk
from tasks.store.accounts import mailbox
from tasks.store.contacts import list_contacts, raw_of_contact
from tasks.store.database import Store
from tasks.store.leases import take_lease
from tasks.store.quarantine import confined
from tasks.store.receipts import ledger
from tasks.store.receiving import Terms
from tasks.store.tables import (
    activity_types,
    addresses,
    cases,
    contacts,
    employees,
    mail_account_employees,
    mail_account_teams,
    mail_accounts,
    mail_addresses,
    mailboxes,
    metadata,
    persons,
    raw_messages,
    raw_pieces,
    receipts,
    team_members,
    teams,
)

DIRECTORY = {employees, teams, team_members, addresses, persons, mail_addresses, cases}
ACCOUNTS = {mail_accounts, mail_account_employees, mail_account_teams, mailboxes}
WRITTEN = set(metadata.sorted_tables) - DIRECTORY - ACCOUNTS - {activity_types}


class Killed(BaseException):
    """The process dies; nothing of ours catches that."""


@contextmanager
def killed_at(store: Store, statement: str) -> Iterator[None]:
    """Let the process die as it begins the first statement that contains this text."""

    def dying(_connection, _cursor, sql, *_):
        if statement in sql:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", dying)
    try:
        with pytest.raises(Killed):
            yield
    finally:
        event.remove(store.engine, "before_cursor_execute", dying)


@pytest.mark.rule("R1")
def test_each_message_is_one_contact(store):
    box = prepared(store, account())

    counts = receive_letters(store, box, letters(2))

    assert counts == Counts(imported=2)
    assert len(list_contacts(store)) == 2


@pytest.mark.rule("R1")
def test_a_chunk_that_is_received_twice_is_there_once(store):
    box = prepared(store, account())
    receive_letters(store, box, [letter()])

    again = receive_letters(store, box, [letter()])

    assert again == Counts()
    assert len(list_contacts(store)) == 1


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mailboxes",
        "INSERT INTO raw_messages",
        "INSERT INTO raw_pieces",
        "INSERT INTO thread_nodes",
        "INSERT INTO contacts",
        "INSERT INTO correspondents",
        "INSERT INTO contact_cases",
        "INSERT INTO case_candidates",
        "INSERT INTO thread_cases",
        "INSERT INTO receipts",
    ],
)
def test_who_dies_in_the_middle_has_done_nothing_and_the_next_one_does_it_once(store, statement):
    box = prepared(store, account())
    lease = take_lease(store, box.id, NOW)
    with killed_at(store, statement):
        receive_letters(store, box, letters(2), lease=lease)
    left_behind = rows(store, *WRITTEN), mailbox(store, box.id).position

    counts = receive_letters(store, box, letters(2), lease=lease)

    assert left_behind == (0, Position(0))
    assert counts == Counts(imported=2)
    assert rows(store, contacts) == rows(store, receipts) == 2


@pytest.mark.rule("R1")
def test_who_dies_at_the_commit_has_done_nothing(store):
    box = prepared(store, account())

    @event.listens_for(store.engine, "commit", once=True)
    def die(_connection):
        raise Killed

    with pytest.raises(Killed):
        receive_letters(store, box, letters(2), lease=take_lease(store, box.id, NOW))
    assert rows(store, *WRITTEN) == 0
    assert mailbox(store, box.id).position == Position(0)


@pytest.mark.rule("R1")
def test_the_high_water_mark_moves_with_what_lies_below_it(store):
    box = prepared(store, account())

    receive_letters(
        store, box, letters(3), first_uid=5, uidvalidity=77, lease=take_lease(store, box.id, NOW)
    )

    assert mailbox(store, box.id).position == Position(77, 7)


@pytest.mark.rule("R1")
def test_a_message_under_another_uidvalidity_is_a_duplicate_and_no_second_contact(store):
    box = prepared(store, account())
    receive_letters(store, box, letters(3), uidvalidity=1)

    counts = receive_letters(store, box, letters(3), first_uid=40, uidvalidity=2)

    assert counts == Counts(duplicate=3)
    assert rows(store, contacts) == 3


@pytest.mark.rule("R1")
@pytest.mark.parametrize("uidvalidity", [1, 2])
def test_a_uid_that_is_given_away_again_brings_another_message(store, uidvalidity):
    box = prepared(store, account())
    receive_letters(store, box, [letter(message_id="<old@x.example>")])
    later = Arrival(1, NOW + timedelta(hours=1), letter(message_id="<new@x.example>"))

    counts = receive_chunk(store, Chunk(box, uidvalidity, [later]), Terms(SECRET, NOW))

    assert counts == Counts(imported=1)
    assert rows(store, contacts) == 2


@pytest.mark.rule("R1")
def test_a_message_that_stands_twice_in_a_chunk_is_one_contact(store):
    box = prepared(store, account())

    counts = receive_letters(store, box, [letter(), letter()])

    assert counts == Counts(imported=1, duplicate=1)
    assert rows(store, contacts) == 1


@pytest.mark.rule("R1")
def test_a_sender_who_gives_one_message_id_to_everything_loses_nothing(store):
    box = prepared(store, account())

    counts = receive_letters(store, box, [letter(text="Alarm 1"), letter(text="Alarm 2")])

    assert counts == Counts(imported=2)


@pytest.mark.rule("R1")
def test_what_is_skipped_or_withheld_is_explained_in_the_same_transaction(store):
    box = prepared(store, account())
    skipped, withheld = Listed(1, 10, NOW), Listed(2, 10, NOW)
    chunk = Chunk(box, 1, [], withheld=[withheld], skipped=[skipped], upto=2)

    counts = receive_chunk(store, chunk, Terms(SECRET, NOW, take_lease(store, box.id, NOW)))

    assert counts == Counts(quarantined=1, skipped=1)
    assert ledger(store, box.id, 1) == {
        skipped.place: ReceiptOutcome.SKIPPED,
        withheld.place: ReceiptOutcome.QUARANTINED,
    }
    assert [message.detail for message in confined(store)] == [
        "the server lists the message, but does not hand it over"
    ]


def test_a_message_is_kept_byte_for_byte_and_once(store):
    box = prepared(store, account())
    raw = letter(text="Grüße\n" * 400_000)

    receive_letters(store, box, [raw, raw])

    [line] = list_contacts(store)
    assert raw_of_contact(store, line.id) == raw
    assert rows(store, raw_messages) == 1
    assert rows(store, raw_pieces) > 2
