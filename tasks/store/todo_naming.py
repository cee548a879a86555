"""Whom and what a todo names: ids, and what speaks against them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from domain.refusals import Refusal
from domain.todos import TodoReason
from tasks.store.tables import activity_types, cases, employees, teams


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a todo is delegated to, and why that cannot be."""

    employee_id: int | None = None
    team_id: int | None = None
    refusals: tuple[Refusal, ...] = ()


def assignee_named(connection: Connection, employee: str | None, team: str | None) -> Assignee:
    """Find an employee by the personnel number, or a team by its name; who left gets no todos."""
    person = _found(connection, employees, "number", employee)
    group = _found(connection, teams, "name", team)
    refusals = []
    if employee is not None and person is None:
        refusals.append(Refusal(TodoReason.EMPLOYEE_UNKNOWN, employee))
    if person is not None and not person.active:
        refusals.append(Refusal(TodoReason.EMPLOYEE_LEFT, person.name))
    if team is not None and group is None:
        refusals.append(Refusal(TodoReason.TEAM_UNKNOWN, team))
    return Assignee(person and person.id, group and group.id, tuple(refusals))


def cases_of_todo(
    connection: Connection, numbers: Iterable[str]
) -> tuple[list[int], list[Refusal]]:
    """Find cases by their numbers, in whichever letters; gives their ids, and what is missing."""
    wanted = dict.fromkeys(number.strip().upper() for number in numbers)
    found = {number: _found(connection, cases, "number", number) for number in wanted}
    missing = [Refusal(TodoReason.CASE_UNKNOWN, number) for number in wanted if not found[number]]
    return [row.id for row in found.values() if row], missing


def reasons_against_activity_type(connection: Connection, name: str) -> list[Refusal]:
    """Say that there is no such activity type, where there is none."""
    known = _found(connection, activity_types, "name", name) is not None
    return [] if known else [Refusal(TodoReason.ACTIVITY_TYPE_UNKNOWN, name)]


def _found(connection: Connection, table: Table, column: str, text: str | None) -> Any:
    if text is None or not text.isprintable():
        return None
    return connection.execute(select(table).where(table.c[column] == text)).one_or_none()
