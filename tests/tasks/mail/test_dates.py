"""Dates as mailers write them."""

from datetime import UTC, datetime

import pytest

from tasks.mail.dates import read_date, received_date


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 2026 10:00:00 +0100",
        "Mon, 23 Nov 2026 10:00:00 +0100 (CET)",
        "Mon, 23 Nov 2026 10:00:00 +01:00",
        "Mon,23 Nov 2026 10:00 +0100",
        "23 Nov 26 10:00 MEZ",
        "23 Nov 126 10:00 CET",
        "Mon, 23 Nov 2026 11:00:00 CEST",
        "Mon, 23 Nov 2026 09:00:00 UT",
        "Mon, 23 Nov 2026 09:00:00 GMT+0000",
        "Mon, 23 Nov 2026 09:00:00",
        "Mon, 23 Nov 2026 09:00:00 -0000",
        "Mon, 23 Nov 2026 09:00:00 XYZ",
        "Mon, 23 Nov 2026 09:00:00 +9900",
        "Mon, 23 Nov 2026 04:00:00 EST",
        "Mon, 23 Nov 2026 10:00:00.123 +0100",
        "Mon, 23 Nov 2026 09:00 AM +0000",
        "Mo, 23. Nov 2026 10.00.00 +0100",
        "23-Nov-2026 09:00:00",
        "Mon Nov 23 09:00:00 2026",
        "Mon Nov 23 10:00:00 MEZ 2026",
        "2026-11-23T10:00:00+01:00",
        "2026-11-23 09:00:00Z",
    ],
)
def test_one_instant_is_written_in_many_ways(text):
    assert read_date(text) == datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [("5 Mär 2026 00:00", 3, 5), ("5 Mai 2026 00:00", 5, 5), ("5 Dez 2026 00:00", 12, 5)],
)
def test_german_months_are_known(text, month, day):
    assert read_date(text) == datetime(2026, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Mon, 32 Nov 2026 10:00:00 +0100",
        "Mon, 23 Foo 2026 10:00:00 +0100",
        "Mon, 23 Nov 2026 25:00:00 +0100",
        "Thu, 01 Jan 1904 00:00:00 +0000",
        "Mon, 23 Nov 9999 10:00:00 -1200",
        "Mon, 23 Nov 99999 10:00:00 +0000",
        "2026-13-01T00:00:00",
        "9" * 10_000,
    ],
)
def test_what_is_no_date_is_none(text):
    assert read_date(text) is None


def test_a_leap_second_is_a_second():
    assert read_date("31 Dec 2016 23:59:60 +0000") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_trace_ends_in_its_date():
    trace = "from a.example by b.example; for <x@y.example>; Mon, 23 Nov 2026 09:00:00 +0000"

    assert received_date(trace) == datetime(2026, 11, 23, 9, tzinfo=UTC)
