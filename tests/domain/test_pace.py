"""How many messages may go out now."""

from datetime import timedelta

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from domain.pace import allowance

MINUTE = timedelta(minutes=1)


def test_without_a_limit_everything_goes():
    assert allowance(None, NOW, 0, 50) == (50, None)


@pytest.mark.parametrize(
    ("per_minute", "at_once"), [(1, 1), (30, 1), (60, 1), (120, 2), (600, 10), (6000, 50)]
)
def test_a_rested_account_sends_a_seconds_worth_at_once_and_at_least_one(per_minute, at_once):
    allowed, next_turn = allowance(NOW - MINUTE, NOW, per_minute, 50)

    assert allowed == at_once
    assert next_turn == NOW + at_once * MINUTE / per_minute


@pytest.mark.parametrize(("after", "allowed"), [(0, 0), (59.9, 0), (60, 1)])
def test_one_a_minute_is_one_a_minute(after, allowed):
    _, next_turn = allowance(None, NOW, 1, 1)

    assert allowance(next_turn, NOW + timedelta(seconds=after), 1, 1)[0] == allowed


def test_who_gets_nothing_does_not_move_the_next_turn():
    _, next_turn = allowance(None, NOW, 1, 1)

    assert allowance(next_turn, NOW, 1, 5) == (0, next_turn)


@given(
    per_minute=st.integers(1, 2000),
    asked=st.lists(
        st.tuples(
            st.floats(0, 20).map(lambda seconds: timedelta(seconds=seconds)), st.integers(1, 60)
        ),
        max_size=40,
    ),
)
def test_no_minute_sees_more_than_its_messages_and_a_seconds_worth(per_minute, asked):
    at, next_turn, sent = NOW, None, []
    for pause, wanted in asked:
        at += pause
        allowed, next_turn = allowance(next_turn, at, per_minute, wanted)
        sent += [at] * allowed

    most = per_minute + max(1, per_minute // 60) + 1  # it begins and ends between two turns
    assert all(sum(begin <= each < begin + MINUTE for each in sent) <= most for begin in sent)
