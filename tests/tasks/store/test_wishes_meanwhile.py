"""Wishes that change while somebody books: what is armed goes by those that hold afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from appointments import ANNA, JONAS, MIA, armed
from meanwhile import is_kept_waiting, stopped_before
from ringers import ACCOUNT, BEFORE, booked, ready, wishes

from domain.alarms import E_MAIL
from tasks.store import amending, booking
from tasks.store import wishes as wishing
from tasks.store.database import Store
from tasks.store.rebooking import Change, edit
from tasks.store.taking_part import change_participants


def booking_it(store: Store, _appointment_id: int) -> None:
    booked(store, participants=(MIA,))


def adding_mia(store: Store, appointment_id: int) -> None:
    change_participants(store, appointment_id, JONAS, (MIA,), (), BEFORE)


def making_mia_responsible(store: Store, appointment_id: int) -> None:
    edit(store, appointment_id, JONAS, Change(responsible=MIA), BEFORE)


CHANGES = [(booking_it, booking), (adding_mia, amending), (making_mia_responsible, amending)]


def mailed_to_mia(store: Store) -> bool:
    return any(number == MIA and channel == E_MAIL for number, channel, _ in armed(store))


@pytest.mark.rule("A4", "A7")
@pytest.mark.parametrize(("change", "module"), CHANGES)
def test_wishes_wait_for_who_arms_by_those_of_before(postgres_store, monkeypatch, change, module):
    ready(postgres_store, ACCOUNT)
    it = booked(postgres_store, participants=(ANNA,))

    with ThreadPoolExecutor(1) as beside:
        with stopped_before(monkeypatch, module, "tell_guests", lambda: change(postgres_store, it)):
            wishing_it = beside.submit(wishes, postgres_store, MIA, E_MAIL)
            assert is_kept_waiting(wishing_it)
        wishing_it.result()

    assert mailed_to_mia(postgres_store)


@pytest.mark.rule("A4", "A7")
@pytest.mark.parametrize("change", [change for change, _ in CHANGES])
def test_who_arms_waits_for_wishes_that_change(
    postgres_store, monkeypatch, change: Callable[[Store, int], None]
):
    ready(postgres_store, ACCOUNT)
    it = booked(postgres_store, participants=(ANNA,))

    def setting() -> None:
        wishes(postgres_store, MIA, E_MAIL)

    with ThreadPoolExecutor(1) as beside:
        with stopped_before(monkeypatch, wishing, "arm_employees", setting):
            changing = beside.submit(change, postgres_store, it)
            assert is_kept_waiting(changing)
        changing.result()

    assert mailed_to_mia(postgres_store)
