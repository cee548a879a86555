"""What a change made different about an appointment, and about which of its occurrences."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.appointment_changes import (
    AppointmentFacts,
    OccurrenceFacts,
    appointment_differences,
    occurrence_facts,
)
from domain.appointments import AT_BEGIN, Alarm, Period
from domain.changes import Difference

TEN = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - what clocks on a wall show has no zone
WEEK = timedelta(weeks=1)


def occurrence(week: int) -> OccurrenceFacts:
    period = Period(TEN + week * WEEK, TEN + week * WEEK + WEEK / 168, "Europe/Berlin")
    return occurrence_facts(period, AT_BEGIN, done=False, off=False)


SERIES = AppointmentFacts(
    {"matchcode": "Halle 2", "begin": "2026-11-23 10:00"},
    {week: occurrence(week) for week in range(3)},
)


def changed(*weeks: int, **values: str) -> AppointmentFacts:
    """Give the series with something else about these occurrences."""
    others = {week: replace(SERIES.occurrences[week], **values) for week in weeks}
    return replace(SERIES, occurrences={**SERIES.occurrences, **others})


def test_what_is_so_about_all_occurrences_is_said_once():
    assert appointment_differences(SERIES, changed(0, 1, 2, done="yes")) == [
        Difference("done", "no", "yes")
    ]


@pytest.mark.parametrize(
    ("weeks", "of"),
    [((1,), "2026-11-30 10:00"), ((1, 2), "2026-11-30 10:00 … 2026-12-07 10:00")],
)
def test_what_is_so_about_some_is_said_with_which_they_are(weeks, of):
    assert appointment_differences(SERIES, changed(*weeks, cancelled="yes")) == [
        Difference("cancelled", f"{of}: no", f"{of}: yes")
    ]


def test_one_that_is_moved_is_said_from_when_to_when():
    moved = changed(1, begin="2026-12-01 10:00", end="2026-12-01 11:00")

    assert appointment_differences(SERIES, moved) == [
        Difference("begin", "2026-11-30 10:00", "2026-12-01 10:00"),
        Difference("end", "2026-11-30 11:00", "2026-12-01 11:00"),
    ]


def test_where_a_series_is_moved_its_occurrences_are_not_said_one_by_one():
    later = changed(0, 1, 2, begin="x", end="y")
    moved = replace(later, whole={**SERIES.whole, "begin": "2026-11-24 10:00"})

    assert appointment_differences(SERIES, moved) == [
        Difference("begin", "2026-11-23 10:00", "2026-11-24 10:00")
    ]


def test_nothing_is_said_where_nothing_is_different():
    assert appointment_differences(SERIES, SERIES) == []


@pytest.mark.parametrize(
    ("alarm", "shown"),
    [
        (None, None),
        (AT_BEGIN, "begin"),
        (Alarm(lead=timedelta(minutes=15)), "15m"),
        (Alarm(lead=timedelta(minutes=120)), "2h"),
        (Alarm(lead=timedelta(days=3)), "3d"),
        (Alarm(lead=timedelta(seconds=90)), "90s"),
        (Alarm(at=TEN), "2026-11-23 10:00"),
    ],
)
def test_an_alarm_is_written_down_as_the_command_line_takes_it(alarm, shown):
    period = Period(TEN, TEN, "Europe/Berlin")

    assert occurrence_facts(period, alarm, done=False, off=False).alarm == shown
