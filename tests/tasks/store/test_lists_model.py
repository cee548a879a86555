"""Every list, page, count and detail shows what the rules let somebody see, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from list_world import ADDRESSES, CASES, EMPLOYEES, TEAMS, TERMS, World, worlds
from sqlalchemy import delete

from domain.errors import UnknownRecord
from domain.lists import ORDERS, Listed, Wish
from tasks.store.appointments import show_appointment
from tasks.store.contacts import show_contact
from tasks.store.database import Store
from tasks.store.lists import pages
from tasks.store.lists.reading import LISTS
from tasks.store.tables import metadata
from tasks.store.todo_details import show_todo

LISTED = (Listed.CONTACTS, Listed.APPOINTMENTS, Listed.TODOS)
SHOWN = {
    Listed.CONTACTS: show_contact,
    Listed.APPOINTMENTS: show_appointment,
    Listed.TODOS: show_todo,
}


def _one_of(*said: Any) -> Any:
    return st.none() | st.sampled_from(said)


@st.composite
def wishes(draw: Any) -> tuple[Listed, Wish, int | None]:
    listed, viewer = draw(st.sampled_from(LISTED)), draw(_one_of(*EMPLOYEES))
    since = draw(_one_of(NOW, NOW + timedelta(minutes=2)))
    wish = Wish(
        search=draw(st.sampled_from(TERMS)),
        address=draw(_one_of(*(f"A{each}" for each in ADDRESSES))),
        case=draw(_one_of(*(f"K-{each}" for each in CASES))),
        own=viewer is not None and draw(st.booleans()),
        own_teams=viewer is not None and draw(st.booleans()),
        only_open=draw(st.booleans()),
        since=since,
        until=draw(_one_of(NOW + timedelta(minutes=3))),
        order=draw(st.none() | st.sampled_from(ORDERS[listed])),
    )
    if listed is Listed.TODOS:
        return listed, replace(wish, team=draw(_one_of(*(f"T{each}" for each in TEAMS)))), viewer
    return listed, replace(wish, contact=draw(_one_of(1, 2))), viewer


def simple(wish: Wish) -> list[Wish]:
    """Give each filter of a wish by itself: together they seldom let anything pass."""
    named = {name: getattr(wish, name) for name in Wish.__slots__}
    usual = {name: getattr(Wish(), name) for name in named}
    return [Wish(**{**usual, name: value}) for name, value in named.items()]


@pytest.mark.rule("L1", "L2", "L3", "L4", "L5", "L6", "L9")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds(), asked=st.lists(wishes(), min_size=3, max_size=3), data=st.data())
def test_lists_have_what_they_should_and_nothing_private(store, world, asked, data):
    emptied(store)
    store.write(world.enter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "FEW", data.draw(st.sampled_from((0, 2, 100))))
        patch.setattr(pages, "MANY", data.draw(st.sampled_from((2, 4, 100))))
        for name in ("STRETCH", "STRETCH_ASKING"):
            patch.setattr(pages, name, data.draw(st.sampled_from((1, 3, 100))))
        for listed, wish, viewer in asked:
            for each in (wish, *simple(wish)):
                compared(store, world, listed, each, viewer)


@pytest.mark.rule("L9")
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds())
def test_details_are_shown_to_who_sees_the_record_in_a_list(store, world):
    emptied(store)
    store.write(world.enter)

    for listed in LISTED:
        for viewer in (None, *EMPLOYEES):
            seen = world.expected(listed, Wish(), viewer)
            for id_ in range(1, 8):
                assert shows(store, listed, id_, viewer) is (id_ in seen)


def compared(store: Store, world: World, listed: Listed, wish: Wish, viewer: int | None) -> None:
    of = LISTS[listed]
    expected = world.expected(listed, wish, viewer)

    assert paged(store, listed, wish, viewer) == expected
    assert of.count(store, wish, viewer) == len(expected)
    openly = [line.id for line in of.page(store, wish, viewer, openly=True).lines]
    assert openly == [id_ for id_ in expected if id_ in world.expected(listed, Wish(), None)]
    assert [line.id for line in of.each(store, wish, viewer)] == expected


def paged(store: Store, listed: Listed, wish: Wish, viewer: int | None) -> list[int]:
    page = LISTS[listed].page(store, wish, viewer, limit=2)
    ids = [line.id for line in page.lines]
    while page.next:
        page = LISTS[listed].page(store, wish, viewer, limit=2, key=page.next)
        assert page.lines
        ids += [line.id for line in page.lines]
    return ids


def shows(store: Store, listed: Listed, id_: int, viewer: int | None) -> bool:
    try:
        SHOWN[listed](store, id_, viewer)
    except UnknownRecord:
        return False
    return True


def emptied(store: Store) -> None:
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
