"""The directory refers only to what is in it."""

from datetime import timedelta

import pytest
from builders import DIRECTORY
from pydantic import ValidationError

from domain.alarms import USUAL, Preferences
from domain.directory import (
    Address,
    AlarmWishes,
    Case,
    CaseKind,
    Directory,
    Employee,
    Person,
    Team,
)

ANNA = Employee(number="1001", name="Anna Berger")
FIRM = Address(number="1", name="Müller", person=(Person(name="Petra"),))


def case(**fields: str) -> Case:
    return Case(number="SC-1", kind=CaseKind.SERVICE_CALL, title="Fehler", **fields)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"team": (Team(name="T", members=("9",)),)}, "team T: there is no employee 9"),
        ({"case": (case(owner="9"),)}, "case SC-1: there is no employee 9"),
        ({"case": (case(address="9"),)}, "case SC-1: there is no address 9"),
        ({"case": (case(address="1", person="Uwe"),)}, "its address has no person Uwe"),
        ({"case": (case(person="Petra"),)}, "its address has no person Petra"),
    ],
)
def test_what_is_not_there_is_named(content, told):
    with pytest.raises(ValidationError, match=told):
        Directory(employee=(ANNA,), address=(FIRM,), **content)


def test_what_is_there_may_be_referred_to():
    whole = Directory(
        employee=(ANNA,),
        address=(FIRM,),
        team=(Team(name="T", members=("1001",)),),
        case=(case(owner="1001", address="1", person="Petra"),),
    )

    assert whole.case[0].open
    assert DIRECTORY.team


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(ValidationError) as refused:
        Directory(team=(Team(name="T", members=("8", "9")),), case=(case(owner="7"),))

    assert all(f"there is no employee {number}" in str(refused.value) for number in "789")


def test_a_cases_number_is_written_in_capitals():
    lower = Case(number="sc-1", kind=CaseKind.ORDER, title="Auftrag")

    assert lower.number == "SC-1"


def test_a_misspelt_field_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        Employee.model_validate({"number": "1", "name": "Anna", "e_mail": "a@b.example"})


@pytest.mark.parametrize(
    ("wishes", "preferences"),
    [
        (AlarmWishes(), USUAL),
        (AlarmWishes(channels=("push", "e-mail")), Preferences(frozenset({"e-mail", "push"}))),
        (
            AlarmWishes(escalate_after=5, escalate_to="e-mail"),
            Preferences(frozenset(), timedelta(minutes=5), "e-mail"),
        ),
    ],
)
def test_wishes_are_what_alarms_are_armed_by(wishes, preferences):
    assert wishes.preferences == preferences


@pytest.mark.parametrize("zone", ["Mars/Base", "", "Europe/berlin ", "../../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused(zone):
    with pytest.raises(ValidationError, match="there is no time zone"):
        Employee(number="1", name="Anna", zone=zone)


@pytest.mark.parametrize(
    "wishes",
    [
        {"channels": ["message"]},
        {"channels": ["sms"]},
        {"escalate_after": 5},
        {"escalate_to": "push"},
        {"escalate_after": 0, "escalate_to": "push"},
        {"escalate_after": 1441, "escalate_to": "push"},
        {"escalate_after": 5, "escalate_to": "message"},
        {"escalte_to": "push"},
    ],
)
def test_wishes_that_cannot_be_are_refused(wishes):
    with pytest.raises(ValidationError):
        AlarmWishes.model_validate(wishes)
