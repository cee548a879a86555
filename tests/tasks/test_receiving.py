"""Messages that cannot be processed are set apart as they came; the others go on."""

import hashlib
import random

import pytest
from builders import (
    NOW,
    account,
    letter,
    letters,
    not_understood,
    prepared,
    receive_letters,
    rows,
)
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from domain.arrivals import Counts, Position
from domain.mail import Mail
from domain.quarantine import QuarantineReason
from tasks.mail.reading import Reader
from tasks.mail.understand import understand
from tasks.store.accounts import mailbox
from tasks.store.contacts import list_contacts
from tasks.store.leases import take_lease
from tasks.store.quarantine import confined, confined_bytes
from tasks.store.tables import contacts, quarantine, raw_messages, receipts

BAD = letter(message_id="<bad@x.example>", text="Streng geheim")
GOOD = letters(2)


def smuggling(subject: object) -> Reader:
    """Give a reader that lets one subject through which no database can store."""

    def reader(raw: bytes) -> Mail:
        if raw == BAD:
            return Mail(subject=subject, header_fields=5)  # type: ignore[arg-type]
        return understand(raw)

    return reader


def failing(raw: bytes) -> Mail:
    return not_understood(raw) if raw == BAD else understand(raw)


@pytest.mark.rule("R6")
@pytest.mark.parametrize(
    ("reader", "reason", "told"),
    [
        (failing, QuarantineReason.NOT_UNDERSTOOD, "RecursionError in not_understood"),
        (smuggling("\ud800"), QuarantineReason.NOT_STORED, "UnicodeEncodeError"),
        (smuggling(object()), QuarantineReason.NOT_STORED, "Error"),
    ],
)
def test_one_bad_message_is_set_apart_and_the_others_go_on(store, reader, reason, told):
    box = prepared(store, account())
    lease = take_lease(store, box.id, NOW)

    counts = receive_letters(store, box, [GOOD[0], BAD, GOOD[1]], lease=lease, reader=reader)

    [message] = confined(store)
    assert counts == Counts(imported=2, quarantined=1)
    assert len(list_contacts(store)) == 2
    assert (message.reason, message.uid) == (reason, 2)
    assert told in message.detail
    assert "geheim" not in message.detail
    assert mailbox(store, box.id).position == Position(1, 3)


@pytest.mark.rule("R6")
def test_postgres_refuses_a_nul_and_only_that_message_is_set_apart(postgres_store):
    box = prepared(postgres_store, account())

    counts = receive_letters(postgres_store, box, [*GOOD, BAD], reader=smuggling("a\0b"))

    assert counts == Counts(imported=2, quarantined=1)
    assert confined(postgres_store)[0].detail.startswith("DataError")


@pytest.mark.rule("R6")
def test_a_message_id_beyond_what_postgres_can_index_stops_no_mailbox(store):
    box = prepared(store, account())
    drawn = random.Random(1)
    enormous = "".join(chr(drawn.randrange(0x4E00, 0x9FFF)) for _ in range(990))

    def reader(raw: bytes) -> Mail:
        return Mail(message_id=enormous, header_fields=1) if raw == BAD else understand(raw)

    counts = receive_letters(store, box, [*GOOD, BAD], reader=reader)

    assert counts.imported >= 2
    assert counts.total == 3


@pytest.mark.rule("R1", "R5")
def test_what_is_a_contact_already_is_not_set_apart_by_a_worse_reader(store):
    boxes = [prepared(store, account(name=name)) for name in ("service", "sales")]
    receive_letters(store, boxes[0], [BAD])

    counts = receive_letters(store, boxes[1], [BAD], reader=not_understood)

    assert counts == Counts(duplicate=1)
    assert confined(store) == ()
    assert rows(store, contacts) == 1


@pytest.mark.rule("R6")
def test_a_bad_message_is_kept_byte_for_byte(store):
    box = prepared(store, account())

    receive_letters(store, box, [BAD], reader=not_understood)

    [message] = confined(store)
    assert confined_bytes(store, message.id) == BAD
    assert message.sha256 == hashlib.sha256(BAD).hexdigest()
    assert message.size == len(BAD)


@pytest.mark.rule("R6")
@pytest.mark.parametrize("raw", [b"", b"\r\n", b"no message at all", b"\x00\xff" * 50])
def test_what_is_no_message_is_kept_and_makes_no_contact(store, raw):
    box = prepared(store, account())

    counts = receive_letters(store, box, [raw])

    [message] = confined(store)
    assert counts == Counts(quarantined=1)
    assert message.reason is QuarantineReason.NOT_A_MESSAGE
    assert confined_bytes(store, message.id) == raw


@pytest.mark.rule("R6")
def test_two_that_are_no_messages_are_both_kept(store):
    box = prepared(store, account())

    receive_letters(store, box, [b"first rubbish", b"second rubbish"])

    kept = [confined_bytes(store, message.id) for message in confined(store)]
    assert kept == [b"first rubbish", b"second rubbish"]


@pytest.mark.rule("R6")
def test_the_same_bad_bytes_through_several_accounts_are_quarantined_once(store):
    boxes = [prepared(store, account(name=name)) for name in ("service", "sales")]

    for box in boxes:
        receive_letters(store, box, [BAD, BAD], reader=not_understood)

    assert rows(store, quarantine) == rows(store, raw_messages) == 1
    assert rows(store, receipts) == 4
    assert len(confined(store)) == 1


def test_a_database_that_does_not_answer_is_no_messages_fault(store):
    box = prepared(store, account())

    def unplugged(_connection, _cursor, statement, *_):
        if "INSERT INTO contacts" in statement:
            raise OperationalError(statement, None, OSError("the disk is full"))

    event.listen(store.engine, "before_cursor_execute", unplugged)
    with pytest.raises(OperationalError):
        receive_letters(store, box, GOOD)
    event.remove(store.engine, "before_cursor_execute", unplugged)

    assert rows(store, contacts, quarantine, receipts) == 0
