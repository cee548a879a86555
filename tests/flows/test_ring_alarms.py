"""An alarm shift, as the inboxes and the Prefect UI show it."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from appointments import ANNA, JONAS, MIA
from builders import letter, prepared, private_account, receive_letters
from flow_api import artifacts, everything_told, flow_runs
from ringers import booked, ready, told
from servers.installation import eventually
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from domain.appointments import Period
from flows import ring_alarms as shifts
from flows.ring_alarms import ring_alarms
from tasks import termination
from tasks.store import ringing
from tasks.store.database import Store
from tasks.store.inbox import Message
from tasks.store.ringing import alarms_are_rung
from tasks.store.tables import contacts

SECOND = timedelta(seconds=1)
IN_TIME = 1.0  # seconds (A4)


@pytest.fixture(autouse=True)
def _untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a shift be told to end, and the next one know nothing of it."""
    monkeypatch.setattr(termination, "_told", threading.Event())


@pytest.fixture
def place(installed) -> Store:
    """An installation whose employees can be informed."""
    ready(installed)
    return installed


def now() -> datetime:
    return datetime.now(UTC)


def booked_in(store: Store, wait: timedelta, **changes: Any) -> datetime:
    """Book an appointment that begins, and rings, after a while; gives the instant."""
    begin = now() + wait
    on_the_wall = begin.replace(tzinfo=None)
    period = Period(on_the_wall, on_the_wall + timedelta(hours=1), "UTC")
    booked(store, now=begin - timedelta(hours=2), period=period, **changes)
    return begin


def during_a_shift(store: Store, what: Callable[[], Any]) -> Any:
    """Do something while a shift works, which is told to end afterwards."""

    def alive() -> Any:
        try:
            assert eventually(lambda: alarms_are_rung(store, now()))
            return what()
        finally:
            vars(termination)["_told"].set()

    with ThreadPoolExecutor(1) as beside:
        found: Future[Any] = beside.submit(alive)
        asyncio.run(ring_alarms(shift_seconds=120))
        return found.result()


def arrived(store: Store, matchcode: str, employee: str = MIA) -> Message | None:
    """Wait for a message."""

    def look() -> Message | None:
        return next((each for each in told(store, employee) if matchcode in each.matchcode), None)

    return eventually(look)


@pytest.mark.rule("A4")
def test_an_alarm_rings_within_a_second_and_not_before(place):
    def ring() -> tuple[Message | None, datetime]:
        time.sleep(0.5)
        begin = booked_in(place, 2 * SECOND, matchcode="Abnahme")
        return arrived(place, "Abnahme"), begin

    message, begin = during_a_shift(place, ring)

    assert message
    assert 0 <= (message.sent_at - begin).total_seconds() < IN_TIME
    [run] = [run for run in asyncio.run(flow_runs()) if run.name == "alarm shift - 2 rung"]
    assert run.state_name == "Completed"


@pytest.mark.rule("A4")
def test_what_is_armed_later_for_earlier_rings_in_time(place):
    booked_in(place, 60 * SECOND, matchcode="in a minute")

    def ring() -> tuple[Message | None, datetime]:
        time.sleep(1)
        begin = booked_in(place, 0.3 * SECOND, matchcode="at once")
        return arrived(place, "at once"), begin

    message, begin = during_a_shift(place, ring)

    assert message
    assert 0 <= (message.sent_at - begin).total_seconds() < IN_TIME
    assert not any("in a minute" in each.matchcode for each in told(place, MIA))


@pytest.mark.rule("A6")
def test_what_fell_due_while_nothing_ran_rings_at_the_start_marked_as_late(place):
    booked_in(place, -3600 * SECOND, matchcode="Frühstück")

    message = during_a_shift(place, lambda: arrived(place, "Frühstück"))

    assert message
    assert "1 hour" in message.text
    assert len([each for each in told(place, MIA) if "Frühstück" in each.matchcode]) == 1


@pytest.mark.rule("A4")
def test_nobody_waits_until_new_zone_rules_are_followed(place, monkeypatch):
    rung, waited = threading.Event(), []

    def following(*_arguments: Any) -> int | None:
        waited.append(rung.wait(20))
        return 1 if len(waited) < 3 else None

    monkeypatch.setattr(shifts, "follow_some", following)
    booked_in(place, -SECOND, matchcode="um neun")

    def ring() -> Message | None:
        message = arrived(place, "um neun")
        rung.set()
        eventually(lambda: len(waited) == 3)
        return message

    assert during_a_shift(place, ring)
    assert waited == [True, True, True]


def test_a_database_that_does_not_answer_for_a_while_does_not_end_the_shift(place, monkeypatch):
    failures = iter(range(3))

    def failing(*arguments: Any) -> Any:
        if next(failures, None) is not None:
            raise OperationalError("SELECT", {}, Exception("gone away"))
        return ringing.next_due(*arguments)

    monkeypatch.setattr(shifts, "next_due", failing)

    def ring() -> Message | None:
        booked_in(place, SECOND, matchcode="trotzdem")
        return arrived(place, "trotzdem")

    assert during_a_shift(place, ring)


def test_the_board_says_how_alarms_fare_and_nothing_of_private_ones(place):
    box = prepared(place, private_account())
    receive_letters(place, box, [letter(subject="Geheimes Angebot")])
    with place.reading() as connection:
        [contact_id] = connection.scalars(select(contacts.c.id))
    changes = {"responsible": ANNA, "participants": (JONAS,), "employee": ANNA}
    booked_in(place, -60 * SECOND, matchcode="Geheime Sache", contact_id=contact_id, **changes)
    booked_in(place, 1800 * SECOND, matchcode="In einer halben Stunde")

    during_a_shift(place, lambda: arrived(place, "Geheime Sache", JONAS))

    [board] = asyncio.run(artifacts("alarms"))
    rows = json.loads(board["data"]) if isinstance(board["data"], str) else board["data"]
    armed = {row["appointment"] for row in rows if row["state"] == "armed"}
    assert "In einer halben Stunde" in armed
    private = [row for row in rows if row["appointment"] == "private"]
    assert {row["state"] for row in private} == {"unacknowledged"}
    assert {row["employee"] for row in private} == {"private"}
    assert all(row["s late"] >= 60 for row in private)
    assert "Geheim" not in asyncio.run(everything_told())
