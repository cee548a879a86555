"""Times as people write them."""

from datetime import date, datetime, timedelta

import pytest

from domain.appointments import AT_BEGIN, Alarm
from domain.written_times import written_alarm, written_time, written_week


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


NOW = at("2026-11-23T10:15:30")  # a Monday
BEGIN = at("2026-11-24T09:00")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-24 09:00", "2026-11-24T09:00"),
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24  9:00", "2026-11-24T09:00"),
        ("2026-11-24 09:00:30", "2026-11-24T09:00:30"),
        ("24.11.2026 09:00", "2026-11-24T09:00"),
        ("24.11.2026, 9.30 Uhr", "2026-11-24T09:30"),
        ("1.12.2026 um 8:05", "2026-12-01T08:05"),
        ("24.11. 09:00", "2026-11-24T09:00"),
        ("23.11. 09:00", "2026-11-23T09:00"),
        ("22.11. 09:00", "2027-11-22T09:00"),
        ("heute 9:00", "2026-11-23T09:00"),
        ("Today at 17:00", "2026-11-23T17:00"),
        ("morgen 9:00", "2026-11-24T09:00"),
        ("MORGEN um 9:00", "2026-11-24T09:00"),
        ("tomorrow 9:00", "2026-11-24T09:00"),
        ("übermorgen 0:00", "2026-11-25T00:00"),
        ("2026-11-24", "2026-11-24T00:00"),
        ("24.11.2026", "2026-11-24T00:00"),
        ("tomorrow", "2026-11-24T00:00"),
        ("29.2.2028 23:59", "2028-02-29T23:59"),
    ],
)
def test_a_time_is_read_as_people_write_it(written, read):
    assert written_time(written, NOW) == at(read)


@pytest.mark.parametrize(
    ("clock", "after", "read"),
    [
        ("10:16", None, "2026-11-23T10:16"),
        ("10:15", None, "2026-11-23T10:15"),
        ("10:14", None, "2026-11-24T10:14"),
        ("9:00", None, "2026-11-24T09:00"),
        ("17:00", BEGIN, "2026-11-24T17:00"),
        ("9:00", BEGIN, "2026-11-24T09:00"),
        ("8:59", BEGIN, "2026-11-25T08:59"),
    ],
)
def test_a_clocks_time_alone_is_the_next_one(clock, after, read):
    assert written_time(clock, NOW, after) == at(read)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "9",
        "25:00",
        "9:60",
        "2026-13-01 09:00",
        "30.2.2026 09:00",
        "29.2. 09:00",
        "0000-01-01",
        "2026-11-24 morning",
        "tomorrow morning",
        "2026-11-24T09:00+01:00",
        "2026-11-24 09:00 10:00",
    ],
)
def test_what_is_no_time_is_told_how_to_write_one(written):
    with pytest.raises(ValueError, match="is no time: write it as 2026-11-24 09:00"):
        written_time(written, NOW)


@pytest.mark.parametrize(
    "written", ["0001-01-01 00:00", "31.12.1969", "2200-01-01 00:00", "9999-12-31 23:30"]
)
def test_times_are_in_years_that_can_be_reckoned_with(written):
    with pytest.raises(ValueError, match=f"{written} is not in the years 1970 to 2199"):
        written_time(written, NOW)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("0001-W01", "0001-W01 is not in the years 1970 to 2199"),
        ("9999-W52", "9999-W52 is not in the years 1970 to 2199"),
        ("2027-W53", "there is no week 2027-W53"),
    ],
)
def test_a_week_that_there_is_not_is_named(written, problem):
    with pytest.raises(ValueError, match=problem):
        written_week(written)


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("written", "alarm"),
    [
        ("none", None),
        ("begin", AT_BEGIN),
        ("Beginn", AT_BEGIN),
        ("0m", AT_BEGIN),
        ("15m", Alarm(lead=timedelta(minutes=15))),
        ("15 min", Alarm(lead=timedelta(minutes=15))),
        ("2h", Alarm(lead=timedelta(hours=2))),
        ("1d", Alarm(lead=timedelta(days=1))),
        ("2026-11-24 08:30", Alarm(at=at("2026-11-24T08:30"))),
        ("8:30", Alarm(at=at("2026-11-24T08:30"))),
        ("heute 18:00", Alarm(at=at("2026-11-23T18:00"))),
    ],
)
def test_an_alarm_is_read_as_people_write_it(written, alarm):
    assert written_alarm(written, NOW, BEGIN) == alarm


def test_an_alarm_that_cannot_be_read_is_told_how_to_write_one():
    with pytest.raises(ValueError, match="15x is no alarm time: write it as begin, none, 15m"):
        written_alarm("15x", NOW, BEGIN)


@pytest.mark.parametrize(
    ("written", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-w1", date(2025, 12, 29)),
        ("2026W53", date(2026, 12, 28)),
    ],
)
def test_a_week_is_named_by_its_number(written, monday):
    assert written_week(written) == monday


@pytest.mark.parametrize("written", ["48", "2026-48", "2025-W53", "2026-W0", "next"])
def test_what_is_no_week_is_refused(written):
    with pytest.raises(ValueError, match="week"):
        written_week(written)
