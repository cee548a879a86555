"""What becomes of a dispatch, and when it is tried again."""

from datetime import timedelta
from itertools import combinations

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import (
    LONGEST_PAUSE,
    PATIENCE,
    Answer,
    DeliveryStatus,
    DispatchCounts,
    DispatchStatus,
    Outcome,
    counts_as_sent,
    deadline_from,
    dispatch_status,
    next_attempt,
    status_after,
)

QUEUED, RETRYING, SENT, FAILED, UNKNOWN, BOUNCED, CANCELLED = DeliveryStatus
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
IN_VAIN = {FAILED, BOUNCED, CANCELLED}

statuses = st.lists(st.sampled_from(DeliveryStatus), min_size=1, max_size=6)


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.ACCEPTED, SENT),
        (Outcome.FOR_NOW, RETRYING),
        (Outcome.FOR_GOOD, FAILED),
        (Outcome.UNKNOWN, UNKNOWN),
    ],
)
def test_an_answer_tells_where_a_delivery_stands(outcome, status):
    assert status_after(Answer(outcome, "")) is status


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("deliveries", "status"),
    [
        *(({each}, DispatchStatus(each)) for each in DeliveryStatus),
        ({SENT, QUEUED}, DispatchStatus.QUEUED),
        ({SENT, RETRYING}, DispatchStatus.RETRYING),
        ({QUEUED, RETRYING}, DispatchStatus.RETRYING),
        ({UNKNOWN, RETRYING}, DispatchStatus.RETRYING),
        ({SENT, UNKNOWN}, DispatchStatus.UNKNOWN),
        ({FAILED, UNKNOWN}, DispatchStatus.UNKNOWN),
        *(({SENT, each}, DispatchStatus.PARTLY_SENT) for each in IN_VAIN),
        (IN_VAIN, DispatchStatus.BOUNCED),
        ({FAILED, CANCELLED}, DispatchStatus.FAILED),
    ],
)
def test_a_dispatch_stands_where_its_recipients_deliveries_stand(deliveries, status):
    assert dispatch_status(deliveries) is status


@pytest.mark.rule("X5")
@given(statuses)
def test_a_dispatch_is_sent_only_where_everybody_was_reached(deliveries):
    status = dispatch_status(deliveries)

    assert (status is DispatchStatus.SENT) is (set(deliveries) == {SENT})
    assert (status is DispatchStatus.PARTLY_SENT) is (
        SENT in deliveries
        and bool(IN_VAIN & set(deliveries))
        and set(deliveries) <= IN_VAIN | {SENT}
    )


@pytest.mark.rule("X5")
@given(statuses, st.randoms())
def test_the_order_and_number_of_recipients_does_not_change_a_status(deliveries, draw):
    shuffled = draw.sample(deliveries * 2, k=2 * len(deliveries))

    assert dispatch_status(shuffled) is dispatch_status(deliveries)


@pytest.mark.rule("X5")
@given(statuses)
def test_while_its_data_may_be_on_the_way_a_dispatch_is_being_sent(deliveries):
    assert dispatch_status(deliveries, sending=True) is DispatchStatus.SENDING


@pytest.mark.rule("E3", "S2", "F2", "X6")
@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (QUEUED, True),
        (RETRYING, True),
        (SENT, True),
        (UNKNOWN, True),
        (FAILED, False),
        (BOUNCED, False),
        (CANCELLED, False),
    ],
)
def test_what_reached_nobody_and_never_will_does_not_count_as_sent(status, counts):
    assert counts_as_sent([status]) is counts
    assert all(counts_as_sent([status, other]) is counts for other in IN_VAIN)


@pytest.mark.rule("E3", "X6")
@pytest.mark.parametrize("deliveries", list(combinations(DeliveryStatus, 2)))
def test_one_recipient_who_was_or_may_be_reached_makes_a_dispatch_count(deliveries):
    assert counts_as_sent(deliveries) is any(counts_as_sent([each]) for each in deliveries)


def test_attempts_begin_after_ten_seconds_and_go_on_for_two_days():
    pauses, at = [], NOW
    while after := next_attempt(len(pauses) + 1, NOW, at):
        pauses.append(after - at)
        at = after

    assert [pause / SECOND for pause in pauses[:4]] == [10, 30, 90, 270]
    assert pauses[-1] == LONGEST_PAUSE
    assert pauses == sorted(pauses)
    assert PATIENCE - LONGEST_PAUSE < at - NOW <= PATIENCE


@given(st.integers(1, 100), st.floats(0, 1, exclude_max=True))
def test_jitter_brings_an_attempt_forward_by_at_most_half(attempts, jitter):
    due = next_attempt(attempts, NOW, NOW)
    early = next_attempt(attempts, NOW, NOW, jitter=jitter)

    assert due is not None
    assert early is not None
    assert NOW + (due - NOW) / 2 <= early + timedelta(microseconds=1)
    assert early <= due


@pytest.mark.parametrize(
    ("wait", "after"), [(None, 10), (timedelta(seconds=5), 10), (timedelta(minutes=7), 420)]
)
def test_a_service_may_ask_for_a_longer_wait_and_not_for_a_shorter_one(wait, after):
    assert next_attempt(1, NOW, NOW, wait) == NOW + after * SECOND


@pytest.mark.parametrize(
    ("wait", "deadline", "ends"),
    [
        (PATIENCE, None, False),
        (PATIENCE + SECOND, None, True),
        (10 * SECOND, NOW + 10 * SECOND, False),
        (11 * SECOND, NOW + 10 * SECOND, True),
        (PATIENCE + SECOND, NOW + PATIENCE + HOUR, False),
    ],
)
def test_what_would_come_after_the_deadline_or_two_days_is_not_tried(wait, deadline, ends):
    at = next_attempt(1, NOW, NOW, wait, deadline)

    assert at == (None if ends else NOW + wait)


@pytest.mark.parametrize(
    ("wanted", "deadline"),
    [
        (None, NOW + PATIENCE),
        (NOW + HOUR, NOW + HOUR),
        (NOW, NOW + PATIENCE),
        (NOW - HOUR, NOW + PATIENCE),
    ],
)
def test_what_is_put_off_has_time_from_then_on(wanted, deadline):
    assert deadline_from(NOW, wanted) == deadline


def test_counts_add_up_and_name_what_there_is():
    first = DispatchCounts.of([Answer(Outcome.ACCEPTED, ""), Answer(Outcome.FOR_NOW, "")])
    second = DispatchCounts.of([Answer(Outcome.ACCEPTED, ""), Answer(Outcome.UNKNOWN, "")])

    both = first + second

    assert both == DispatchCounts(accepted=2, refused_for_now=1, unknown=1)
    assert str(both) == "2 accepted, 1 refused for now, 1 unknown"
    assert str(DispatchCounts()) == "nothing to send"
