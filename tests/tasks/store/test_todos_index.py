"""What is asked again and again of very many todos has an index of the open ones."""

import pytest
from sqlalchemy import Select, select, text

from tasks.store.database import Store
from tasks.store.tables import todos

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


def plan(store: Store, query: Select[int]) -> str:
    """Ask the database how it would answer."""
    asked = query.compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.reading() as connection:
        if not store.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # for there are none yet
        return str(connection.exec_driver_sql(EXPLAIN[store.engine.name] + str(asked)).all())


@pytest.mark.parametrize("owner", ["employee", "team", "taken_by"])
def test_the_open_todos_of_somebody_are_found_in_their_order_by_an_index(store, owner):
    theirs = (todos.c[f"{owner}_id"] == 1) & todos.c.done_at.is_(None)

    found = plan(store, select(todos.c.id).where(theirs).order_by(todos.c.due_at))

    assert f"ix_todos_open_{owner.removesuffix('_by')}" in found
    assert "Sort" not in found
    assert "B-TREE" not in found
