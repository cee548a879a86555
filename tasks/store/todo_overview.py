"""What an employee has to do: their own todos, those they took, and their teams' (T4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from domain.errors import UnknownRecord
from domain.todo_overview import Group, Horizon, as_worked, horizon
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.tables import cases, employees, team_members, teams, todo_cases, todos
from tasks.store.todo_lines import TodoLine, read_lines, seen, selecting
from tasks.store.todo_visibility import todo_shown_to


@dataclass(frozen=True, slots=True)
class Section:
    """The todos of one group, the first of them, and how many they are."""

    group: Group
    todos: tuple[TodoLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which todos a list shows; all that are open, where nothing is said."""

    assignee_id: int | None = None  # delegated to them, taken or done by them
    team: str | None = None
    case: str | None = None
    done: bool = False  # those that are done, instead of the open ones


def overview(
    store: Store, employee_id: int, now: datetime, limit: int = 100
) -> tuple[Section, ...]:
    """Show what an employee has to do, as they work; at most so many todos, and all counted.

    The work of it is bounded by what is theirs, and not by all that is open.
    """
    with store.reading() as connection:
        clocks = horizon(now, _zone(connection, employee_id))
        mine = _mine(connection, employee_id)
        counts = _counts(connection, mine, clocks)
        sections, left = [], limit
        for group in Group:
            first = _first(connection, mine, group, clocks, left) if counts[group] else []
            sections.append(Section(group, tuple(first), counts[group]))
            left -= len(first)
    return tuple(each for each in sections if each.count)


def list_todos(
    store: Store, wanted: Wanted, viewer: int | None = None, limit: int = 100
) -> list[TodoLine]:
    """List todos that somebody may see: what is due first, or what was done last (L1, L5, L9).

    UnknownRecord where there is no such team or case.
    """
    with store.reading() as connection:
        which = and_(_finished(wanted), *_conditions(connection, wanted))
        order = (todos.c.due_at.is_(None), todos.c.due_at, todos.c.rank, todos.c.id)
        latest = (todos.c.done_at.desc(), todos.c.id.desc())
        query = seen(which, viewer).order_by(*(latest if wanted.done else order))
        return read_lines(connection, query.limit(limit))


def _zone(connection: Connection, employee_id: int) -> str:
    zone = connection.scalar(select(employees.c.zone).where(employees.c.id == employee_id))
    return zone or settings().zone


def _mine(connection: Connection, employee_id: int) -> Sequence[ColumnElement[bool]]:
    """Say what is an employee's, in parts that exclude one another and have an index each."""
    own = select(team_members.c.team_id).where(team_members.c.employee_id == employee_id)
    shown = todos.c.done_at.is_(None) & todo_shown_to(employee_id)
    untaken = todos.c.taken_by_id.is_(None) & shown
    return [
        (todos.c.employee_id == employee_id) & shown,
        (todos.c.taken_by_id == employee_id) & shown,
        *((todos.c.team_id == team_id) & untaken for team_id in connection.scalars(own)),
    ]


def _counts(
    connection: Connection, mine: Sequence[ColumnElement[bool]], clocks: Horizon
) -> Counter[Group]:
    group = case(*((_is_in(each, clocks), literal(each.value)) for each in Group))
    each_of = union_all(*(select(group.label("group")).where(arm) for arm in mine)).subquery()
    query = select(each_of.c.group, func.count()).group_by(each_of.c.group)
    return Counter({Group(name): count for name, count in connection.execute(query)})


def _first(
    connection: Connection,
    mine: Sequence[ColumnElement[bool]],
    group: Group,
    clocks: Horizon,
    limit: int,
) -> list[TodoLine]:
    """Read the first of a group, of each part of what is an employee's, and sort them."""
    order, inside = _order(group), _is_in(group, clocks)
    chosen = [
        select(todos.c.id).where(arm, inside).order_by(*order).limit(limit).subquery()
        for arm in mine
    ]
    ids = union_all(*(select(each.c.id) for each in chosen))
    lines = read_lines(connection, selecting().where(todos.c.id.in_(ids)))
    return as_worked(lines, clocks)[:limit]


def _is_in(group: Group, clocks: Horizon) -> ColumnElement[bool]:
    """Say which todos are in a group, as Horizon.group does."""
    due = todos.c.due_at
    if group is Group.NOT_BEGUN:
        return todos.c.begin_at > clocks.now
    begun = or_(todos.c.begin_at.is_(None), todos.c.begin_at <= clocks.now)
    times = {
        Group.OVERDUE: due < clocks.now,
        Group.TODAY: (due >= clocks.now) & (due < clocks.tomorrow),
        Group.THIS_WEEK: (due >= clocks.tomorrow) & (due < clocks.next_week),
        Group.LATER: due >= clocks.next_week,
        Group.WITHOUT_DUE: due.is_(None),
    }
    return begun & times[group]


def _order(group: Group) -> Sequence[ColumnElement[Any]]:
    """Say which of a group are read; of the days of weeks, the first ones."""
    if group is Group.NOT_BEGUN:
        return (todos.c.begin_at, todos.c.rank, todos.c.id)
    if group is Group.WITHOUT_DUE:
        return (todos.c.rank, todos.c.created_at, todos.c.id)
    if group is Group.TODAY:
        return (todos.c.rank, todos.c.due_at, todos.c.id)
    return (todos.c.due_at, todos.c.rank, todos.c.id)


def _finished(wanted: Wanted) -> ColumnElement[bool]:
    return todos.c.done_at.is_not(None) if wanted.done else todos.c.done_at.is_(None)


def _conditions(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if (who := wanted.assignee_id) is not None:
        own = (todos.c.employee_id, todos.c.taken_by_id, todos.c.done_by_id)
        conditions.append(or_(*(column == who for column in own)))
    if wanted.team is not None:
        conditions.append(todos.c.team_id == _team_id(connection, wanted.team))
    if wanted.case is not None:
        case_id = _case_id(connection, wanted.case)
        of_case = select(todo_cases.c.todo_id).where(todo_cases.c.case_id == case_id)
        conditions.append(todos.c.id.in_(of_case))
    return conditions


def _team_id(connection: Connection, name: str) -> int:
    found = connection.scalar(select(teams.c.id).where(teams.c.name == name))
    if found is None:
        raise UnknownRecord(f"there is no team {name}")
    return int(found)


def _case_id(connection: Connection, number: str) -> int:
    found = connection.scalar(select(cases.c.id).where(cases.c.number == number.strip().upper()))
    if found is None:
        raise UnknownRecord(f"there is no case {number}")
    return int(found)
