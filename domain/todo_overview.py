"""The order in which a person works: what is overdue, then day by day what matters most (T4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from domain.zones import instant, wall


class Group(StrEnum):
    """When something is to be done, in the order of work."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"
    WITHOUT_DUE = "without_due"
    NOT_BEGUN = "not_begun"


class Sortable(Protocol):
    """What is sorted: a todo."""

    @property
    def id(self) -> int:
        """Tell todos apart that are alike."""

    @property
    def begin(self) -> datetime | None:
        """Give the instant before which nothing is to be done."""

    @property
    def due(self) -> datetime | None:
        """Give the instant until which it is to be done."""

    @property
    def rank(self) -> int:
        """Give the rank of the priority, 0 for the highest."""

    @property
    def created(self) -> datetime:
        """Give the instant since which it is there."""


T = TypeVar("T", bound=Sortable)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Where groups end, by the clocks of whoever works."""

    now: datetime
    tomorrow: datetime
    next_week: datetime  # Monday
    zone: str

    def group(self, todo: Sortable) -> Group:
        """Say when a todo is to be done."""
        if todo.begin is not None and todo.begin > self.now:
            return Group.NOT_BEGUN
        if todo.due is None:
            return Group.WITHOUT_DUE
        if todo.due < self.now:
            return Group.OVERDUE
        if todo.due < self.tomorrow:
            return Group.TODAY
        return Group.THIS_WEEK if todo.due < self.next_week else Group.LATER


def horizon(now: datetime, zone: str) -> Horizon:
    """Say when tomorrow and the next week begin for somebody in a zone."""
    today = wall(now, zone).date()
    midnight = datetime.combine(today, time())
    tomorrow = instant(midnight + timedelta(days=1), zone)
    monday = instant(midnight + timedelta(days=7 - today.weekday()), zone)
    return Horizon(now, tomorrow, monday, zone)


def as_worked(todos: Iterable[T], seen: Horizon) -> list[T]:
    """Sort todos as a person works.

    The longest overdue come first; on each day what matters most, then what is due first; then
    what has no due time, by what matters and by age; and what is yet to begin.
    """
    return sorted(todos, key=lambda todo: _place(todo, seen))


def _place(todo: Sortable, seen: Horizon) -> tuple[Any, ...]:
    group = seen.group(todo)
    return (list(Group).index(group), *_place_in(group, todo, seen), todo.id)


def _place_in(group: Group, todo: Sortable, seen: Horizon) -> tuple[Any, ...]:
    if group is Group.NOT_BEGUN:
        return (todo.begin, todo.rank)
    if todo.due is None:
        return (todo.rank, todo.created)
    if group is Group.OVERDUE:
        return (todo.due, todo.rank)
    return (wall(todo.due, seen.zone).date(), todo.rank, todo.due)
