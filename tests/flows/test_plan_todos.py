"""A workflow shift, as the todos, the events and the Prefect UI show it."""

import asyncio
import base64
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bench.workflow_cases import asking, straight
from flow_api import artifacts, everything_told, flow_runs
from outgoing_contacts import JONAS
from prefect.client.orchestration import get_client
from servers.installation import eventually
from sqlalchemy import select

from domain.events import STEP_ENTERED, EventName, StepEntered
from flows import plan_todos as shifts
from flows.plan_todos import WORKFLOWS, plan_todos
from tasks import termination
from tasks.event_relay import relay
from tasks.store.database import Store
from tasks.store.event_cursor import note_events_read
from tasks.store.queues import last_beat
from tasks.store.runs import enter_step
from tasks.store.tables import step_visits, todos, workflow_runs, workflow_versions
from tasks.store.workflows import apply_workflow
from tasks.todos import set_done
from tasks.workflow_board import REFUSED

CASE = "SC-1042"
IN_TIME = 4.0  # seconds; the server's list of events is up to five behind


@pytest.fixture(autouse=True)
def _untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a shift be told to end, and the next one know nothing of it."""
    monkeypatch.setattr(termination, "_told", threading.Event())


@pytest.fixture
def place(installed) -> Store:
    """An installation of the test's own; the Prefect server keeps what others have told it."""
    return installed


async def emit(*events: dict[str, Any]) -> None:
    async with get_client() as client:
        await client.request("POST", "/events", json=list(events))


def during_a_shift(store: Store, what: Callable[[], Any]) -> Any:
    """Do something while a shift works, which is told to end afterwards."""
    began = datetime.now(UTC)

    def alive() -> Any:
        try:
            assert eventually(lambda: _beats_since(store, began))
            return what()
        finally:
            vars(termination)["_told"].set()

    with ThreadPoolExecutor(1) as beside:
        found: Future[Any] = beside.submit(alive)
        asyncio.run(plan_todos(shift_seconds=120))
        return found.result()


def _beats_since(store: Store, instant: datetime) -> bool:
    with store.reading() as connection:
        beat = last_beat(connection, WORKFLOWS)
    return beat is not None and beat > instant


def applied(store: Store, name: str) -> str:
    """Apply a workflow of two steps with two todos each; gives its name."""
    apply_workflow(store, straight(steps=2, todos=2, name=name), store.now())
    return name


def todos_of(store: Store, workflow: str, step: str = "s0") -> list[int]:
    """Give the todos of a workflow's step."""
    query = (
        select(todos.c.id)
        .join(step_visits, step_visits.c.id == todos.c.visit_id)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .where(workflow_versions.c.name == workflow, step_visits.c.step == step)
        .order_by(todos.c.id)
    )
    with store.reading() as connection:
        return list(connection.scalars(query))


async def listed(name: str, since: datetime | None = None) -> list[dict[str, Any]]:
    """Give the events of a name that the Prefect server lists, from an instant on."""
    now, day = datetime.now(UTC), timedelta(days=1)
    occurred = {"since": (since or now - day).isoformat(), "until": (now + day).isoformat()}
    wanted = {"event": {"name": [name]}, "occurred": occurred}
    async with get_client() as client:
        answer = await client.request("POST", "/events/filter", json={"filter": wanted})
        found: list[dict[str, Any]] = answer.json()["events"]
        return found


@pytest.mark.rule("W1", "W4")
def test_an_event_creates_its_steps_todos_at_once(place):
    name = applied(place, "at-once")

    def ask() -> float:
        begin = time.monotonic()
        asyncio.run(emit(asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))
        return time.monotonic() - begin

    seconds = during_a_shift(place, ask)

    assert len(todos_of(place, name)) == 2
    assert seconds < IN_TIME, "the list of events, which is behind, was waited for"


@pytest.mark.rule("W1", "W4")
def test_what_was_emitted_while_no_shift_ran_is_caught_up_with(place):
    name = applied(place, "caught-up")
    said = [asking(CASE, workflow=name) for _ in range(5)]
    asyncio.run(emit(*said))
    assert eventually(lambda: len(asyncio.run(listed(STEP_ENTERED))) >= len(said))

    during_a_shift(place, lambda: eventually(lambda: todos_of(place, name)))

    assert len(todos_of(place, name)) == 2


