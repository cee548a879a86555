"""Who sees what a mail account received."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audience import (
    Assignment,
    is_private,
    is_private_contact,
    may_see,
    stands_in_view_of,
)

ANNA, BEN, CLARA = 1, 2, 3
SALES, SUPPORT = 1, 2  # the same numbers as Anna and Ben: ids of teams are no ids of employees


def assigned(*employees: int, teams: tuple[int, ...] = ()) -> Assignment:
    return Assignment(frozenset(employees), frozenset(teams))


ids = st.frozensets(st.integers(1, 5), max_size=3)
assignments = st.builds(Assignment, ids, ids)


@pytest.mark.rule("R4")
@pytest.mark.parametrize(
    ("assignment", "private"),
    [
        (assigned(ANNA), True),
        (assigned(ANNA, BEN), True),
        (assigned(ANNA, teams=(SALES,)), False),
        (assigned(teams=(SALES,)), False),
        (assigned(), False),
    ],
)
def test_an_account_is_private_if_employees_and_no_team_are_assigned(assignment, private):
    assert is_private(assignment) is private


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("receipts", "private"),
    [
        ([True], True),
        ([False], False),
        ([True, True], True),
        ([True, False], False),
        ([False, True], False),
    ],
)
def test_a_contact_is_private_only_if_every_account_that_received_it_is(receipts, private):
    assert is_private_contact(iter(receipts)) is private


@pytest.mark.rule("R5")
def test_a_contact_that_nothing_received_is_not_silently_made_public():
    with pytest.raises(ValueError, match="at least one account"):
        is_private_contact([])


@pytest.mark.rule("R4")
@pytest.mark.parametrize(("employee", "seen"), [(ANNA, True), (BEN, True), (CLARA, False)])
def test_a_private_contact_is_seen_by_the_employees_assigned_and_no_other(employee, seen):
    accounts = [assigned(ANNA), assigned(BEN)]

    assert may_see(employee, frozenset(), True, accounts) is seen


@pytest.mark.rule("R4")
def test_a_team_assigned_later_does_not_open_what_was_private():
    accounts = [assigned(ANNA, teams=(SALES,))]

    assert not may_see(BEN, frozenset({SALES}), True, accounts)


@pytest.mark.rule("R4")
def test_a_private_contact_whose_accounts_are_gone_is_seen_by_nobody():
    assert not may_see(ANNA, frozenset({SALES}), True, [])


@pytest.mark.rule("R4")
@pytest.mark.parametrize(("employee", "seen"), [(ANNA, True), (BEN, True), (CLARA, False)])
def test_a_private_contact_that_was_written_here_is_seen_by_its_readers(employee, seen):
    assert may_see(employee, frozenset({SALES}), True, [], readers={ANNA, BEN}) is seen


@pytest.mark.rule("R4")
@given(st.integers(1, 5), ids, st.booleans(), st.lists(assignments), ids)
def test_a_reader_more_never_hides_a_contact_from_anyone(employee, teams, private, accounts, more):
    before = may_see(employee, teams, private, accounts)

    after = may_see(employee, teams, private, accounts, more)

    assert after is (before or employee in more)


@pytest.mark.rule("R4")
def test_what_is_not_private_is_seen_by_every_employee():
    assert may_see(CLARA, frozenset(), False, [assigned(ANNA, teams=(SALES,))])


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    ("employee", "teams", "stands"),
    [
        (ANNA, (), True),
        (CLARA, (SUPPORT,), True),
        (CLARA, (SALES, SUPPORT), True),
        (CLARA, (SALES,), False),
        (BEN, (), False),  # has the number of the team, and is none
    ],
)
def test_a_contact_stands_in_the_views_of_the_employees_and_teams_assigned(employee, teams, stands):
    accounts = [assigned(ANNA, teams=(SUPPORT,))]

    assert stands_in_view_of(employee, frozenset(teams), accounts) is stands


@pytest.mark.rule("R3", "R5")
def test_what_several_accounts_received_stands_in_all_their_views():
    accounts = [assigned(ANNA), assigned(BEN)]

    assert stands_in_view_of(ANNA, frozenset(), accounts)
    assert stands_in_view_of(BEN, frozenset(), accounts)


@pytest.mark.rule("R3", "R4", "R5")
@given(st.integers(1, 5), ids, st.lists(assignments, min_size=1))
def test_nothing_stands_in_the_view_of_someone_who_may_not_see_it(employee, teams, accounts):
    private = is_private_contact(map(is_private, accounts))

    stands = stands_in_view_of(employee, teams, accounts)

    assert may_see(employee, teams, private, accounts) or not stands
