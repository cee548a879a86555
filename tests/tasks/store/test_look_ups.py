"""What became of deliveries, as services and answers tell it later."""

from datetime import datetime, timedelta

import pytest
from builders import NOW, account, bounce_of, letter, prepared, receive_letters
from outgoing_contacts import JONAS, PETRA, QUEUE, UWE, answer, queued, ready, tried, written
from sqlalchemy import select

from domain.delivery import DeliveryStatus, DispatchStatus
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatch_actions import send_again
from tasks.store.dispatches import DeliveryLine, show_dispatch
from tasks.store.inbox import inbox
from tasks.store.look_ups import (
    FIRST_LOOK_UP,
    LONGEST_PAUSE,
    MOST,
    due_look_ups,
    record_look_ups,
)
from tasks.store.tables import deliveries

SENT, UNKNOWN = DeliveryStatus.SENT, DeliveryStatus.UNKNOWN
DUE = NOW + FIRST_LOOK_UP
SECOND = timedelta(seconds=1)
NEVER = NOW + timedelta(days=365)


def looked_up(store: Store, outcome: str, *statuses: DeliveryStatus, reference: str = "") -> int:
    """Send a contact by a service that tells more later of deliveries in these states."""
    ready(store)
    dispatch_id = queued(store).dispatch_id
    assert dispatch_id is not None
    tried(store, answer(outcome, reference=reference), looks_up=frozenset(statuses))
    return dispatch_id


def delivery(store: Store, dispatch_id: int) -> DeliveryLine:
    [line] = show_dispatch(store, dispatch_id).line.deliveries
    return line


def asked_next(store: Store) -> datetime | None:
    with store.reading() as connection:
        at: datetime | None = connection.scalar(select(deliveries.c.look_up_at))
    return at


def told(store: Store) -> list[str]:
    return [each.text for each in inbox(store, employee_by_number(store, JONAS))]


def test_what_a_service_can_tell_is_asked_after_a_while(store):
    dispatch_id = looked_up(store, "accepted", SENT, reference="SM-1")

    [asked] = due_look_ups(store, DUE)

    assert due_look_ups(store, DUE - SECOND) == []
    assert (asked.queue, asked.reference, asked.status) == (QUEUE, "SM-1", SENT)
    assert asked.message_id == show_dispatch(store, dispatch_id).message_id


@pytest.mark.parametrize(
    ("outcome", "statuses"),
    [
        ("accepted", ()),
        ("accepted", (UNKNOWN,)),
        ("unknown", (SENT,)),
        ("refused_for_good", (SENT, UNKNOWN)),
        ("refused_for_now", (SENT, UNKNOWN)),
    ],
)
def test_what_a_service_cannot_tell_is_not_asked(store, outcome, statuses):
    looked_up(store, outcome, *statuses)

    assert due_look_ups(store, NEVER) == []


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("found", "status", "dispatch"),
    [
        ("accepted", SENT, DispatchStatus.SENT),
        ("refused_for_good", DeliveryStatus.BOUNCED, DispatchStatus.BOUNCED),
    ],
)
@pytest.mark.parametrize("outcome", ["accepted", "unknown"])
def test_what_a_service_tells_is_recorded_and_it_is_not_asked_again(
    store, outcome, found, status, dispatch
):
    dispatch_id = looked_up(store, outcome, SENT, UNKNOWN)

    record_look_ups(store, {delivery(store, dispatch_id).id: answer(found)}, DUE)

    line, details = delivery(store, dispatch_id), show_dispatch(store, dispatch_id)
    assert (line.status, line.reason, line.changed_at) == (status, answer(found).text, DUE)
    assert details.line.status is dispatch
    assert [attempt.outcome.value for _, attempt in details.history] == [outcome, found]
    assert due_look_ups(store, NEVER) == []


def test_an_author_is_told_of_what_a_service_could_not_deliver_after_all(store):
    dispatch_id = looked_up(store, "accepted", SENT)

    record_look_ups(store, {delivery(store, dispatch_id).id: answer("refused_for_good")}, DUE)

    [text] = told(store)
    assert "Petra Müller: the service said: refused_for_good" in text


def test_what_is_still_open_is_asked_ever_less_often_and_given_up_one_day(store):
    dispatch_id = looked_up(store, "unknown", UNKNOWN)
    at, pauses = DUE, []

    while due := asked_next(store):
        pauses.append(due - at)
        at = due
        record_look_ups(store, {delivery(store, dispatch_id).id: None}, at)

    assert len(pauses) == MOST + 1
    assert pauses[1:4] == [10 * SECOND, 20 * SECOND, 40 * SECOND]
    assert pauses[-1] == LONGEST_PAUSE
    assert delivery(store, dispatch_id).status is UNKNOWN


