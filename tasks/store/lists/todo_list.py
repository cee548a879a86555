"""Which todos a list has: filtered, searched and sorted (L1-L6, L9)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from domain.lists import Listed, Order, Wish
from tasks.store.lists.filters import (
    address_id,
    among,
    case_id,
    colleagues,
    own_teams,
    team_id,
    where,
)
from tasks.store.lists.matchcodes import by_matchcode
from tasks.store.lists.pages import Filter, Question, Sorting
from tasks.store.tables import NEVER, cases, todo_cases, todos
from tasks.store.todo_visibility import todo_shown_to

SORTINGS: Mapping[Order, Sorting] = {
    Order.DUE: Sorting((todos.c.due_key, todos.c.id)),
    Order.NEWEST: Sorting((todos.c.created_at, todos.c.id), descending=True),
    Order.OLDEST: Sorting((todos.c.created_at, todos.c.id)),
    Order.PRIORITY: Sorting((todos.c.rank, todos.c.due_key, todos.c.id)),
    Order.MATCHCODE: Sorting((todos.c.sort_key, todos.c.id)),
}


def todos_asked(connection: Connection, wish: Wish, viewer: int | None) -> Question:
    """Say which todos a list has; UnknownRecord where it names what is not there."""
    order = wish.ordered(Listed.TODOS)
    return Question(
        todos,
        f"{Listed.TODOS} {order} {wish.digest}",
        [Filter(todo_shown_to(viewer)), *_filters(connection, wish, viewer)],
        SORTINGS[order],
    )


def _filters(connection: Connection, wish: Wish, viewer: int | None) -> list[Filter]:
    filters = [*_by_state(wish), *_by_person(wish, viewer)]
    if wish.term:
        filters.append(by_matchcode(connection, todos, wish.term))
    if wish.address is not None:
        of_address = (
            select(todo_cases.c.todo_id)
            .join(cases, cases.c.id == todo_cases.c.case_id)
            .where(cases.c.address_id == address_id(connection, wish.address))
        )
        filters.append(among(todos, of_address))
    if wish.case is not None:
        its = todo_cases.c.case_id == case_id(connection, wish.case)
        filters.append(among(todos, select(todo_cases.c.todo_id).where(its)))
    if wish.team is not None:
        filters.append(where(todos, todos.c.team_id == team_id(connection, wish.team)))
    if wish.since or wish.until:
        since, until = wish.since or datetime.min.replace(tzinfo=UTC), wish.until or NEVER
        filters.append(where(todos, (todos.c.due_key >= since) & (todos.c.due_key < until)))
    return filters


def _by_person(wish: Wish, viewer: int | None) -> list[Filter]:
    if viewer is None:
        return []
    filters = []
    if wish.own:
        filters.append(among(todos, direct=_delegated_to([viewer])))
    if wish.own_teams:
        of_teams = todos.c.team_id.in_(own_teams(viewer))
        filters.append(among(todos, direct=[*_delegated_to(colleagues(viewer)), of_teams]))
    return filters


def _delegated_to(employee_ids: Sequence[int] | Select[Any]) -> list[ColumnElement[bool]]:
    return [todos.c.employee_id.in_(employee_ids), todos.c.taken_by_id.in_(employee_ids)]


def _by_state(wish: Wish) -> list[Filter]:
    if wish.only_open:
        return [where(todos, todos.c.done_at.is_(None))]
    return [where(todos, todos.c.done_at.is_not(None))] if wish.only_done else []
