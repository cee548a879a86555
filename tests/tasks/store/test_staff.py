"""Who works here."""

import pytest
from builders import DIRECTORY

from domain.directory import Directory, Employee
from domain.errors import UnknownRecord
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.staff import colleague, staff


@pytest.fixture
def staffed(store: Store) -> Store:
    """A store with the directory, with somebody abroad and somebody who left."""
    apply_directory(store, DIRECTORY)
    abroad = Employee(number="1005", name="Zoe Abroad", zone="America/New_York")
    left = Employee(number="1006", name="Bernd Gone", active=False)
    apply_directory(store, Directory(employee=(abroad, left)))
    return store


def test_everybody_who_works_here_is_listed_by_name(staffed):
    names = [each.name for each in staff(staffed)]

    assert names == ["Anna Berger", "Jonas Weber", "Mia Krüger", "Zoe Abroad"]


def test_a_team_is_its_members(staffed):
    assert [each.number for each in staff(staffed, "Helpdesk")] == ["1002"]


def test_an_employee_lives_by_their_own_zone_or_by_the_installations(staffed):
    assert colleague(staffed, "1005").zone == "America/New_York"
    assert colleague(staffed, "1001").zone == settings().zone


@pytest.mark.parametrize(
    ("asking", "told"),
    [
        (lambda store: staff(store, "Nobody"), "no team Nobody"),
        (lambda store: colleague(store, "4711"), "no employee with the personnel number 4711"),
    ],
)
def test_who_is_not_there_is_named(staffed, asking, told):
    with pytest.raises(UnknownRecord, match=told):
        asking(staffed)
