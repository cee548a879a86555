"""The directory in the database: applied from a file, and looked up by mail address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from domain.alarms import Preferences
from domain.audience import Assignment
from domain.directory import ActivityType, Address, Directory, Employee
from domain.errors import ConfigurationError, UnknownRecord
from domain.mail import address_key
from domain.parties import Party, PartyKind
from tasks.store.arming import arm_employees
from tasks.store.database import Store
from tasks.store.informed import read_preferences
from tasks.store.run_changes import look_at_finished_cases
from tasks.store.tables import (
    activity_types,
    addresses,
    cases,
    employees,
    equipment,
    mail_addresses,
    persons,
    team_members,
    teams,
)
from tasks.store.wishes import enter_wishes


def apply_directory(store: Store, directory: Directory) -> None:
    """Enter a directory: what is new is added, what is there is brought up to date.

    Nothing is deleted, for contacts may refer to it. Alarms follow who left, and new wishes; what
    runs for finished cases ends.
    """
    now = store.now()
    store.write(lambda connection: _apply(connection, directory, now))


def _apply(connection: Connection, directory: Directory, now: datetime) -> None:
    before = _informable(connection)
    for employee in directory.employee:
        _apply_employee(connection, employee)
    after = _informable(connection)
    changed = {each for each in before | after if before.get(each) != after.get(each)}
    if changed:
        arm_employees(connection, changed, now)
    for team in directory.team:
        members = [number_id(connection, employees, number) for number in team.members]
        _set_members(connection, _upsert(connection, teams, {"name": team.name}, {}), members)
    for address in directory.address:
        _apply_address(connection, address)
    for thing in directory.equipment:
        known = {"name": thing.name, "active": thing.active}
        _upsert(connection, equipment, {"number": thing.number}, known)
    for kind in directory.activity_type:
        _enter_activity_type(connection, kind)
    for case in directory.case:
        address_id = number_id(connection, addresses, case.address) if case.address else None
        known = {
            "kind": case.kind,
            "title": case.title,
            "open": case.open,
            "address_id": address_id,
            "person_id": _person_id(connection, address_id, case.person),
            "owner_id": number_id(connection, employees, case.owner) if case.owner else None,
        }
        _upsert(connection, cases, {"number": case.number}, known)
    look_at_finished_cases(connection, now)


def _apply_employee(connection: Connection, employee: Employee) -> None:
    known = {
        "name": employee.name,
        "permissions": list(employee.permissions),
        "mobile": employee.mobile,
        "signature": employee.signature,
        "active": employee.active,
        "zone": employee.zone,
    }
    owner = _upsert(connection, employees, {"number": employee.number}, known)
    if employee.alarms:  # else their own wishes stay
        enter_wishes(connection, owner, employee.alarms.preferences)
    _own_mail_addresses(connection, "employee_id", owner, filter(None, [employee.email]))


def _informable(connection: Connection) -> dict[int, Preferences]:
    return read_preferences(connection, list(connection.scalars(select(employees.c.id))))


def _apply_address(connection: Connection, address: Address) -> None:
    known = {"name": address.name, "mobile": address.mobile, "fax": address.fax}
    address_id = _upsert(connection, addresses, {"number": address.number}, known)
    _own_mail_addresses(connection, "address_id", address_id, address.emails)
    for person in address.person:
        key = {"address_id": address_id, "name": person.name}
        numbers = {"mobile": person.mobile, "fax": person.fax}
        person_id = _upsert(connection, persons, key, numbers)
        _own_mail_addresses(connection, "person_id", person_id, person.emails)


def _enter_activity_type(connection: Connection, kind: ActivityType) -> None:
    connection.execute(delete(activity_types).where(activity_types.c.name == kind.name))
    row = {"name": kind.name, "options": list(kind.options)}
    connection.execute(insert(activity_types).values(**row))


def _upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> int:
    same = [table.c[name] == value for name, value in key.items()]
    row_id: int | None = connection.scalar(select(table.c.id).where(*same))
    if row_id is None:
        created = connection.execute(insert(table).values(**key, **values).returning(table.c.id))
        return int(created.scalar_one())
    if values:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))
    return row_id


def _own_mail_addresses(
    connection: Connection, owner: str, owner_id: int, emails: Iterable[str]
) -> None:
    connection.execute(delete(mail_addresses).where(mail_addresses.c[owner] == owner_id))
    rows = [
        {"key": address_key(email), "address": email.strip(), owner: owner_id} for email in emails
    ]
    if rows:
        connection.execute(insert(mail_addresses), rows)


def _set_members(connection: Connection, team_id: int, members: Sequence[int]) -> None:
    connection.execute(delete(team_members).where(team_members.c.team_id == team_id))
    rows = [{"team_id": team_id, "employee_id": member} for member in members]
    if rows:
        connection.execute(insert(team_members), rows)


def number_id(connection: Connection, table: Table, number: str) -> int:
    """Find the id of a row by its number."""
    row_id: int | None = connection.scalar(select(table.c.id).where(table.c.number == number))
    if row_id is None:
        raise ConfigurationError(f"there is no {table.name.removesuffix('s')} {number}")
    return row_id


def _person_id(connection: Connection, address_id: int | None, name: str | None) -> int | None:
    if name is None:
        return None
    at_address = (persons.c.address_id == address_id) & (persons.c.name == name)
    return connection.scalar(select(persons.c.id).where(at_address))


def assignees(store: Store) -> tuple[set[str], set[str]]:
    """Tell for whom a mail account can be: employees' numbers, and teams' names."""
    with store.reading() as connection:
        numbers = set(connection.scalars(select(employees.c.number)))
        return numbers, set(connection.scalars(select(teams.c.name)))


def assignment_for(store: Store, numbers: Iterable[str], team_names: Iterable[str]) -> Assignment:
    """Find employees by number and teams by name; ConfigurationError names who is not there."""
    with store.reading() as connection:
        return Assignment(
            frozenset(number_id(connection, employees, number) for number in numbers),
            frozenset(team_id(connection, name) for name in team_names),
        )


def team_id(connection: Connection, name: str) -> int:
    """Find the id of a team by its name."""
    found: int | None = connection.scalar(select(teams.c.id).where(teams.c.name == name))
    if found is None:
        raise ConfigurationError(f"there is no team {name}")
    return found


def employee_by_number(store: Store, number: str) -> int:
    """Find an employee's id by the personnel number."""
    with store.reading() as connection:
        found = connection.scalar(select(employees.c.id).where(employees.c.number == number))
    if found is None:
        raise UnknownRecord(f"there is no employee with the personnel number {number}")
    return int(found)


def parties_at(connection: Connection, keys: Iterable[str]) -> dict[str, list[Party]]:
    """Find everybody who carries one of these mail addresses, by folded address."""
    query = (
        select(
            mail_addresses.c.key,
            mail_addresses.c.employee_id,
            mail_addresses.c.person_id,
            func.coalesce(mail_addresses.c.address_id, persons.c.address_id).label("address_id"),
            func.coalesce(employees.c.name, persons.c.name, addresses.c.name).label("name"),
        )
        .outerjoin(employees, employees.c.id == mail_addresses.c.employee_id)
        .outerjoin(persons, persons.c.id == mail_addresses.c.person_id)
        .outerjoin(addresses, addresses.c.id == mail_addresses.c.address_id)
        .where(mail_addresses.c.key.in_(set(keys)))
    )
    found: dict[str, list[Party]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.key].append(_party(row))
    return found


def _party(row: Any) -> Party:
    if row.employee_id is not None:
        return Party(PartyKind.EMPLOYEE, row.employee_id, row.name)
    if row.person_id is not None:
        return Party(PartyKind.PERSON, row.person_id, row.name, row.address_id)
    return Party(PartyKind.ADDRESS, row.address_id, row.name, row.address_id)
