"""What clocks on the wall show becomes one instant, on the nights of daylight saving too."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.zones import instant, is_zone, mark, wall, zone

ZONES = ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata"]


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.rule("A1", "A4")
@pytest.mark.parametrize(
    ("zone_name", "shown", "expected"),
    [
        ("Europe/Berlin", "2026-01-15 09:00", "2026-01-15T08:00Z"),
        ("Europe/Berlin", "2026-07-15 09:00", "2026-07-15T07:00Z"),
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59Z"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29T01:00Z"),  # left out: is 03:00 then
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:30Z"),  # left out: is 03:30 then
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59Z"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30Z"),  # the first of two
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00Z"),
        (
            "Australia/Lord_Howe",
            "2026-10-04 02:15",
            "2026-10-03T15:45Z",
        ),  # half an hour is left out
        ("Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-03T15:30Z"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45Z"),  # half an hour is twice
        ("Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04T15:30Z"),
        ("Asia/Kolkata", "2026-03-29 02:30", "2026-03-28T21:00Z"),
        ("UTC", "2026-03-29 02:30", "2026-03-29T02:30Z"),
        ("Pacific/Kiritimati", "2027-01-01 00:00", "2026-12-31T10:00Z"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00Z"),  # a day that was left out
    ],
)
def test_a_time_on_the_wall_is_one_instant(zone_name, shown, expected):
    assert instant(at(shown), zone_name) == at(expected)


@given(
    st.datetimes(at("1970-01-02"), at("2199-12-30"), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
)
def test_a_wall_shows_each_instant_unless_it_shows_it_a_second_time(moment, zone_name):
    again = instant(wall(moment, zone_name), zone_name)

    assert again == moment or (again < moment and mark(moment, zone_name))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-24T23:59Z", ""),
        ("2026-10-25T00:30Z", " CEST"),
        ("2026-10-25T01:30Z", " CET"),
        ("2026-10-25T02:00Z", ""),
        ("2026-03-29T01:00Z", ""),
    ],
)
def test_what_clocks_show_twice_is_told_apart(moment, expected):
    assert mark(at(moment), "Europe/Berlin") == expected


@pytest.mark.parametrize("name", ["Europe/Berlin", "Etc/GMT+5", "America/Argentina/Ushuaia", "UTC"])
def test_a_zone_goes_by_its_iana_name(name):
    assert is_zone(name)
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name", ["", "Berlin", "europe/berlin", "../zones", "/etc/passwd", "Europe", "Europe/Berlin\n"]
)
def test_what_is_no_zone_is_refused(name):
    assert not is_zone(name)
    with pytest.raises(ValueError, match="there is no time zone"):
        zone(name)
