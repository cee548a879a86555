"""Noticing that an account which brought mail daily brings none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.silence import is_silent, silent_since

MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)
SATURDAY_BEFORE, FRIDAY_BEFORE = MONDAY - 2 * DAY, MONDAY - 3 * DAY
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + ahead * DAY for ahead in (1, 2, 3))
THREE_WEEKS = [MONDAY - back * DAY for back in range(1, 22)]
WORKING_DAYS = [day for day in THREE_WEEKS if day.weekday() < 5]


def without(*days: date) -> list[date]:
    return [day for day in WORKING_DAYS if day not in days]


def test_a_whole_working_day_without_mail_is_silence():
    assert is_silent(WORKING_DAYS, today=TUESDAY)


@pytest.mark.parametrize("today", [SATURDAY_BEFORE, MONDAY - DAY, MONDAY])
def test_a_weekend_without_mail_is_none(today):
    assert not is_silent(WORKING_DAYS, today)


def test_a_day_that_is_not_over_tells_nothing():
    assert not is_silent([*WORKING_DAYS, MONDAY], today=TUESDAY)


def test_a_day_off_without_mail_is_no_silence():
    assert not is_silent(WORKING_DAYS, today=TUESDAY, days_off=[MONDAY])


def test_days_off_in_the_past_break_no_habit():
    vacation = WORKING_DAYS[2:7]

    assert is_silent(without(*vacation), today=TUESDAY, days_off=vacation)
    assert not is_silent(without(*vacation), today=TUESDAY)


@pytest.mark.parametrize("alive", [MONDAY, TUESDAY, TUESDAY + DAY])
def test_mail_today_or_on_the_last_working_day_ends_the_silence(alive):
    assert not is_silent([*WORKING_DAYS, alive], today=TUESDAY)


def test_mail_on_a_weekend_ends_the_silence_too():
    friday_missing = without(FRIDAY_BEFORE)

    assert is_silent(friday_missing, today=MONDAY)
    assert not is_silent([*friday_missing, SATURDAY_BEFORE], today=MONDAY)


def test_silence_counts_from_the_last_day_with_mail():
    assert silent_since(WORKING_DAYS, today=THURSDAY) == FRIDAY_BEFORE


def test_silence_stays_known_however_long_it_lasts():
    assert silent_since(WORKING_DAYS, today=MONDAY + 300 * DAY) == FRIDAY_BEFORE


def test_nothing_is_silent_without_days_to_compare_with():
    assert silent_since([], today=TUESDAY) is None


@pytest.mark.parametrize(
    ("days", "silent"),
    [
        (WORKING_DAYS[:4], False),
        (WORKING_DAYS[:5], True),
        (WORKING_DAYS[:7:2], False),  # each second day: four of seven
        ([*WORKING_DAYS[:7:2], WORKING_DAYS[7]], False),  # the fifth is too long ago
        (WORKING_DAYS[::5], False),  # once a week
    ],
)
def test_only_mail_on_five_of_seven_working_days_is_a_habit(days, silent):
    assert is_silent(days, today=MONDAY + 30 * DAY) is silent


@pytest.mark.parametrize(
    ("missing", "today", "silent"),
    [
        ([WORKING_DAYS[2]], TUESDAY, False),
        ([WORKING_DAYS[2]], WEDNESDAY, True),
        ([WORKING_DAYS[2], WORKING_DAYS[3]], WEDNESDAY, False),
        ([WORKING_DAYS[2], WORKING_DAYS[3]], THURSDAY, True),
        ([WORKING_DAYS[2], WORKING_DAYS[4]], TUESDAY, False),
        ([WORKING_DAYS[2], WORKING_DAYS[4]], WEDNESDAY, True),
        ([WORKING_DAYS[8]], TUESDAY, True),  # too long ago to belong to the habit
    ],
)
def test_an_account_with_quiet_days_is_silent_only_after_more_of_them(missing, today, silent):
    assert is_silent(without(*missing), today) is silent


@given(st.sets(st.sampled_from(THREE_WEEKS)), st.integers(0, 60))
def test_an_account_that_brought_mail_today_is_never_silent(days, ahead):
    today = MONDAY + ahead * DAY

    assert not is_silent(days | {today}, today)


@given(st.sets(st.sampled_from(THREE_WEEKS)), st.integers(0, 60), st.integers(0, 60))
def test_who_is_silent_stays_silent_until_mail_comes(days, one, other):
    earlier, later = sorted((MONDAY + one * DAY, MONDAY + other * DAY))

    assert is_silent(days, later) or not is_silent(days, earlier)
