"""Times are said as people say them, by the clocks in a person's own zone."""

from datetime import datetime, timedelta

import pytest

from domain.appointments import Period
from domain.time_words import delay_in_words, period_in_words
from domain.wording import Language

ENGLISH, GERMAN = Language.ENGLISH, Language.GERMAN


def period(begins, ends, zone="Europe/Berlin", **changes):
    return Period(datetime.fromisoformat(begins), datetime.fromisoformat(ends), zone, **changes)


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("begins", "ends", "english", "german"),
    [
        (
            "2026-11-25 09:00",
            "2026-11-25 10:30",
            "Wednesday, 25 November 2026, 09:00–10:30",
            "Mittwoch, 25. November 2026, 09:00–10:30 Uhr",
        ),
        (
            "2026-03-01 09:00",
            "2026-03-01 09:00",
            "Sunday, 1 March 2026, 09:00",
            "Sonntag, 1. März 2026, 09:00 Uhr",
        ),
        (
            "2026-12-31 22:00",
            "2027-01-01 02:00",
            "Thursday, 31 December 2026, 22:00 – Friday, 1 January 2027, 02:00",
            "Donnerstag, 31. Dezember 2026, 22:00 Uhr – Freitag, 1. Januar 2027, 02:00 Uhr",
        ),
        (
            "2026-03-29 02:30",  # clocks leave it out
            "2026-03-29 04:00",
            "Sunday, 29 March 2026, 03:30–04:00",
            "Sonntag, 29. März 2026, 03:30–04:00 Uhr",
        ),
        (
            "2026-10-25 01:30",
            "2026-10-25 02:30",  # clocks show it twice
            "Sunday, 25 October 2026, 01:30–02:30 CEST",
            "Sonntag, 25. Oktober 2026, 01:30–02:30 CEST Uhr",
        ),
    ],
)
def test_an_appointment_is_at_a_weekday_a_date_and_a_time(begins, ends, english, german):
    when = period(begins, ends)

    assert period_in_words(when, "Europe/Berlin", ENGLISH) == english
    assert period_in_words(when, "Europe/Berlin", GERMAN) == german


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (1, "Friday, 1 May 2026, all day", "Freitag, 1. Mai 2026, ganztägig"),
        (
            3,
            "Friday, 1 May 2026 – Sunday, 3 May 2026, all day",
            "Freitag, 1. Mai 2026 – Sonntag, 3. Mai 2026, ganztägig",
        ),
    ],
)
def test_whole_days_have_no_times(days, english, german):
    first = datetime.fromisoformat("2026-05-01")
    when = Period(first, first + timedelta(days=days), "Europe/Berlin", all_day=True)

    assert period_in_words(when, "Europe/Berlin", ENGLISH) == english
    assert period_in_words(when, "Europe/Berlin", GERMAN) == german


def test_whole_days_elsewhere_stay_the_days_that_they_are_there():
    when = period("2026-05-01", "2026-05-02", "Pacific/Auckland", all_day=True)

    assert (
        period_in_words(when, "Europe/Berlin", GERMAN)
        == "Freitag, 1. Mai 2026, ganztägig (Pacific/Auckland)"
    )


@pytest.mark.rule("A4")
def test_elsewhere_both_times_are_said_with_their_zones():
    when = period("2026-11-25 20:00", "2026-11-25 21:00", "America/New_York")

    assert period_in_words(when, "Europe/Berlin", ENGLISH) == (
        "Thursday, 26 November 2026, 02:00–03:00 (Europe/Berlin), "
        "that is Wednesday, 25 November 2026, 20:00–21:00 (America/New_York)"
    )


def test_where_clocks_elsewhere_show_the_same_the_time_is_said_once():
    when = period("2026-11-25 09:00", "2026-11-25 10:00", "Europe/Vienna")

    assert (
        period_in_words(when, "Europe/Berlin", ENGLISH)
        == "Wednesday, 25 November 2026, 09:00–10:00"
    )


def test_an_hour_that_clocks_show_twice_is_told_apart():
    when = period("2026-10-25 00:30", "2026-10-25 01:30", "UTC")

    assert period_in_words(when, "Europe/Berlin", GERMAN).startswith(
        "Sonntag, 25. Oktober 2026, 02:30 CEST–02:30 CET Uhr (Europe/Berlin)"
    )


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("late", "english", "german"),
    [
        ({"milliseconds": 300}, "with 0 seconds' delay", "mit 0 Sekunden Verspätung"),
        ({"seconds": 1}, "with 1 second's delay", "mit 1 Sekunde Verspätung"),
        ({"seconds": 59}, "with 59 seconds' delay", "mit 59 Sekunden Verspätung"),
        ({"seconds": 60}, "with 1 minute's delay", "mit 1 Minute Verspätung"),
        ({"minutes": 12}, "with 12 minutes' delay", "mit 12 Minuten Verspätung"),
        ({"hours": 1}, "with 1 hour's delay", "mit 1 Stunde Verspätung"),
        ({"hours": 23, "minutes": 59}, "with 23 hours' delay", "mit 23 Stunden Verspätung"),
        ({"days": 1}, "with 1 day's delay", "mit 1 Tag Verspätung"),
        ({"days": 40}, "with 40 days' delay", "mit 40 Tagen Verspätung"),
    ],
)
def test_a_delay_is_said_in_its_largest_unit(late, english, german):
    assert delay_in_words(timedelta(**late), ENGLISH) == english
    assert delay_in_words(timedelta(**late), GERMAN) == german
