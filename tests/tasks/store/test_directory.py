"""The directory is applied from a file, again and again."""

import pytest
from builders import DIRECTORY, account, letter, prepared, receive_letters, rows
from sqlalchemy import select

from domain.directory import Address, Directory, Employee, Person, Team
from domain.errors import UnknownRecord
from tasks.store.contacts import list_contacts, show_contact
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.tables import (
    addresses,
    cases,
    employees,
    mail_addresses,
    persons,
    team_members,
    teams,
)

EVERYTHING = (employees, teams, team_members, addresses, persons, mail_addresses, cases)


def test_a_directory_that_is_applied_twice_is_there_once(store):
    apply_directory(store, DIRECTORY)
    before = [rows(store, table) for table in EVERYTHING]

    apply_directory(store, DIRECTORY)

    assert [rows(store, table) for table in EVERYTHING] == before == [3, 2, 2, 2, 3, 9, 3]


def test_what_changed_is_brought_up_to_date_and_nothing_is_deleted(store):
    apply_directory(store, DIRECTORY)

    apply_directory(
        store,
        Directory(
            employee=(Employee(number="1001", name="Anna Neumann", email="anna@new.example"),),
            team=(Team(name="Helpdesk", members=("1001",)),),
            address=(Address(number="10002", name="Frieda Lindner", emails=("f@new.example",)),),
        ),
    )

    with store.reading() as connection:
        keys = set(connection.scalars(select(mail_addresses.c.key)))
        names = set(connection.scalars(select(employees.c.name)))
    assert {"anna@new.example", "f@new.example"} <= keys
    assert keys.isdisjoint({"anna.berger@firm.example", "frieda@lindner.example"})
    assert names == {"Anna Neumann", "Jonas Weber", "Mia Krüger"}
    assert rows(store, employees) == 3


@pytest.mark.rule("R2")
def test_who_is_entered_is_known_whatever_the_case_of_the_letters(store):
    box = prepared(store, account())
    person = Person(name="Jörg Öhler", emails=("J.Oehler@Mueller.example",))
    company = Address(number="10001", name="Müller Maschinenbau GmbH", person=(person,))
    apply_directory(store, Directory(address=(company,)))

    receive_letters(store, box, [letter(cc="j.oehler@MUELLER.example")])

    [line] = list_contacts(store)
    known = {each.role: each.known_as for each in show_contact(store, line.id).correspondents}
    assert known["cc"] == "Jörg Öhler"


def test_an_employee_is_found_by_the_personnel_number(store):
    apply_directory(store, DIRECTORY)

    assert employee_by_number(store, "1002") != employee_by_number(store, "1001")
    with pytest.raises(UnknownRecord, match="personnel number 9999"):
        employee_by_number(store, "9999")
