"""Guests are told what they do not know yet, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from calendar_events import HOUR, event, later

from domain.invitations import Tidings, Told, newly_off, tidings

BEFORE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BETWEEN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)
WEEKLY = "FREQ=WEEKLY;COUNT=3"
ONCE, SERIES = event(), event(rule=WEEKLY)
OFF = event(cancelled={0})


def told(known) -> Told:
    return Told.of(known, "service")


@pytest.mark.parametrize(
    ("now_it_is", "invited", "known", "expected"),
    [
        (ONCE, True, None, Tidings.INVITED),
        (ONCE, True, ONCE, None),
        (ONCE, False, None, None),
        (ONCE, False, ONCE, Tidings.OFF),
        (OFF, True, None, None),
        (OFF, True, ONCE, Tidings.OFF),
        (event(later(HOUR, hours=1)), True, ONCE, Tidings.CHANGED),
        (event(place="Halle 3"), True, ONCE, Tidings.CHANGED),
        (event(matchcode="Abnahme"), True, ONCE, Tidings.CHANGED),
        (event(text="für uns"), True, ONCE, None),
        (event(rule=WEEKLY), True, SERIES, None),
        (event(rule=WEEKLY, cancelled={1}), True, SERIES, Tidings.PARTLY_OFF),
        (event(rule=WEEKLY, cancelled={0, 1, 2}), True, SERIES, Tidings.OFF),
        (event(rule=WEEKLY, moved={1: later(HOUR, days=8)}), True, SERIES, Tidings.CHANGED),
        (event(rule="FREQ=WEEKLY;COUNT=4"), True, SERIES, Tidings.CHANGED),
    ],
)
def test_a_guest_is_told_what_they_must_know(now_it_is, invited, known, expected):
    before = told(known) if known else None

    assert tidings(now_it_is, invited, before, BEFORE) is expected


@pytest.mark.parametrize(
    ("cancelled", "now", "expected"),
    [
        ({1}, BETWEEN, Tidings.PARTLY_OFF),
        ({1, 2}, BETWEEN, Tidings.REST_OFF),
        ({1, 2}, BEFORE, Tidings.PARTLY_OFF),
        ({0, 1, 2}, BETWEEN, Tidings.OFF),
    ],
)
def test_what_is_off_is_told_by_what_is_left_to_come(cancelled, now, expected):
    now_it_is = event(rule=WEEKLY, cancelled=cancelled)

    assert tidings(now_it_is, True, told(SERIES), now) is expected


def test_nobody_is_invited_to_what_is_left_of_a_series_that_is_off():
    rest_off = event(rule=WEEKLY, cancelled={1, 2})

    assert tidings(rest_off, True, None, BETWEEN) is None
    assert tidings(event(rule=WEEKLY, cancelled={1}), True, None, BETWEEN) is Tidings.INVITED


def test_who_does_not_know_yet_that_it_was_moved_is_told_that_it_is_off():
    rest_off = event(later(HOUR, hours=1), WEEKLY, cancelled={1, 2})

    assert tidings(rest_off, True, told(SERIES), BETWEEN) is Tidings.OFF
    assert tidings(rest_off, True, told(SERIES), BEFORE) is Tidings.CHANGED


@pytest.mark.parametrize("now_it_is", [OFF, event(place="Halle 3")])
def test_nobody_is_written_to_once_it_is_over(now_it_is):
    assert tidings(now_it_is, True, told(ONCE), AFTER) is None
    assert tidings(ONCE, True, None, AFTER) is None


def test_a_guest_who_waits_for_it_is_told_that_it_took_place_before():
    moved = event(later(HOUR, days=-30))

    assert tidings(moved, True, told(ONCE), BEFORE) is Tidings.CHANGED


def test_a_guest_who_was_told_that_it_is_off_is_invited_anew():
    off = replace(told(ONCE), fingerprint="")

    assert tidings(ONCE, True, off, BEFORE) is Tidings.INVITED
    assert tidings(ONCE, False, off, BEFORE) is None


def test_an_occurrence_that_is_over_is_not_called_off():
    now_it_is = event(rule=WEEKLY, cancelled={0, 2})

    assert newly_off(now_it_is, told(SERIES), BETWEEN) == [SERIES.occurrences[2].recurrence]
    assert newly_off(now_it_is, told(event(rule=WEEKLY, cancelled={2})), BETWEEN) == []


MOVED = event(later(HOUR, hours=2), sequence=3)


@pytest.mark.parametrize(
    ("before", "now_it_is", "sequence", "holds"),
    [
        (None, ONCE, 0, True),
        (ONCE, MOVED, 2, False),
        (ONCE, MOVED, 3, True),
        (ONCE, event(place="Halle 3", sequence=1), 0, True),
        (SERIES, event(rule=WEEKLY, cancelled={1}, sequence=1), 0, True),
    ],
)
def test_an_answer_is_to_the_times_of_the_invitation_that_it_answers(
    before, now_it_is, sequence, holds
):
    now_known = Told.of(now_it_is, "service", told(before) if before else None)

    assert now_known.holds_for(now_it_is, sequence) is holds


def test_an_answer_is_to_no_times_that_nobody_was_told_of_yet():
    assert not told(ONCE).holds_for(MOVED, 0)


def test_who_was_told_that_it_is_off_is_asked_anew():
    off = replace(told(ONCE), fingerprint="")

    assert Told.of(replace(ONCE, sequence=2), "service", off).since == 2


def test_what_was_told_is_read_as_it_was_written():
    known = told(event(rule=WEEKLY, cancelled={1}))

    assert Told.read(known.as_json()) == known
