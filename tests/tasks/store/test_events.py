"""Events for others: kept with what happened, told once, and forgotten when they are old."""

from datetime import timedelta

import pytest
import ringers
from builders import (
    NOW,
    account,
    bounce_of,
    letter,
    prepared,
    private_account,
    receive_letters,
    rows,
)
from outgoing_contacts import JONAS, MIA, queued, ready, tried
from workflows import RING, entered, started, told

from domain.events import ContactBounced, EventName
from tasks.store.events import (
    INCOMING_KEPT,
    OUTGOING_KEPT,
    News,
    prune_events,
    publish,
    relayed,
    unrelayed,
)
from tasks.store.tables import incoming_events, outgoing_events

NEWS = [News(each, ContactBounced(contact=each, dispatch=1)) for each in (1, 2, 3)]


def published(store, name: EventName = EventName.CONTACT_BOUNCED) -> None:
    with store.writing() as connection:
        publish(connection, name, NEWS, NOW)


@pytest.mark.rule("W4")
def test_what_happened_waits_in_its_order_until_it_is_told(store):
    published(store)

    first = unrelayed(store, 2)
    relayed(store, [each.id for each in first], NOW)
    [last] = unrelayed(store, 2)

    resources = [each.resource for each in [*first, last]]
    assert resources == ["kontakt.contact.1", "kontakt.contact.2", "kontakt.contact.3"]
    assert (last.name, last.payload) == ("kontakt.contact.bounced", {"contact": 3, "dispatch": 1})


@pytest.mark.rule("W4")
def test_what_did_not_happen_is_not_told(store):
    with store.engine.connect() as connection:
        publish(connection, EventName.CONTACT_BOUNCED, NEWS, NOW)
        connection.rollback()

    assert unrelayed(store, 10) == []


def test_old_events_are_forgotten_once_they_are_told(store):
    published(store)
    [first, *_] = unrelayed(store, 1)
    relayed(store, [first.id], NOW)

    kept = prune_events(store, NOW + OUTGOING_KEPT)
    forgotten = prune_events(store, NOW + OUTGOING_KEPT + timedelta(seconds=1))

    assert (kept, forgotten, rows(store, outgoing_events)) == (0, 1, 2)


def test_old_events_that_asked_for_steps_are_forgotten(store):
    started(store, f"look: {{title: Look, todos: [{RING}]}}")
    entered(store, "look")

    prune_events(store, NOW + INCOMING_KEPT)
    kept = rows(store, incoming_events)
    prune_events(store, NOW + INCOMING_KEPT + timedelta(seconds=1))

    assert (kept, rows(store, incoming_events)) == (1, 0)


@pytest.mark.rule("W4", "L9")
@pytest.mark.parametrize(("through", "private"), [(account(), False), (private_account(), True)])
def test_a_received_contact_is_told_once_and_without_a_word_of_it(store, through, private):
    box = prepared(store, through)

    mail = letter(subject="SC-1042")
    receive_letters(store, box, [mail])
    receive_letters(store, box, [mail], first_uid=2)

    case = None if private else "SC-1042"
    assert told(store) == [("contact.received", {"contact": 1, "case": case, "private": private})]


@pytest.mark.rule("W4")
def test_a_dispatch_that_went_out_is_told_once(store):
    ready(store)
    queued(store)

    tried(store, "refused_for_now")
    before = told(store, "contact.sent")
    tried(store, "accepted", now=NOW + timedelta(minutes=5))

    sent = {"contact": 1, "dispatch": 1, "channel": "e-mail", "status": "sent"}
    assert (before, told(store, "contact.sent")) == ([], [("contact.sent", sent)])


@pytest.mark.rule("W4", "R7")
def test_a_bounce_is_told_once(store):
    box = prepared(store, account())
    ready(store)
    queued(store)
    message_id = tried(store, "accepted").message_id

    bounces = [
        bounce_of(message_id, "petra@mueller.example", subject=f"Undelivered, {each}")
        for each in (1, 2)
    ]
    receive_letters(store, box, bounces)

    bounced = {"contact": 1, "dispatch": 1}
    assert told(store, "contact.bounced") == [("contact.bounced", bounced)]


@pytest.mark.rule("W4", "A4")
def test_an_alarm_that_rang_is_told_for_each_whom_it_told(store):
    ringers.ready(store)
    appointment = ringers.booked(store)

    ringers.rung(store, ringers.BEGIN)

    payloads = [payload for _, payload in told(store, "alarm.rung")]
    told_of = {(each["employee"], each["appointment"], each["late"]) for each in payloads}
    assert told_of == {(JONAS, appointment, False), (MIA, appointment, False)}
