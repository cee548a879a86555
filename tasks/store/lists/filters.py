"""What filters of lists are made of: conditions on a row, and selections of ids by an index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, or_, select, union_all

from domain.errors import UnknownRecord
from tasks.store.lists.pages import Filter
from tasks.store.tables import addresses, cases, team_members, teams


def among(
    listed: Table, *selections: Select[Any], direct: Sequence[ColumnElement[bool]] = ()
) -> Filter:
    """Let those rows pass whose id one of these selects, as its only column.

    Or that one of the direct conditions holds for, which look at the row alone.
    """
    holds = [
        each.where(_only(each) == listed.c.id).correlate(listed).exists() for each in selections
    ]
    every = [*(select(listed.c.id).where(each) for each in direct), *selections]
    ids = every[0] if len(every) == 1 else select(*union_all(*every).subquery().c)
    return Filter(or_(*direct, *holds), ids)


def where(listed: Table, condition: ColumnElement[bool]) -> Filter:
    """Let those rows pass that a condition holds for, of which an index knows."""
    return among(listed, direct=[condition])


def colleagues(employee_id: int) -> Select[Any]:
    """Select who belongs to an own team of an employee, themselves among them."""
    own = team_members.alias("own")
    together = own.c.team_id == team_members.c.team_id
    query = select(team_members.c.employee_id).join(own, together)
    return query.where(own.c.employee_id == employee_id)


def own_teams(employee_id: int) -> Select[Any]:
    """Select the teams that an employee belongs to."""
    return select(team_members.c.team_id).where(team_members.c.employee_id == employee_id)


def address_id(connection: Connection, number: str) -> int:
    """Find an address by its number; UnknownRecord where there is none."""
    return _found(connection, addresses.c.number, number.strip(), "address")


def case_id(connection: Connection, number: str) -> int:
    """Find a case by its number; UnknownRecord where there is none."""
    return _found(connection, cases.c.number, number.strip().upper(), "case")


def team_id(connection: Connection, name: str) -> int:
    """Find a team by its name; UnknownRecord where there is none."""
    return _found(connection, teams.c.name, name.strip(), "team")


def _found(connection: Connection, column: ColumnElement[str], value: str, called: str) -> int:
    table: Any = column.table
    found: int | None = connection.scalar(select(table.c.id).where(column == value))
    if found is None:
        raise UnknownRecord(f"there is no {called} {value}")
    return found


def _only(selection: Select[Any]) -> ColumnElement[Any]:
    (column,) = selection.selected_columns
    return column
