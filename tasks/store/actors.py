"""The acting employee, as the directory knows them (X2)."""

from sqlalchemy import Connection, select

from domain.errors import UnknownRecord
from domain.sending import Actor
from tasks.store.tables import employees, team_members


def actor(connection: Connection, number: str) -> Actor:
    """Read an employee by the personnel number; UnknownRecord where there is none."""
    row = connection.execute(select(employees).where(employees.c.number == number)).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no employee with the personnel number {number}")
    own_teams = select(team_members.c.team_id).where(team_members.c.employee_id == row.id)
    return Actor(
        row.id,
        frozenset(row.permissions),
        frozenset(connection.scalars(own_teams)),
        row.name,
        row.signature,
    )