@pytest.mark.parametrize("found", [None, "accepted", "refused_for_good"])
def test_what_was_decided_while_a_service_was_asked_stays_decided(store, found):
    dispatch_id = looked_up(store, "unknown", UNKNOWN)
    asked = delivery(store, dispatch_id).id
    send_again(store, dispatch_id, JONAS, DUE)

    record_look_ups(store, {asked: answer(found) if found else None}, DUE)

    assert delivery(store, dispatch_id).status is DeliveryStatus.QUEUED
    assert due_look_ups(store, NEVER) == []
    assert told(store) == []


@pytest.mark.rule("R7", "X5")
def test_a_service_does_not_unsay_a_bounce(store):
    dispatch_id = looked_up(store, "accepted", SENT)
    message_id = show_dispatch(store, dispatch_id).message_id
    raw = bounce_of(message_id, "petra@mueller.example")
    receive_letters(store, prepared(store, account()), [raw])

    record_look_ups(store, {delivery(store, dispatch_id).id: answer("accepted")}, DUE)

    assert delivery(store, dispatch_id).status is DeliveryStatus.BOUNCED


# --- answers and confirmations --------------------------------------------------------------


def unknown_to_both(store: Store) -> int:
    ready(store)
    dispatch_id = queued(store, written(PETRA, UWE)).dispatch_id
    assert dispatch_id is not None
    tried(store, "unknown", "unknown")
    return dispatch_id


def statuses(store: Store, dispatch_id: int) -> list[str]:
    return [each.status.value for each in show_dispatch(store, dispatch_id).line.deliveries]


def confirmation(message_id: str, action: str, *recipients: str) -> bytes:
    """Write a report (RFC 3464) of what a mail system did with a message."""
    report = bounce_of(message_id, *recipients, subject="Delivery report")
    told = report.replace(b"Action: failed", f"Action: {action}".encode())
    settled = told.replace(b"Status: 5.1.1", b"Status: 2.0.0").replace(b"550 5.1.1", b"250 2.0.0")
    return settled.replace(b"It could not be delivered.", b"Your message was delivered.")


@pytest.mark.rule("X5", "R7")
@pytest.mark.parametrize(
    ("sender", "after"),
    [
        ("Petra@Mueller.example", ["sent", "unknown"]),
        ("uwe@mueller.example", ["unknown", "sent"]),
        ("x@stranger.example", ["unknown", "unknown"]),
    ],
)
@pytest.mark.parametrize("automatic", ["no", "auto-replied"])
def test_who_answers_has_got_it(store, sender, after, automatic):
    dispatch_id = unknown_to_both(store)
    message_id = show_dispatch(store, dispatch_id).message_id
    reply = letter(from_=sender, in_reply_to=f"<{message_id}>", auto_submitted=automatic)

    receive_letters(store, prepared(store, account()), [reply])

    assert statuses(store, dispatch_id) == after


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("first", "after"),
    [("refused_for_now", "retrying"), ("refused_for_good", "failed"), ("accepted", "sent")],
)
def test_an_answer_changes_nothing_that_is_known(store, first, after):
    ready(store)
    dispatch_id = queued(store).dispatch_id
    assert dispatch_id is not None
    tried(store, first)
    message_id = show_dispatch(store, dispatch_id).message_id

    reply = letter(in_reply_to=f"<{message_id}>")
    receive_letters(store, prepared(store, account()), [reply])

    assert statuses(store, dispatch_id) == [after]
    assert len(show_dispatch(store, dispatch_id).history) == 1


@pytest.mark.rule("X5", "R7")
@pytest.mark.parametrize(
    ("action", "after"),
    [
        ("delivered", ["sent", "unknown"]),
        ("relayed", ["sent", "unknown"]),
        ("delayed", ["unknown", "unknown"]),
        ("expanded", ["unknown", "unknown"]),
    ],
)
def test_a_mail_systems_confirmation_settles_what_is_unknown(store, action, after):
    dispatch_id = unknown_to_both(store)
    message_id = show_dispatch(store, dispatch_id).message_id

    report = confirmation(message_id, action, "petra@mueller.example")
    receive_letters(store, prepared(store, account()), [report])

    assert statuses(store, dispatch_id) == after


@pytest.mark.rule("X5")
def test_a_confirmation_of_what_nobody_here_sent_changes_nothing(store):
    dispatch_id = unknown_to_both(store)

    report = confirmation("x@elsewhere.example", "delivered", "petra@mueller.example")
    receive_letters(store, prepared(store, account()), [report])

    assert statuses(store, dispatch_id) == ["unknown", "unknown"]