@pytest.mark.rule("W1")
def test_steps_get_their_todos_though_contacts_cannot_be_looked_at(place, monkeypatch):
    async def failing() -> None:
        raise AssertionError

    monkeypatch.setattr(shifts, "begin_by_contacts", failing)
    name = applied(place, "despite-contacts")
    asked = StepEntered(case=CASE, workflow=name, step="s0", idempotency_key=name)

    def enter() -> None:
        enter_step(place, asked, place.now())
        assert eventually(lambda: todos_of(place, name))

    during_a_shift(place, enter)

    assert len(todos_of(place, name)) == 2


@pytest.mark.rule("W3")
def test_a_step_whose_todos_are_done_is_left_for_the_next_one(place):
    name = applied(place, "done")

    def work() -> None:
        asyncio.run(emit(asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))
        for todo in todos_of(place, name):
            set_done(todo, JONAS, done=True)
        assert eventually(lambda: todos_of(place, name, "s1"))

    during_a_shift(place, work)

    assert len(todos_of(place, name, "s1")) == 2


@pytest.mark.rule("W4")
def test_an_event_that_occurred_hours_ago_and_was_told_while_nothing_ran_is_caught_up_on(place):
    name = applied(place, "late-told")
    note_events_read(place, place.now())
    ago = datetime.now(UTC) - timedelta(hours=20)
    asyncio.run(emit(asking(CASE, workflow=name) | {"occurred": ago.isoformat()}))
    assert eventually(lambda: any(_is_of(each, name) for each in asyncio.run(listed(STEP_ENTERED))))

    during_a_shift(place, lambda: eventually(lambda: todos_of(place, name)))

    assert len(todos_of(place, name)) == 2


def _is_of(event: dict[str, Any], workflow: str) -> bool:
    return event["payload"].get("workflow") == workflow


@pytest.mark.rule("W4")
def test_an_event_that_is_refused_is_shown_with_its_reason_and_the_others_go_on(place):
    name = applied(place, "refusing")
    refused = [asking("SC-9999", workflow=name), asking("SC-1001", workflow=name)]

    def ask() -> None:
        asyncio.run(emit(*refused, asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))

    during_a_shift(place, ask)

    [board] = asyncio.run(artifacts(REFUSED))
    shown = {row["case"]: row["reason"] for row in json.loads(board["data"])}
    assert "There is no case" in shown["SC-9999"]
    assert "finished" in shown["SC-1001"]
    assert len(todos_of(place, name)) == 2


def test_the_board_shows_where_cases_are_and_no_texts_of_theirs(place):
    began = datetime.now(UTC)
    name = applied(place, "shown")

    def ask() -> None:
        asyncio.run(emit(asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))

    during_a_shift(place, ask)

    [board] = asyncio.run(artifacts(f"workflow-{name}"))
    assert "| Step 0 | 1 | 2 | 0 |" in board["data"]
    assert "1 case, 2 open" in _picture(board["data"])
    told = asyncio.run(everything_told(began))
    assert name in told
    assert "E17" not in told


def _picture(markdown: str) -> str:
    drawn = re.search(r"data:image/svg\+xml;base64,([^)]+)", markdown)
    assert drawn
    return base64.b64decode(drawn[1]).decode()


@pytest.mark.rule("W4")
def test_what_happened_is_told_once_though_the_server_was_away_for_a_while(place, monkeypatch):
    name = applied(place, "told")
    failures = iter(range(3))

    async def failing(*arguments: Any) -> int:
        if next(failures, None) is not None:
            raise httpx.ConnectError("away")
        return await relay(*arguments)

    monkeypatch.setattr(shifts, "relay", failing)

    began = datetime.now(UTC)

    def told() -> list[int]:
        created = asyncio.run(listed(EventName.TODO_CREATED, since=began))
        return sorted(each["payload"]["todo"] for each in created)

    def ask() -> None:
        asyncio.run(emit(asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))
        assert eventually(lambda: told() == todos_of(place, name))

    during_a_shift(place, ask)

    assert next(failures, None) is None
    assert len(told()) == 2


def test_a_shift_says_by_its_name_what_it_did(place):
    name = applied(place, "named")

    def ask() -> None:
        asyncio.run(emit(asking(CASE, workflow=name)))
        assert eventually(lambda: todos_of(place, name))

    during_a_shift(place, ask)

    [latest, *_] = asyncio.run(flow_runs())
    assert latest.name.startswith("workflow shift - 1 entered, ")
    assert "2 todos" in latest.name
    assert latest.state_name == "Completed"
