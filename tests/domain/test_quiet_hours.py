"""Quiet hours end when clocks on the employee's wall say so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quiet_hours import after_quiet
from domain.zones import instant

BERLIN = "Europe/Berlin"
TIMES = st.times().map(lambda time: f"{time:%H:%M}")
# A year with both changes of the clocks.
DAY = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 366 * 24 * 60).map(lambda minutes: DAY + timedelta(minutes=minutes))


def berlin(text: str) -> datetime:
    return instant(datetime.fromisoformat(text), BERLIN)


@pytest.mark.parametrize(
    ("at", "quiet", "after"),
    [
        ("2026-11-23T21:59:59", ("22:00", "07:00"), "2026-11-23T21:59:59"),
        ("2026-11-23T22:00", ("22:00", "07:00"), "2026-11-24T07:00"),
        ("2026-11-23T23:59", ("22:00", "07:00"), "2026-11-24T07:00"),
        ("2026-11-24T00:00", ("22:00", "07:00"), "2026-11-24T07:00"),
        ("2026-11-24T06:59:59", ("22:00", "07:00"), "2026-11-24T07:00"),
        ("2026-11-24T07:00", ("22:00", "07:00"), "2026-11-24T07:00"),
        ("2026-11-23T12:30", ("12:00", "13:00"), "2026-11-23T13:00"),
        ("2026-11-23T13:00", ("12:00", "13:00"), "2026-11-23T13:00"),
        ("2026-11-23T11:59", ("12:00", "13:00"), "2026-11-23T11:59"),
        ("2026-11-23T23:30", ("23:00", "00:00"), "2026-11-24T00:00"),
        ("2026-12-31T23:30", ("22:00", "07:00"), "2027-01-01T07:00"),
    ],
)
def test_what_falls_into_them_waits_for_their_end(at, quiet, after):
    assert after_quiet(berlin(at), *quiet, BERLIN) == berlin(after)


@pytest.mark.parametrize("times", [("", ""), ("22:00", "22:00")])
def test_without_both_ends_or_with_equal_ones_nothing_is_quiet(times):
    at = berlin("2026-11-23T22:00")

    assert after_quiet(at, *times, BERLIN) == at


@pytest.mark.parametrize(
    ("at", "quiet", "after"),
    [
        # 2026-03-29: 02:00 becomes 03:00, which is 01:00 UTC.
        ("2026-03-28T22:00", ("22:00", "07:00"), "2026-03-29T05:00"),
        ("2026-03-28T23:00", ("22:00", "02:30"), "2026-03-29T01:30"),  # left out: 03:30
        ("2026-03-29T01:15", ("02:30", "06:00"), "2026-03-29T01:15"),
        ("2026-03-29T01:30", ("02:30", "06:00"), "2026-03-29T04:00"),
        ("2026-03-29T01:20", ("02:30", "03:15"), "2026-03-29T01:20"),  # over before it begins
        # 2026-10-25: 03:00 becomes 02:00, which is 01:00 UTC.
        ("2026-10-24T22:00", ("22:00", "07:00"), "2026-10-25T06:00"),
        ("2026-10-25T00:15", ("22:00", "02:30"), "2026-10-25T00:30"),  # shown twice: the first
        ("2026-10-25T01:15", ("22:00", "02:30"), "2026-10-25T01:15"),
        ("2026-10-25T01:10", ("02:30", "06:00"), "2026-10-25T05:00"),  # began at the first 02:30
    ],
)
def test_in_the_nights_in_which_clocks_are_changed(at, quiet, after):
    utc = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(after).replace(tzinfo=UTC)

    assert after_quiet(utc, *quiet, BERLIN) == expected


def test_each_employee_has_their_own_clocks():
    at = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)

    assert after_quiet(at, "22:00", "07:00", BERLIN) == at
    assert after_quiet(at, "22:00", "07:00", "Europe/Istanbul") == datetime(
        2026, 11, 24, 4, tzinfo=UTC
    )


@given(INSTANTS, TIMES, TIMES)
def test_what_waited_once_need_not_wait_again(at, first, last):
    after = after_quiet(at, first, last, BERLIN)

    assert after_quiet(after, first, last, BERLIN) == after
    assert at <= after < at + timedelta(days=2)
