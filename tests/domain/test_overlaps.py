"""What overlaps in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.overlaps import Span, lanes, overlapping

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), max_size=12)


def span(begin: int, end: int) -> Span:
    """Give from when until when, in hours of a day."""
    return MIDNIGHT + timedelta(hours=begin), MIDNIGHT + timedelta(hours=end)


@pytest.mark.parametrize(
    ("hours", "pairs"),
    [
        ([], []),
        ([(9, 10)], []),
        ([(9, 10), (10, 11)], []),
        ([(9, 11), (10, 12)], [(0, 1)]),
        ([(10, 12), (9, 11)], [(1, 0)]),
        ([(9, 10), (9, 10)], [(0, 1)]),
        ([(8, 18), (9, 10), (11, 12)], [(0, 1), (0, 2)]),
        ([(9, 11), (10, 10)], [(0, 1)]),
        ([(9, 10), (9, 9)], []),
    ],
)
def test_what_goes_on_at_the_same_time_overlaps(hours, pairs):
    assert overlapping([span(*each) for each in hours]) == pairs


@given(SPANS)
def test_every_pair_that_overlaps_is_found_once(drawn):
    spans = [span(begin, begin + length) for begin, length in drawn]

    pairs = overlapping(spans)

    every = [(a, b) for a in range(len(spans)) for b in range(a)]
    found = {frozenset(pair) for pair in pairs}
    assert len(found) == len(pairs)
    assert found == {
        frozenset((a, b))
        for a, b in every
        if spans[a][0] < spans[b][1] and spans[b][0] < spans[a][1]
    }


@given(SPANS)
def test_in_no_lane_anything_is_drawn_over_another_one(drawn):
    spans = [(begin, begin + 1 + length) for begin, length in drawn]

    chosen = lanes(spans)

    taken = [(lane, at) for lane, each in zip(chosen, spans, strict=True) for at in range(*each)]
    assert len(set(taken)) == len(taken)


def test_what_fits_behind_another_one_shares_its_lane():
    assert lanes([(0, 5), (5, 7), (4, 6), (7, 9)]) == [0, 0, 1, 0]
