"""The buttons of a dispatch in the Prefect UI."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from outgoing_contacts import GUEST, JONAS, queued, ready, tried
from prefect import Flow
from prefect.client.schemas.objects import State, StateType

from domain.delivery import DispatchStatus
from flows.resolve_dispatch import Resolution, cancel_dispatch, resolve_dispatch
from tasks.store import database
from tasks.store.dispatches import DispatchLine, show_dispatch


@pytest.fixture
def store(installed: database.Store) -> database.Store:
    """A store in which everything can be queued."""
    ready(installed, now=datetime.now(UTC))
    return installed


def waiting(store: database.Store) -> int:
    """Queue a dispatch that nobody sends."""
    dispatch_id = queued(store, now=datetime.now(UTC)).dispatch_id
    assert dispatch_id
    return dispatch_id


def unknown(store: database.Store) -> int:
    """Give a dispatch of which nobody knows whether it arrived."""
    dispatch_id = waiting(store)
    tried(store, "unknown", now=datetime.now(UTC))
    return dispatch_id


def pressed(
    button: Flow[..., Any], dispatch: int, employee: str = JONAS, **more: Any
) -> State[Any]:
    """Run a flow as its form does."""
    run = button(dispatch=dispatch, employee=employee, return_state=True, **more)
    state: State[Any] = asyncio.run(run)
    return state


def line(store: database.Store, dispatch: int) -> DispatchLine:
    return show_dispatch(store, dispatch).line


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (Resolution.SEND_AGAIN, DispatchStatus.QUEUED),
        (Resolution.COUNT_AS_SENT, DispatchStatus.SENT),
    ],
)
def test_a_person_decides_what_is_unknown(store, decision, status):
    dispatch = unknown(store)

    state = pressed(resolve_dispatch, dispatch, decision=decision)

    assert state.type is StateType.COMPLETED
    assert line(store, dispatch).status is status


def test_a_dispatch_without_anything_unknown_is_left_as_it_is(store):
    dispatch = waiting(store)

    state = pressed(resolve_dispatch, dispatch, decision=Resolution.COUNT_AS_SENT)

    assert state.type is StateType.FAILED
    assert line(store, dispatch).status is DispatchStatus.QUEUED


def test_what_has_not_gone_out_is_cancelled(store):
    dispatch = waiting(store)

    state = pressed(cancel_dispatch, dispatch)

    assert state.message == f"dispatch {dispatch} is cancelled"
    assert line(store, dispatch).status is DispatchStatus.CANCELLED


def test_what_has_not_gone_out_is_put_off(store):
    dispatch, later = waiting(store), datetime.now(UTC) + timedelta(hours=3)

    state = pressed(cancel_dispatch, dispatch, not_before=later)

    assert state.type is StateType.COMPLETED
    assert line(store, dispatch).due_at == later


@pytest.mark.parametrize(
    ("made", "employee", "told"),
    [
        (waiting, GUEST, "You lack the permission"),
        (waiting, "4711", "no employee with the personnel number 4711"),
        (unknown, JONAS, "nothing of it can be held back"),
        (lambda store: 4711, JONAS, "there is no dispatch 4711"),
    ],
)
def test_a_refusal_is_said_and_changes_nothing(
    store, made: Callable[[database.Store], int], employee, told
):
    dispatch = made(store)

    state = pressed(cancel_dispatch, dispatch, employee)

    assert state.type is StateType.FAILED
    assert told in (state.message or "")
