"""What happened is told to Prefect: nothing is lost, and what is told again counts once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
from builders import NOW
from prefect.client.orchestration import PrefectClient
from prefect.logging import disable_run_logger

from domain.events import ContactBounced, EventName
from tasks.event_relay import AT_ONCE, relay
from tasks.event_relay import told as as_told
from tasks.store.database import Store
from tasks.store.events import News, Outgoing, publish, unrelayed

pytestmark = pytest.mark.rule("W4")

Request = list[dict[str, Any]]


@dataclass
class Server:
    """A Prefect server that takes events, unless it has a reason not to."""

    refusing: Callable[[Request], int] = lambda _: 204
    taken: Request = field(default_factory=list)

    async def request(self, method: str, path: str, json: Request) -> None:
        """Take a batch, or none of it."""
        sent = httpx.Request(method, f"http://prefect.example{path}")
        status = self.refusing(json)
        httpx.Response(status, request=sent).raise_for_status()
        self.taken += json

    def contacts(self) -> list[int]:
        """Give the contacts that it was told of."""
        return [each["payload"]["contact"] for each in self.taken]


@pytest.fixture
def place(own_store: Store) -> Store:
    return own_store


def happened(store: Store, *numbers: int) -> None:
    news = [News(each, ContactBounced(contact=each, dispatch=each)) for each in numbers]
    store.write(lambda connection: publish(connection, EventName.CONTACT_BOUNCED, news, NOW))


def told(server: Server) -> int:
    with disable_run_logger():
        return asyncio.run(relay(cast(PrefectClient, server)))


@pytest.mark.parametrize("number", [0, 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_everything_is_told_once_and_in_its_order(place, number):
    server = Server()
    happened(place, *range(number))

    assert told(server) == number
    assert told(server) == 0
    assert server.contacts() == list(range(number))


def test_what_is_told_again_has_the_same_id(place):
    server = Server()
    happened(place, 1, 2)
    waiting = unrelayed(place, AT_ONCE)

    told(server)

    assert [as_told(each) for each in waiting] == server.taken
    assert len({each["id"] for each in server.taken}) == 2


def test_a_rows_number_that_is_given_anew_is_another_event():
    event = Outgoing(1, EventName.TODO_DONE, "kontakt.todo.1", {}, NOW)

    later = replace(event, occurred_at=NOW + timedelta(days=8))

    assert as_told(later)["id"] != as_told(event)["id"]


def test_what_a_server_that_is_away_does_not_take_is_told_later(place):
    happened(place, 1, 2)
    with pytest.raises(httpx.HTTPStatusError):
        told(Server(refusing=lambda _: 503))

    server = Server()

    assert told(server) == 2
    assert server.contacts() == [1, 2]


def test_one_event_that_is_refused_for_good_does_not_hold_the_others_back(place):
    happened(place, 1, 2, 3)
    server = Server(refusing=lambda said: 422 if 2 in _contacts(said) else 204)

    told(server)

    assert server.contacts() == [1, 3]
    assert unrelayed(place, AT_ONCE) == []


def _contacts(said: Request) -> list[int]:
    return [each["payload"]["contact"] for each in said]
