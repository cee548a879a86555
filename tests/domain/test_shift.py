"""How long a run of a hot flow stays."""

from datetime import timedelta

import pytest
from builders import NOW

from domain.shift import Shift

SHIFT = Shift(NOW, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("seconds", "over", "remaining"),
    [(0, False, 600), (599, False, 1), (600, True, 0), (700, True, 0)],
)
def test_a_shift_is_over_when_its_time_is(seconds, over, remaining):
    now = NOW + timedelta(seconds=seconds)

    assert SHIFT.is_over(now) is over
    assert SHIFT.remaining(now) == remaining
