"""A series moves as a whole: its rule's days go along, or it stays where it is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.appointments import Period
from domain.recurrence import DAYS, begins, reasons_against_rule
from domain.series_moves import moved_rule

MONDAY = datetime.fromisoformat("2026-11-23T10:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at(begin: datetime) -> Period:
    return Period(begin, begin + HOUR, "Europe/Berlin")


def moved(rule: str, by: timedelta) -> str | None:
    return moved_rule(rule, at(MONDAY), at(MONDAY + by))


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("rule", "by", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", DAY, "FREQ=WEEKLY;BYDAY=TU;COUNT=4"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", -DAY, "FREQ=WEEKLY;BYDAY=SU;COUNT=4"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", 8 * DAY, "FREQ=WEEKLY;BYDAY=TU;COUNT=4"),
        ("freq=weekly;byday=mo,we;count=4", DAY, "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4"),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", 2 * DAY, "FREQ=WEEKLY;BYDAY=WE,FR;COUNT=4"),
        (
            "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10,14;COUNT=4",
            DAY,
            "FREQ=WEEKLY;BYDAY=TU;BYHOUR=10,14;COUNT=4",
        ),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=4", DAY, "FREQ=WEEKLY;BYDAY=TH;COUNT=4"),
    ],
)
def test_the_days_of_a_weekly_rule_go_along(rule, by, expected):
    assert moved(rule, by) == expected


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("rule", "by"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", HOUR),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", 14 * DAY),
        ("FREQ=WEEKLY;COUNT=4", DAY),
        ("FREQ=MONTHLY;COUNT=4", DAY),
        ("FREQ=MONTHLY;BYDAY=4MO;COUNT=4", HOUR),
        ("FREQ=MONTHLY;BYDAY=4MO;COUNT=4", 35 * DAY),  # the fourth one of December
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=4", HOUR),  # whose first one does not match it
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261130", DAY),
        ("FREQ=DAILY;BYHOUR=10,14;COUNT=4", 4 * HOUR),
    ],
)
def test_a_rule_that_gives_the_new_begin_as_well_stays(rule, by):
    assert moved(rule, by) == rule


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("rule", "by"),
    [
        ("FREQ=MONTHLY;BYDAY=4MO;COUNT=4", DAY),
        ("FREQ=MONTHLY;BYDAY=4MO;COUNT=4", 7 * DAY),
        ("FREQ=MONTHLY;BYMONTHDAY=23;COUNT=4", DAY),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=4", DAY),
        ("FREQ=YEARLY;BYMONTH=11;COUNT=4", 10 * DAY),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=9", 5 * DAY),
        ("FREQ=WEEKLY;BYMONTH=11,12;BYDAY=MO;COUNT=4", DAY),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=10,14;COUNT=4", HOUR),
        ("FREQ=DAILY;BYHOUR=10,14;COUNT=4", HOUR),
    ],
)
def test_a_series_whose_rule_cannot_go_along_is_not_moved(rule, by):
    assert moved(rule, by) is None


@given(
    days=st.lists(st.sampled_from(DAYS), max_size=4, unique=True),
    interval=st.integers(1, 4),
    week=st.sampled_from(["", *DAYS]),
    first=st.integers(0, 13),
    by=st.integers(-20, 20),
)
@settings(deadline=None, max_examples=150)
def test_each_occurrence_of_a_weekly_series_moves_by_as_many_days(days, interval, week, first, by):
    texts = {"INTERVAL": str(interval), "BYDAY": ",".join(days), "WKST": week, "COUNT": "9"}
    rule = ";".join(["FREQ=WEEKLY", *(f"{name}={text}" for name, text in texts.items() if text)])
    before, after = at(MONDAY + first * DAY), at(MONDAY + (first + by) * DAY)

    shifted = moved_rule(rule, before, after)

    assert shifted is not None
    assert reasons_against_rule(after, shifted) == []
    assert begins(after, shifted) == [each + by * DAY for each in begins(before, rule)]
