"""Whom planning knows to be free: it counts the todos of those only among whom it chooses."""

from collections import Counter

import pytest
from builders import NOW
from outgoing_contacts import ANNA, JONAS, MIA, ready
from todos import written

from domain.workflows import Assignment, Pick
from tasks.store.database import Store
from tasks.store.todo_changes import take
from tasks.store.todo_doing import set_done
from tasks.store.turns import Roster

HELPDESK = {"team": "Helpdesk"}  # Jonas alone
ELSE = Assignment(employee="4711", otherwise=Assignment(**HELPDESK, pick=Pick.LEAST_LOADED))


def loaded(store: Store) -> None:
    """Give Jonas three open todos, of which he took one, and one that is done; others have one."""
    ready(store)
    for fields in ({"employee": MIA}, {"employee": ANNA}, {"team": "Sales"}):
        written(store, **fields)
    first, *_ = [written(store) for _ in range(3)]
    set_done(store, first, JONAS, True, NOW)
    take(store, written(store, **HELPDESK), JONAS, NOW)


@pytest.mark.rule("W2")
@pytest.mark.parametrize(
    ("assignment", "loads"),
    [
        (Assignment(**HELPDESK), {}),
        (Assignment(**HELPDESK, pick=Pick.ROUND_ROBIN), {}),
        (Assignment(**HELPDESK, pick=Pick.LEAST_LOADED), {JONAS: 3}),
        (ELSE, {JONAS: 3}),
        (Assignment(team="Nobody", pick=Pick.LEAST_LOADED), {}),
    ],
)
def test_open_todos_are_counted_where_the_least_loaded_is_chosen(store, assignment, loads):
    loaded(store)

    with store.writing() as connection:
        roster = Roster.of(connection, [assignment])

    assert roster.loads == Counter(loads)
