"""How long to wait before trying again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import delay

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

attempts = st.integers(min_value=1, max_value=10**9)
waits = st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=7))
jitters = st.floats(min_value=0, max_value=1, exclude_max=True)


@pytest.mark.parametrize(
    ("attempt", "wait"),
    [
        (0, SECOND),
        (1, SECOND),
        (2, 2 * SECOND),
        (3, 4 * SECOND),
        (9, 256 * SECOND),
        (10, 5 * MINUTE),
        (10**9, 5 * MINUTE),
    ],
)
def test_reconnecting_waits_twice_as_long_each_time_up_to_five_minutes(attempt, wait):
    assert delay(attempt, SECOND, 5 * MINUTE) == wait


def test_a_day_of_tries_in_quarantine_begins_with_minutes():
    waits = [delay(attempt, 10 * MINUTE, 24 * HOUR) / MINUTE for attempt in range(1, 10)]

    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440]


def test_another_factor_grows_at_another_rate():
    assert delay(4, SECOND, HOUR, factor=3) == 27 * SECOND


def test_a_longest_wait_below_the_first_is_the_only_wait():
    assert delay(1, HOUR, MINUTE) == MINUTE


def test_jitter_shortens_a_wait_by_half_of_its_fraction():
    assert delay(1, 8 * SECOND, HOUR, jitter=0.5) == 6 * SECOND


@given(attempts, waits, waits, jitters)
def test_a_wait_is_never_over_the_longest_nor_under_half_of_its_due(attempt, first, last, jitter):
    due = delay(attempt, first, last)

    wait = delay(attempt, first, last, jitter=jitter)

    assert due / 2 <= wait + timedelta(microseconds=1)
    assert timedelta(0) < wait <= due <= last


@given(attempts, attempts, waits, waits)
def test_later_attempts_never_wait_less(one, other, first, longest):
    earlier, later = sorted((one, other))

    assert delay(earlier, first, longest) <= delay(later, first, longest)


@pytest.mark.parametrize(
    ("first", "longest", "factor", "jitter"),
    [
        (timedelta(0), HOUR, 2, 0),
        (-SECOND, HOUR, 2, 0),
        (SECOND, timedelta(0), 2, 0),
        (SECOND, HOUR, 1, 0),
        (SECOND, HOUR, 2, 1),
        (SECOND, HOUR, 2, -0.1),
    ],
)
def test_a_wait_that_could_not_grow_or_would_go_backwards_is_refused(
    first, longest, factor, jitter
):
    with pytest.raises(ValueError, match="a wait needs"):
        delay(1, first, longest, factor, jitter)
