"""Recurring appointments take place as RFC 5545 has it, and a rule that cannot be is refused."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.appointments import BookingReason, Period
from domain.recurrence import MOST, begins, reasons_against_rule

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
QUICK = 1.5  # seconds; it takes 0.3, and dateutil alone 6 to 8
HOURS, MINUTES = (",".join(map(str, range(most))) for most in (24, 60))


def at(text):
    return datetime.fromisoformat(text)


def period(begins="2026-11-25 09:00", zone="Europe/Berlin", **changes):
    return Period(at(begins), at(begins) + timedelta(days=1), zone, **changes)


def reasons(rule, where=None):
    return [each.reason for each in reasons_against_rule(where or period(), rule)]


def days_of(rule, where):
    return [f"{each:%Y-%m-%d}" for each in begins(where, rule)]


def test_without_a_rule_an_appointment_takes_place_once():
    assert begins(period(), None) == [at("2026-11-25 09:00")]
    assert reasons(None) == []


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("first", "rule", "expected"),
    [
        ("1997-09-02", "FREQ=DAILY;COUNT=3", "1997-09-02 1997-09-03 1997-09-04"),
        ("1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=3", "1997-09-02 1997-09-12 1997-09-22"),
        ("1997-09-02", "FREQ=WEEKLY;COUNT=3", "1997-09-02 1997-09-09 1997-09-16"),
        (
            "1997-08-05",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            "1997-08-05 1997-08-10 1997-08-19 1997-08-24",
        ),
        (
            "1997-08-05",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            "1997-08-05 1997-08-17 1997-08-19 1997-08-31",
        ),
        ("1997-09-05", "FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05 1997-10-03 1997-11-07"),
        ("1997-09-22", "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22 1997-10-20 1997-11-17"),
        ("1997-09-28", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", "1997-09-28 1997-10-29 1997-11-28"),
        (
            "1997-09-04",
            "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            "1997-09-04 1997-10-07 1997-11-06",
        ),
        (
            "1997-09-29",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3",
            "1997-09-29 1997-10-30 1997-11-27",
        ),
        ("1997-05-19", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19 1998-05-18 1999-05-17"),
        (
            "1997-05-12",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3",
            "1997-05-12 1998-05-11 1999-05-17",
        ),
        ("1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;COUNT=3", "1997-05-12 1998-05-11 1999-05-17"),
        (
            "1997-01-01",
            "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
            "1997-01-01 1997-04-10 1997-07-19 2000-01-01",
        ),
        (
            "1996-11-05",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
            "1996-11-05 2000-11-07 2004-11-02",
        ),
        ("2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=4", "2007-01-15 2007-01-30 2007-02-15"),
    ],
)
def test_the_examples_of_the_rfc_take_place_as_it_says(first, rule, expected):
    where = period(f"{first} 09:00", "America/New_York")

    found = days_of(rule, where)

    assert reasons(rule, where) == []
    assert found[: len(expected.split())] == expected.split()
    assert {each.time() for each in begins(where, rule)} == {time(9)}


@pytest.mark.parametrize(
    ("first", "rule", "expected"),
    [
        ("2024-02-29", "FREQ=YEARLY;COUNT=3", "2024-02-29 2028-02-29 2032-02-29"),
        ("2096-02-29", "FREQ=YEARLY;COUNT=2", "2096-02-29 2104-02-29"),  # 2100 has none
        ("2026-01-31", "FREQ=MONTHLY;COUNT=3", "2026-01-31 2026-03-31 2026-05-31"),
        ("2026-12-30", "FREQ=DAILY;COUNT=4", "2026-12-30 2026-12-31 2027-01-01 2027-01-02"),
        ("2026-12-31", "FREQ=WEEKLY;COUNT=2", "2026-12-31 2027-01-07"),
        ("2026-02-13", "FREQ=DAILY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "2026-02-13 2026-03-13"),
        ("2026-11-25", "freq=daily;count=2", "2026-11-25 2026-11-26"),
    ],
)
def test_short_months_leap_days_and_ends_of_years_are_kept(first, rule, expected):
    assert days_of(rule, period(f"{first} 09:00"))[: len(expected.split())] == expected.split()


@pytest.mark.rule("A4")
def test_a_series_keeps_its_clock_time_through_both_nights_of_daylight_saving():
    where = period("2026-03-28 02:30")

    found = [where.beginning(each) for each in begins(where, "FREQ=DAILY;COUNT=3")]

    assert [each.begins.time() for each in found] == [time(2, 30)] * 3
    assert [f"{each.begins_at:%d %H:%M}" for each in found] == ["28 01:30", "29 01:30", "30 00:30"]


def test_a_begin_that_does_not_match_the_rule_is_the_first_occurrence_and_counts():
    wednesday = period("2026-11-25 09:00")

    found = days_of("FREQ=WEEKLY;BYDAY=FR;COUNT=3", wednesday)

    assert found == ["2026-11-25", "2026-11-27", "2026-12-04"]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261127", 3),  # the whole day
        ("20261127T090000", 3),
        ("20261127T085959", 2),
        ("20261127T080000Z", 3),  # nine in Berlin
        ("20261127T075959Z", 2),
        ("20261125", 1),
        ("20261125T090000", 1),
    ],
)
def test_a_series_lasts_until_a_day_a_clock_time_or_an_instant(until, count):
    assert len(begins(period(), f"FREQ=DAILY;UNTIL={until}")) == count


@pytest.mark.parametrize(
    ("until", "count"), [("20261025T003000Z", 2), ("20261025T002959Z", 1), ("20261025T010000Z", 2)]
)
def test_an_instant_ends_a_series_in_the_night_in_which_clocks_go_back(until, count):
    assert len(begins(period("2026-10-24 02:30"), f"FREQ=DAILY;UNTIL={until}")) == count


def test_whole_days_recur_until_a_day():
    where = period("2026-11-25", all_day=True)

    assert days_of("FREQ=DAILY;UNTIL=20261126", where) == ["2026-11-25", "2026-11-26"]


def test_several_times_a_day_are_several_occurrences():
    found = begins(period(), "FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0,30;COUNT=5")

    assert [f"{each:%d %H:%M}" for each in found] == [
        "25 09:00",
        "25 09:30",
        "25 14:00",
        "25 14:30",
        "26 09:00",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every week",
        "COUNT=3",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;COUNT=3;COUNT=4",
        "FREQ=WEEKLY;;COUNT=3",
        "FREQ=WEEKLY;COUNT=3;",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=SECONDLY;COUNT=3",
        "RRULE:FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;COUNT=3\nRRULE:FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;COUNT=3\nEXDATE:20261126T090000",
        "FREQ=DAILY;COUNT=3\n",
        "DTSTART:20200101T000000\nRRULE:FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;DTSTART=20200101;COUNT=3",
        "FREQ=DAILY;COUNT=3;INTERVAL=0",
        "FREQ=DAILY;COUNT=3;INTERVAL=999999999999",
        "FREQ=DAILY;COUNT=٣",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;UNTIL=00000101",
        "FREQ=DAILY;UNTIL=20270101T250000",
        "FREQ=DAILY;COUNT=3;BYMONTH=13",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=0",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=32",
        "FREQ=WEEKLY;COUNT=3;BYDAY=XX",
        "FREQ=WEEKLY;COUNT=3;BYDAY=",
        "FREQ=WEEKLY;COUNT=3;BYDAY=2MO",
        "FREQ=WEEKLY;COUNT=3;BYMONTHDAY=3",
        "FREQ=WEEKLY;COUNT=3;BYDAY=MO;BYSETPOS=1",
        "FREQ=MONTHLY;COUNT=3;BYDAY=6MO",
        "FREQ=MONTHLY;COUNT=3;BYSETPOS=1",
        "FREQ=MONTHLY;COUNT=3;BYWEEKNO=20",
        "FREQ=YEARLY;COUNT=3;BYDAY=54MO",
        "FREQ=YEARLY;COUNT=3;BYMONTH=2;BYDAY=53MO",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=20;BYDAY=1MO",
        "FREQ=YEARLY;COUNT=3;BYEASTER=1",
        "FREQ=DAILY;COUNT=3;BYSECOND=30",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=" + ",".join(["1"] * 300),
        "FREQ=DAILY;COUNT=3" + ";" * 100_000,
    ],
)
def test_what_is_no_rule_for_appointments_is_refused(rule):
    assert reasons(rule) == [BookingReason.BAD_RULE]


def test_a_refused_rule_is_named_in_one_line_of_bounded_length():
    (refusal,) = reasons_against_rule(period(), "FREQ=DAILY\nX" + "x" * 1_000)

    assert refusal.about.startswith("FREQ=DAILY X")
    assert len(refusal.about) == 100


def test_whole_days_have_no_hours_to_recur_at():
    whole = period("2026-11-25", all_day=True)

    assert reasons("FREQ=DAILY;BYHOUR=9;COUNT=2", whole) == [BookingReason.BAD_RULE]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", BookingReason.ENDLESS_RULE),
        ("FREQ=WEEKLY;BYDAY=MO,FR", BookingReason.ENDLESS_RULE),
        (f"FREQ=DAILY;COUNT={MOST + 1}", BookingReason.TOO_MANY),
        ("FREQ=DAILY;COUNT=9999999999", BookingReason.TOO_MANY),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", BookingReason.TOO_MANY),
        ("FREQ=DAILY;UNTIL=20261124", BookingReason.EMPTY_RULE),
        ("FREQ=DAILY;UNTIL=00010101T000000Z", BookingReason.EMPTY_RULE),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", BookingReason.EMPTY_RULE),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;COUNT=3", None),
        ("FREQ=YEARLY;COUNT=174", None),
        ("FREQ=YEARLY;COUNT=175", BookingReason.OUT_OF_RANGE),
        ("FREQ=YEARLY;UNTIL=22000101", None),
        ("FREQ=YEARLY;UNTIL=22010101", BookingReason.OUT_OF_RANGE),
    ],
)
def test_a_series_ends_within_bounds(rule, expected):
    assert reasons(rule) == ([] if expected is None else [expected])


def test_a_series_of_the_most_there_can_be_is_booked():
    rule = f"FREQ=DAILY;COUNT={MOST}"

    assert reasons(rule) == []
    assert len(begins(period(), rule)) == MOST


def test_a_rule_is_not_judged_by_a_period_that_cannot_be():
    nowhere = period(zone="Mars/Olympus")

    assert reasons("FREQ=DAILY;UNTIL=20270101T000000Z", nowhere) == []
    assert reasons("FREQ=DAILY", nowhere) == [BookingReason.ENDLESS_RULE]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=3",
        "FREQ=DAILY;BYMONTH=1;BYDAY=MO;COUNT=2000",
        "FREQ=YEARLY;BYWEEKNO=1;BYMONTH=6;COUNT=3",
        f"FREQ=DAILY;BYHOUR={HOURS};BYMINUTE={MINUTES};BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        f"FREQ=YEARLY;BYDAY=MO,TU;BYHOUR={HOURS};BYMINUTE={MINUTES};BYSETPOS=-366;COUNT=2000",
    ],
)
def test_a_hostile_rule_is_judged_quickly(rule):
    began = process_time()

    reasons(rule)

    assert process_time() - began < QUICK


def in_turn(freq, interval, sunday_first, start, day):
    """Whether a day lies in a day, week, month or year whose turn it is."""
    week = (day.toordinal() - (not sunday_first)) // 7
    first_week = (start.toordinal() - (not sunday_first)) // 7
    passed = {
        "DAILY": (day.date() - start.date()).days,
        "WEEKLY": week - first_week,
        "MONTHLY": 12 * (day.year - start.year) + day.month - start.month,
        "YEARLY": day.year - start.year,
    }
    return passed[freq] % interval == 0


def is_meant(freq, start, lists, day):
    """Whether a day matches the lists of a rule, and where they say nothing, the begin."""
    months, month_days, weekdays = lists
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    from_end = day.day - last.day - 1
    if not month_days and not weekdays:
        weekdays = [start.weekday()] if freq == "WEEKLY" else []
        month_days = [start.day] if freq in ("MONTHLY", "YEARLY") else []
        months = months or ([start.month] if freq == "YEARLY" else [])
    return (
        (not months or day.month in months)
        and (not month_days or day.day in month_days or from_end in month_days)
        and (not weekdays or day.weekday() in weekdays)
    )


@given(
    freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 5),
    start=st.datetimes(at("1971-01-01"), at("2190-01-01")).map(
        lambda each: each.replace(second=0, microsecond=0)
    ),
    lists=st.tuples(
        st.lists(st.integers(1, 12), max_size=3, unique=True),
        st.lists(st.integers(1, 31) | st.integers(-31, -1), max_size=3, unique=True),
        st.lists(st.integers(0, 6), max_size=3, unique=True),
    ),
    sunday_first=st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_a_series_is_what_trying_every_single_day_finds(freq, interval, start, lists, sunday_first):
    months, month_days, weekdays = lists
    month_days = [] if freq == "WEEKLY" else month_days
    end = (start + timedelta(days=1_500)).replace(hour=23, minute=59)
    texts = {
        "BYMONTH": ",".join(map(str, months)),
        "BYMONTHDAY": ",".join(map(str, month_days)),
        "BYDAY": ",".join(DAYS[each] for each in weekdays),
        "WKST": "SU" if sunday_first else "MO",
    }
    parts = "".join(f";{name}={text}" for name, text in texts.items() if text)
    rule = f"FREQ={freq};INTERVAL={interval}{parts};UNTIL={end:%Y%m%dT%H%M%S}"
    where = Period(start, start, "UTC")
    days = [start + timedelta(days=each) for each in range(1_501)]

    expected = [
        day
        for day in days
        if in_turn(freq, interval, sunday_first, start, day)
        and is_meant(freq, start, (months, month_days, weekdays), day)
    ]

    if not expected:
        assert reasons(rule, where) == [BookingReason.EMPTY_RULE]
    else:
        assert begins(where, rule) == sorted({start, *expected})


ANY_PART = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY",
        "FREQ=MONTHLY",
        "FREQ=YEARLY",
        "COUNT=1",
        "COUNT=7",
        "COUNT=2000",
        "UNTIL=20280101",
        "UNTIL=20280101T000000Z",
        "INTERVAL=3",
        "INTERVAL=999",
        "WKST=SU",
        "BYMONTH=2",
        "BYMONTH=1,12",
        "BYMONTHDAY=-1,31",
        "BYMONTHDAY=29",
        "BYDAY=MO",
        "BYDAY=-1FR",
        "BYDAY=53SU",
        "BYDAY=1MO,TU",
        "BYWEEKNO=53",
        "BYWEEKNO=-1,1",
        "BYYEARDAY=366",
        "BYYEARDAY=-366",
        "BYSETPOS=1",
        "BYSETPOS=-2",
        "BYHOUR=2",
        "BYMINUTE=0,30",
    ]
)


@given(st.lists(ANY_PART, max_size=7).map(";".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=300)
def test_whatever_is_written_is_refused_or_begins_with_the_begin_and_goes_on(rule):
    where = period()

    found = [] if reasons(rule) else begins(where, rule)

    assert len(found) <= MOST
    assert found[:1] in ([], [where.begins])
    assert all(earlier < later for earlier, later in pairwise(found))
