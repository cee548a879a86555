"""The employees' inboxes."""

from datetime import timedelta

import pytest
from builders import NOW
from outgoing_contacts import ANNA, JONAS, MIA, queued, ready, requested, tried, written

from domain.contacts import NewRecipient
from domain.delivery import DeliveryStatus
from domain.errors import UnknownRecord
from domain.mail import ReceptionKind
from domain.sending import Texts
from tasks.channels.message import MessageLine
from tasks.store import database
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatches import list_dispatches
from tasks.store.inbox import Message, inbox, mark_read, show_message, tell
from tasks.store.outbox import Ledger
from tasks.store.writing import Change, edit_contact

QUEUE = "message/inbox"
TO_MIA = NewRecipient(employee=MIA)
TO_ANNA = NewRecipient("anna.berger@firm.example", kind=ReceptionKind.BCC)
NOT_TO_JONAS = NewRecipient(employee=JONAS, kind=ReceptionKind.NONE)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def line(store, monkeypatch) -> MessageLine:
    """The way into the inboxes of this test's database."""
    monkeypatch.setattr("tasks.channels.message.store", lambda: store)
    database.store.cache_clear()
    ready(store)
    return MessageLine()


def delivered(store: Store, line: MessageLine, times: int = 1) -> None:
    """Send what is due, as often as a worker that dies before it records that."""
    [parcel] = Ledger(store, "worker").claim(QUEUE, 1, NOW)
    for _ in range(times):
        line.send(parcel, line.write(parcel, ()))
    Ledger(store, "worker").give_back()
    tried(store, *["accepted"] * len(parcel.waiting), queue=QUEUE)


def messages(store: Store, employee: str, unread_only: bool = False) -> list[Message]:
    return list(inbox(store, employee_by_number(store, employee), unread_only))


@pytest.mark.rule("M4")
def test_a_message_stands_in_the_inbox_of_each_employee_and_of_nobody_else(store, line):
    decision = queued(store, written(TO_MIA, TO_ANNA, NOT_TO_JONAS), "message")

    delivered(store, line)

    [message] = messages(store, MIA)
    assert (message.sender, message.contact_id) == ("Jonas Weber", decision.contact_id)
    assert (message.matchcode, message.text) == ("Ihr Gerät", "Es läuft wieder.")
    assert message.read_at is None
    assert [len(messages(store, who)) for who in (ANNA, JONAS, MIA)] == [1, 0, 1]
    assert {d.status for d in list_dispatches(store)[0].deliveries} == {DeliveryStatus.SENT}


@pytest.mark.rule("M4")
def test_a_delivery_that_is_repeated_is_in_the_inbox_once(store, line):
    queued(store, written(TO_MIA), "message")

    delivered(store, line, times=3)

    assert len(messages(store, MIA)) == 1


@pytest.mark.rule("M2", "M3")
def test_each_sending_is_a_message_that_stays_as_it_was_sent(store, line):
    contact_id = queued(store, written(TO_MIA), "message").contact_id
    delivered(store, line)
    edit_contact(store, contact_id, JONAS, Change(matchcode="Neu", text="Doch nicht."), NOW)

    requested(store, contact_id, "message")
    delivered(store, line)

    assert [(each.matchcode, each.text) for each in messages(store, MIA)] == [
        ("Neu", "Doch nicht."),
        ("Ihr Gerät", "Es läuft wieder."),
    ]


def test_what_was_read_is_unread_no_more_until_it_is_again(store, line):
    queued(store, written(TO_MIA), "message")
    delivered(store, line)
    [message] = messages(store, MIA)
    mia = employee_by_number(store, MIA)

    mark_read(store, mia, message.id, NOW + MINUTE)
    read = messages(store, MIA), messages(store, MIA, unread_only=True)
    mark_read(store, mia, message.id, NOW + MINUTE, read=False)

    assert ([each.read_at for each in read[0]], read[1]) == ([NOW + MINUTE], [])
    assert messages(store, MIA, unread_only=True) == [message]


def test_a_message_is_to_others_like_one_that_is_not_there(store, line):
    queued(store, written(TO_MIA), "message")
    delivered(store, line)
    [message] = messages(store, MIA)
    anna = employee_by_number(store, ANNA)

    for message_id in (message.id, 4711):
        with pytest.raises(UnknownRecord, match=f"no message {message_id} in your inbox"):
            mark_read(store, anna, message_id, NOW)
        with pytest.raises(UnknownRecord, match=f"no message {message_id} in your inbox"):
            show_message(store, anna, message_id)

    assert messages(store, MIA) == [message]


def test_what_has_the_same_key_is_told_once_and_the_latest_comes_first(store):
    ready(store)
    mia = employee_by_number(store, MIA)

    for minute, key in enumerate(("one", "two", "one")):
        with store.writing() as connection:
            tell(connection, key, mia, None, Texts(key, f"{minute}"), NOW + minute * MINUTE)

    assert [(each.matchcode, each.text) for each in messages(store, MIA)] == [
        ("two", "1"),
        ("one", "0"),
    ]
    assert messages(store, MIA)[0].sender is None
