"""Rows by many ids at once."""

import pytest
from bench.alarm_rows import enter_staff
from sqlalchemy import select

from tasks.store.among import among
from tasks.store.tables import employees


@pytest.mark.parametrize("number", [0, 1, 100])
def test_the_rows_of_these_ids_are_found_and_no_others(store, number):
    wanted = set(enter_staff(store)[:number])

    with store.reading() as connection:
        these = select(employees.c.id).where(among(connection, employees.c.id, wanted))
        found = list(connection.scalars(these))

    assert sorted(found) == sorted(wanted)
