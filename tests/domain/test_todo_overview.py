"""The order in which a person works."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest

from domain.todo_overview import Group, as_worked, horizon

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Berlin
SEEN = horizon(NOW, BERLIN)
HIGH, NORMAL, LOW = range(3)


@dataclass(frozen=True)
class Task:
    """A todo, as far as it is sorted."""

    id: int
    due: datetime | None = None
    rank: int = NORMAL
    begin: datetime | None = None
    created: datetime = NOW


def at(text: str) -> datetime:
    """Give an instant of November 2026, such as 25T10:00."""
    return datetime.fromisoformat(f"2026-11-{text}+00:00")


@pytest.mark.rule("T4")
@pytest.mark.parametrize(
    ("due", "begin", "group"),
    [
        ("25T08:59", None, Group.OVERDUE),
        ("25T09:00", None, Group.TODAY),
        ("25T22:59", None, Group.TODAY),
        ("25T23:00", None, Group.THIS_WEEK),
        ("29T22:59", None, Group.THIS_WEEK),
        ("29T23:00", None, Group.LATER),
        (None, None, Group.WITHOUT_DUE),
        (None, "25T09:00", Group.WITHOUT_DUE),
        (None, "25T09:01", Group.NOT_BEGUN),
        ("25T10:00", "25T09:01", Group.NOT_BEGUN),
        ("25T08:00", "25T07:00", Group.OVERDUE),
    ],
)
def test_days_and_weeks_end_by_the_clocks_of_whoever_works(due, begin, group):
    todo = Task(1, due and at(due), begin=begin and at(begin))

    assert SEEN.group(todo) is group


def test_on_a_sunday_nothing_is_left_of_this_week():
    sunday = horizon(at("29T12:00"), BERLIN)

    assert sunday.tomorrow == sunday.next_week == at("29T23:00")


def test_a_day_of_25_hours_ends_when_it_ends():
    seen = horizon(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN)

    assert seen.tomorrow == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


@pytest.mark.rule("T4")
def test_todos_are_sorted_as_a_person_works():
    in_order = [
        Task(20, at("20T09:00"), LOW),
        Task(19, at("24T09:00"), HIGH),
        Task(18, at("25T20:00"), HIGH),
        Task(17, at("25T10:00"), NORMAL),
        Task(16, at("25T11:00"), NORMAL),
        Task(15, at("25T09:30"), LOW),
        Task(14, at("27T20:00"), HIGH),
        Task(13, at("27T08:00"), NORMAL),
        Task(12, at("28T08:00"), HIGH),
        Task(11, at("30T10:00"), HIGH),
        Task(10, at("30T09:00"), LOW),
        Task(9, None, HIGH),
        Task(8, None, NORMAL, created=at("01T09:00")),
        Task(6, None, NORMAL, created=at("02T09:00")),
        Task(7, None, NORMAL, created=at("02T09:00")),
        Task(5, at("26T09:00"), LOW, begin=at("26T08:00")),
        Task(4, None, HIGH, begin=at("27T08:00")),
    ]
    shuffled = Random(1).sample(in_order, len(in_order))

    assert as_worked(shuffled, SEEN) == in_order
