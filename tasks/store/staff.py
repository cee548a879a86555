"""Who works here, and in which time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.errors import UnknownRecord
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.tables import employees, team_members, teams


@dataclass(frozen=True, slots=True)
class Colleague:
    """An employee, as calendars and plans name them."""

    id: int
    number: str
    name: str
    zone: str  # IANA name: their own, else the installation's
    active: bool = True  # until they leave


def colleague(store: Store, number: str) -> Colleague:
    """Find an employee by the personnel number; UnknownRecord where there is none."""
    with store.reading() as connection:
        row = connection.execute(
            select(employees).where(employees.c.number == number)
        ).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no employee with the personnel number {number}")
    return _colleague(row)


def staff(store: Store, team: str | None = None) -> Sequence[Colleague]:
    """List who works here, or in one team, by name; UnknownRecord where there is no such team."""
    query = select(employees).where(employees.c.active).order_by(employees.c.name, employees.c.id)
    with store.reading() as connection:
        if team is not None:
            team_id = connection.scalar(select(teams.c.id).where(teams.c.name == team))
            if team_id is None:
                raise UnknownRecord(f"there is no team {team}")
            query = query.join(team_members, team_members.c.employee_id == employees.c.id)
            query = query.where(team_members.c.team_id == team_id)
        return [_colleague(row) for row in connection.execute(query)]


def _colleague(row: Any) -> Colleague:
    return Colleague(row.id, row.number, row.name, row.zone or settings().zone, row.active)
