"""What is asked of a list must make sense, and what does not is said at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import BadFilter
from domain.lists import ORDERS, Listed, Order, Wish, require_sense

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("listed", "wish", "said"),
    [
        (Listed.CONTACTS, Wish(own=True), "say who you are"),
        (Listed.TODOS, Wish(own_teams=True), "say who you are"),
        (Listed.TODOS, Wish(only_open=True, only_done=True), "choose one"),
        (Listed.TODOS, Wish(since=NOON, until=NOON), "ends? before it begins"),
        (Listed.CONTACTS, Wish(order=Order.DUE), "not by due"),
        (Listed.CONTACTS, Wish(full_text="pump", order=Order.NEWEST), "name no order"),
        (Listed.TODOS, Wish(full_text="pump"), "todos have no full text"),
        (Listed.APPOINTMENTS, Wish(team="Service"), "appointments have no team"),
        (Listed.TODOS, Wish(contact=7), "todos have no contact"),
        (Listed.CASES, Wish(since=NOON), "cases have no time"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(listed, wish, said):
    with pytest.raises(BadFilter, match=said.replace("ends?", "end")):
        require_sense(listed, wish, named=False)


def test_all_that_is_wrong_is_said_at_once():
    wish = Wish(own=True, only_open=True, only_done=True)

    with pytest.raises(BadFilter, match="say who you are; only what is open"):
        require_sense(Listed.TODOS, wish, named=False)


@pytest.mark.rule("L6")
def test_filters_and_search_go_together():
    until = NOON + timedelta(days=1)
    wish = Wish("pumpe", address="A1", own=True, own_teams=True, only_open=True, since=NOON)

    for listed in (Listed.CONTACTS, Listed.APPOINTMENTS, Listed.TODOS):
        require_sense(listed, replace(wish, until=until, order=ORDERS[listed][-1]), named=True)


def test_every_wish_has_page_keys_of_its_own():
    wishes = [Wish(), Wish("a"), Wish(own=True), Wish(case="K-1"), Wish(address="K-1")]

    assert len({wish.digest for wish in wishes}) == len(wishes)
