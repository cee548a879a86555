"""What is due is leased, sent once, and recorded for each recipient."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from builders import NOW, account, bounce_of, prepared, receive_letters, rows
from outgoing_contacts import (
    JONAS,
    PETRA,
    QUEUE,
    SERVICES,
    UWE,
    answer,
    begun,
    outcome_of,
    queued,
    ready,
    tried,
    written,
)

from domain.contacts import NewRecipient
from domain.delivery import PATIENCE, DeliveryStatus, DispatchStatus
from domain.lease import LEASE_TIME
from domain.mail import ReceptionKind
from domain.sending import Priority
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatches import DispatchDetails, show_dispatch
from tasks.store.inbox import inbox
from tasks.store.look_ups import due_look_ups
from tasks.store.outbox import Ledger, due_queues, expire, settle_interrupted
from tasks.store.queues import enter_services, pause_queue, resume_queue
from tasks.store.sending import Decision
from tasks.store.tables import attempts

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
EXPIRED = NOW + LEASE_TIME + SECOND
FOR_NOW, FOR_GOOD = "refused_for_now", "refused_for_good"


def now_at(store: Store, decision: Decision) -> DispatchDetails:
    assert decision.dispatch_id is not None
    return show_dispatch(store, decision.dispatch_id)


def statuses(store: Store, decision: Decision) -> list[str]:
    return [each.status.value for each in now_at(store, decision).line.deliveries]


def claimed(store: Store, holder: str = "worker", now=NOW, most: int = 50) -> list[int]:
    return [parcel.id for parcel in Ledger(store, holder).claim(QUEUE, most, now)]


def told(store: Store, employee: str = JONAS) -> list[str]:
    return [each.text for each in inbox(store, employee_by_number(store, employee))]


# --- what is due ----------------------------------------------------------------------------


def test_clicks_go_before_bulk_and_then_what_was_due_first(store):
    ready(store)
    later = {"not_before": NOW + MINUTE}
    bulk = {"priority": Priority.BULK}
    made = [queued(store, **wishes).dispatch_id for wishes in ({**bulk}, {**later}, {}, bulk, {})]
    not_yet = queued(store, not_before=NOW + HOUR).dispatch_id

    found = claimed(store, now=NOW + MINUTE)

    assert found == [made[2], made[4], made[1], made[0], made[3]]
    assert not_yet not in found


def test_only_as_many_are_leased_as_are_wanted_and_the_rest_stays_due(store):
    ready(store, replace(SERVICES[0], connections=2))
    made = [queued(store).dispatch_id for _ in range(3)]

    assert claimed(store, "one", most=2) == made[:2]
    assert due_queues(store, NOW) == [QUEUE]
    assert claimed(store, "two") == made[2:]
    assert due_queues(store, NOW) == []


def test_an_accounts_rate_is_kept_whoever_works_at_it(store):
    ready(store, replace(SERVICES[0], per_minute=120, connections=9))
    made = [queued(store).dispatch_id for _ in range(5)]

    found = [claimed(store, f"worker {n}", NOW + n * SECOND / 2) for n in range(5)]

    assert found[0] == made[:2]
    assert [len(each) for each in found] == [2, 1, 1, 1, 0]


def test_no_more_workers_than_an_account_has_connections(store):
    ready(store, replace(SERVICES[0], connections=2))
    for _ in range(4):
        queued(store)

    found = [len(claimed(store, holder, most=1)) for holder in ("one", "two", "three", "one")]

    assert found == [1, 1, 0, 1]
    assert len(claimed(store, "three", EXPIRED)) == 4  # theirs have run out


def test_a_paused_queue_rests_and_goes_on(store):
    ready(store)
    decision = queued(store)

    until = pause_queue(store, QUEUE, "no connection", NOW)

    assert (due_queues(store, NOW), claimed(store)) == ([], [])
    assert due_queues(store, until) == [QUEUE]
    assert claimed(store, now=until) == [decision.dispatch_id]


def test_a_pause_ends_early_when_the_service_works_again(store):
    ready(store)
    decision = queued(store)
    pause_queue(store, QUEUE, "no connection", NOW)

    resume_queue(store, QUEUE)

    assert claimed(store) == [decision.dispatch_id]


def test_what_waits_for_a_service_that_is_gone_goes_on_when_it_is_back(store):
    ready(store)
    decision = queued(store)

    enter_services(store, [], ["e-mail"])
    gone = due_queues(store, NOW), claimed(store)
    enter_services(store, SERVICES[:1], ["e-mail"])

    assert gone == ([], [])
    assert claimed(store) == [decision.dispatch_id]


# --- leases ---------------------------------------------------------------------------------


def test_two_ledgers_never_get_the_same_parcel(store):
    ready(store, replace(SERVICES[0], connections=4))
    made = {queued(store).dispatch_id for _ in range(20)}
    together = Barrier(4)

    def work(holder: str) -> list[int]:
        together.wait(60)
        return [found for _ in range(8) for found in claimed(store, holder, most=2)]

    with ThreadPoolExecutor(4) as workers:
        found = [each for part in workers.map(work, "abcd") for each in part]

    assert sorted(found) == sorted(made)


def test_who_dies_before_it_began_leaves_what_is_sent_as_if_nothing_had_been(store):
    ready(store)
    decision = queued(store)
    claimed(store, "dead")

    assert claimed(store) == []
    assert claimed(store, now=EXPIRED) == [decision.dispatch_id]
    assert rows(store, attempts) == 0


@pytest.mark.rule("X5")
def test_who_dies_while_sending_leaves_it_unknown_and_never_sent_again(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE))
    begun(store, holder="dead")
    while_sending = now_at(store, decision).line.status

    found = claimed(store, now=EXPIRED)

    dispatch = now_at(store, decision)
    assert while_sending is DispatchStatus.SENDING
    assert found == []
    assert dispatch.line.status is DispatchStatus.UNKNOWN
    assert statuses(store, decision) == ["unknown", "unknown"]
    assert dispatch.line.due_at is None
    assert claimed(store, now=EXPIRED + PATIENCE) == []
    assert {attempt.answer for _, attempt in dispatch.history} == {
        "the program ended while it was being sent"
    }


@pytest.mark.parametrize(
    ("looks_up", "asked"),
    [(frozenset({DeliveryStatus.UNKNOWN}), 1), (frozenset({DeliveryStatus.SENT}), 0)],
)
def test_what_was_interrupted_is_looked_up_where_its_service_can_tell(store, looks_up, asked):
    ready(store)
    queued(store)
    begun(store, holder="dead")

    Ledger(store, "next").claim(QUEUE, 10, EXPIRED, looks_up=looks_up)

    assert len(due_look_ups(store, EXPIRED + LEASE_TIME)) == asked


def test_what_the_channel_knows_to_be_a_repetition_is_sent_again(store):
    ready(store)
    decision = queued(store, written(NewRecipient(employee="1003")), "message")
    begun(store, queue="message/inbox", holder="dead")

    [parcel] = Ledger(store, "worker").claim("message/inbox", 9, EXPIRED, repeatable=True)

    assert parcel.id == decision.dispatch_id
    assert len(parcel.waiting) == 1


def test_a_late_writer_records_nothing(store):
    ready(store)
    decision = queued(store)
    late, parcel = begun(store, holder="late")
    claimed(store, "other", EXPIRED)
    before = now_at(store, decision)

    late.turn(outcome_of(parcel, "accepted", now=EXPIRED), None, EXPIRED)

    assert now_at(store, decision) == before
    assert before.line.status is DispatchStatus.UNKNOWN


def test_a_late_writer_begins_nothing_that_was_taken_over(store):
    ready(store)
    queued(store)
    [parcel] = Ledger(store, "late").claim(QUEUE, 1, NOW)
    claimed(store, "other", EXPIRED)

    assert not Ledger(store, "late").begin(parcel, EXPIRED)


def test_a_lease_that_is_renewed_is_nobody_elses(store):
    ready(store, replace(SERVICES[0], connections=2))
    queued(store)
    claimed(store, "worker")

    Ledger(store, "worker").renew(NOW + LEASE_TIME)

    assert claimed(store, "other", EXPIRED) == []


def test_what_was_leased_and_not_begun_is_given_back(store):
    ready(store, replace(SERVICES[0], connections=2))
    made = [queued(store).dispatch_id for _ in range(2)]
    ledger = Ledger(store, "worker")
    first, _ = ledger.claim(QUEUE, 2, NOW)
    ledger.begin(first, NOW)

    ledger.give_back()

    assert claimed(store, "other") == made[1:]


@pytest.mark.rule("X5")
@pytest.mark.parametrize("first", [None, FOR_NOW])
def test_a_beginning_after_which_nothing_went_out_is_undone(store, first):
    ready(store)
    decision = queued(store)
    if first:
        tried(store, first)
    before = now_at(store, decision)
    ledger, parcel = begun(store, NOW + MINUTE)

    ledger.put_back(parcel)

    assert now_at(store, decision) == before
    assert claimed(store, "other", NOW + MINUTE) == [decision.dispatch_id]


def test_one_transaction_records_an_attempt_and_begins_the_next(store):
    ready(store)
    first, second = queued(store), queued(store)
    ledger = Ledger(store, "worker")
    one, two = ledger.claim(QUEUE, 2, NOW)
    ledger.begin(one, NOW)

    began = ledger.turn(outcome_of(one, "accepted"), two, NOW)

    assert began
    assert now_at(store, first).line.status is DispatchStatus.SENT
    assert now_at(store, second).line.status is DispatchStatus.SENDING


# --- outcomes -------------------------------------------------------------------------------


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("outcomes", "deliveries", "dispatch"),
    [
        (("accepted", "accepted"), ["sent", "sent"], "sent"),
        (("accepted", FOR_GOOD), ["sent", "failed"], "partly_sent"),
        (("accepted", FOR_NOW), ["sent", "retrying"], "retrying"),
        (("accepted", "unknown"), ["sent", "unknown"], "unknown"),
        ((FOR_NOW, FOR_GOOD), ["retrying", "failed"], "retrying"),
        ((FOR_GOOD, FOR_GOOD), ["failed", "failed"], "failed"),
        (("unknown", FOR_NOW), ["unknown", "retrying"], "retrying"),
    ],
)
def test_each_recipients_outcome_is_recorded_with_the_services_words(
    store, outcomes, deliveries, dispatch
):
    ready(store)
    decision = queued(store, written(PETRA, UWE))

    tried(store, *(answer(each, reference=f"queue-{each}") for each in outcomes))

    details = now_at(store, decision)
    assert statuses(store, decision) == deliveries
    assert details.line.status == dispatch
    assert (details.line.due_at is not None) is (FOR_NOW in outcomes)
    assert [(each.reason, each.reference) for each in details.line.deliveries] == [
        (f"the service said: {each}", f"queue-{each}") for each in outcomes
    ]
    assert [(a.outcome, a.answer, a.reference, a.began_at) for _, a in details.history] == [
        (each, f"the service said: {each}", f"queue-{each}", NOW) for each in outcomes
    ]


def test_only_those_who_still_need_it_get_the_next_attempt(store):
    ready(store)
    silent = NewRecipient("info@mueller.example", kind=ReceptionKind.CC)
    decision = queued(store, written(PETRA, UWE, silent, NewRecipient("x@y.example")))
    tried(store, "accepted", FOR_NOW, FOR_GOOD, "unknown")

    again = tried(store, "accepted", now=NOW + MINUTE)

    assert [each.to for each in again.waiting] == ["uwe@mueller.example"]
    assert len(again.recipients) == 4
    assert statuses(store, decision) == ["sent", "sent", "failed", "unknown"]
    assert now_at(store, decision).line.attempts == 2


def test_attempts_come_after_seconds_then_minutes_then_hours_until_patience_ends(store):
    ready(store)
    decision = queued(store)
    at, pauses = NOW, []

    while (due := now_at(store, decision).line.due_at) is not None:
        pauses.append(due - at)
        at = due
        tried(store, FOR_NOW, now=at)

    assert pauses[0] == timedelta(0)
    assert 5 * SECOND <= pauses[1] <= 10 * SECOND
    assert 15 * SECOND <= pauses[2] <= 30 * SECOND
    assert 2 * HOUR <= pauses[-1] <= 4 * HOUR
    assert at <= NOW + PATIENCE
    assert now_at(store, decision).line.status is DispatchStatus.FAILED
    assert len(told(store)) == 1


def test_a_service_that_asks_for_a_longer_wait_gets_it(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE))

    tried(store, answer(FOR_NOW, wait=HOUR), FOR_NOW)

    assert now_at(store, decision).line.due_at == NOW + HOUR


def test_a_contacts_own_deadline_ends_its_attempts(store):
    ready(store)
    decision = queued(store, deadline=NOW + MINUTE)

    tried(store, answer(FOR_NOW, wait=2 * MINUTE))

    assert now_at(store, decision).line.status is DispatchStatus.FAILED


def test_what_could_not_be_sent_by_its_deadline_fails_and_its_author_is_told(store):
    ready(store)
    late = queued(store, deadline=NOW + MINUTE)
    other = queued(store)
    sent = queued(store, deadline=NOW + MINUTE)
    first = Ledger(store, "worker").claim(QUEUE, 1, NOW)[0]
    assert first.id == late.dispatch_id
    Ledger(store, "worker").give_back()

    early = expire(store, NOW + MINUTE - SECOND)
    gone = claimed(store, now=NOW + MINUTE)
    count = expire(store, NOW + MINUTE)

    assert (early, gone, count) == (0, [other.dispatch_id], 2)
    assert statuses(store, late) == statuses(store, sent) == ["failed"]
    assert statuses(store, other) == ["queued"]
    assert len(told(store)) == 2
    assert expire(store, NOW + MINUTE) == 0


def test_what_is_being_sent_at_its_deadline_is_not_failed(store):
    ready(store)
    decision = queued(store, deadline=NOW + MINUTE)
    ledger, parcel = begun(store)

    expired = expire(store, NOW + 2 * MINUTE)
    ledger.turn(outcome_of(parcel, "accepted"), None, NOW)

    assert expired == 0
    assert statuses(store, decision) == ["sent"]


def test_an_author_is_told_once_of_everybody_who_was_not_reached(store):
    ready(store)
    queued(store, written(PETRA, UWE))

    tried(store, FOR_GOOD, FOR_GOOD)

    [text] = told(store)
    assert "Petra Müller: the service said: refused_for_good" in text
    assert "Uwe Lang" in text
    assert told(store, "1001") == told(store, "1003") == []


@pytest.mark.parametrize("outcome", ["accepted", FOR_NOW, "unknown"])
def test_an_author_is_not_told_of_what_may_still_arrive(store, outcome):
    ready(store)
    queued(store)

    tried(store, outcome)

    assert told(store) == []


# --- what comes back ------------------------------------------------------------------------


def bounce(store: Store, decision: Decision, *recipients: str, uid: int = 1) -> None:
    raw = bounce_of(now_at(store, decision).message_id, *recipients, subject=f"Returned {uid}")
    receive_letters(store, prepared(store, account()), [raw], uid)


@pytest.mark.rule("R7", "X5")
def test_a_bounce_is_noted_on_its_recipient_and_the_author_is_told_once(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE))
    tried(store, "accepted", "accepted")

    for uid in (1, 2):
        bounce(store, decision, "petra@mueller.example", uid=uid)

    assert statuses(store, decision) == ["bounced", "sent"]
    assert now_at(store, decision).line.status is DispatchStatus.PARTLY_SENT
    [text] = told(store)
    assert "no such user" in text


@pytest.mark.rule("R7")
@pytest.mark.parametrize("first", [None, FOR_NOW])
def test_a_bounce_of_what_still_waits_holds_nothing_back(store, first):
    ready(store)
    decision = queued(store)
    if first:
        tried(store, first)
    before = now_at(store, decision)

    bounce(store, decision, "petra@mueller.example")

    assert now_at(store, decision) == before
    assert told(store) == []


@pytest.mark.rule("R7", "X5")
def test_a_bounce_while_others_are_tried_again_is_not_forgotten(store):
    ready(store)
    decision = queued(store, written(PETRA, UWE))
    tried(store, "accepted", FOR_NOW)
    ledger, parcel = begun(store, NOW + MINUTE)

    bounce(store, decision, "petra@mueller.example")
    while_sending = now_at(store, decision).line.status
    ledger.turn(outcome_of(parcel, "accepted", now=NOW + MINUTE), None, NOW + MINUTE)

    assert while_sending is DispatchStatus.SENDING
    assert statuses(store, decision) == ["bounced", "sent"]
    assert now_at(store, decision).line.status is DispatchStatus.PARTLY_SENT


@pytest.mark.rule("X5")
def test_an_unknown_delivery_that_bounces_is_unknown_no_more(store):
    ready(store)
    decision = queued(store)
    tried(store, "unknown")

    bounce(store, decision, "petra@mueller.example")

    [delivery] = now_at(store, decision).line.deliveries
    assert delivery.status is DeliveryStatus.BOUNCED
    assert now_at(store, decision).line.status is DispatchStatus.BOUNCED


def test_what_was_interrupted_in_a_queue_that_is_gone_is_settled(store):
    ready(store)
    decision = queued(store)
    begun(store, holder="dead")
    enter_services(store, [], ["e-mail"])

    assert settle_interrupted(store, NOW) == 0
    assert settle_interrupted(store, EXPIRED) == 1

    assert now_at(store, decision).line.status is DispatchStatus.UNKNOWN
    assert settle_interrupted(store, EXPIRED) == 0


def test_patience_begins_with_the_first_attempt_not_with_the_outage_before_it(store):
    ready(store)
    decision = queued(store)
    monday = NOW + PATIENCE + timedelta(hours=12)

    tried(store, FOR_NOW, now=monday)

    assert now_at(store, decision).line.status is DispatchStatus.RETRYING


def test_after_a_second_attempt_no_sent_folder_tells_who_was_reached(store):
    ready(store)
    queued(store, written(PETRA, UWE))
    looks_up = frozenset({DeliveryStatus.UNKNOWN})
    tried(store, "accepted", FOR_NOW)
    tried(store, "unknown", now=NOW + PATIENCE / 2, looks_up=looks_up)

    assert due_look_ups(store, NOW + PATIENCE) == []
