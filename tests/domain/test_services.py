"""By which account or gateway an employee sends."""

from itertools import permutations

import pytest
from sendables import service

from domain.services import in_order

ANNA, JONAS = 1, 2
HELPDESK, SALES = 1, 2  # the same numbers as Anna and Jonas


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("employees", "teams", "is_for"),
    [
        ((), (), True),
        ((ANNA,), (), True),
        ((JONAS,), (), False),
        ((), (SALES,), True),
        ((), (HELPDESK,), False),
        ((JONAS,), (SALES,), True),
        ((JONAS,), (HELPDESK,), False),
    ],
)
def test_a_service_is_for_everybody_or_for_the_people_it_names(employees, teams, is_for):
    there = service(employees=employees, teams=teams)

    assert there.is_for(ANNA, frozenset({SALES})) is is_for


def test_an_answer_goes_by_the_account_that_was_written_to_then_by_the_own_one():
    by_name = ["answered", "own", "team", "a-common", "b-common"]
    services = [
        service("answered"),
        service("own", {ANNA}),
        service("team", teams={SALES}),
        service("a-common"),
        service("b-common"),
    ]

    orders = {
        tuple(each.name for each in in_order(some, "answered", ANNA))
        for some in permutations(services)
    }

    assert orders == {tuple(by_name)}


def test_without_an_answered_contact_the_own_account_comes_first():
    services = [service("team", teams={SALES}), service("common"), service("own", {ANNA})]

    names = [each.name for each in in_order(services, None, ANNA)]

    assert names == ["own", "team", "common"]
