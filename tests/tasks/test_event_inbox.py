"""The events that ask to enter a step: each is taken once, whichever way and order it comes."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from builders import NOW
from prefect.client.orchestration import PrefectClient

from tasks.event_inbox import EventInbox

pytestmark = pytest.mark.rule("W4")

PAGE = 50
SECOND = timedelta(seconds=1)


@dataclass
class Listing:
    """A Prefect server's list of events, as far as it has written them down."""

    events: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def request(self, method: str, path: str, **sent: Any) -> "Page":
        """Answer as the server does: page by page, with a token for the next one."""
        self.asked.append(path)
        if path == "/events/filter":
            return self._page(sent["json"]["filter"]["occurred"]["since"], 0)
        since, offset = base64.b64decode(sent["params"]["page-token"]).decode().split()
        return self._page(since, int(offset))

    def _page(self, since: str, offset: int) -> "Page":
        shown = sorted(
            (each for each in self.events if each["occurred"] >= since),
            key=lambda each: str(each["occurred"]),
        )
        more = offset + PAGE < len(shown)
        token = base64.b64encode(f"{since} {offset + PAGE}".encode()).decode()
        link = f"http://prefect.example/api/events/filter/next?page-token={token}"
        some = shown[offset : offset + PAGE]
        return Page({"events": some, "total": len(shown), "next_page": link if more else None})


@dataclass(frozen=True)
class Page:
    """What the server answers."""

    content: dict[str, Any]

    def json(self) -> dict[str, Any]:
        """Give it as the client does."""
        return self.content


def event(number: int, occurred: datetime = NOW) -> dict[str, Any]:
    payload = {"case": f"SC-{number}"}
    return {"id": str(UUID(int=number)), "occurred": occurred.isoformat(), "payload": payload}


def events(numbers: Sequence[int]) -> list[dict[str, Any]]:
    return [event(number, NOW + number * timedelta(milliseconds=1)) for number in numbers]


@pytest.fixture
def listing() -> Listing:
    return Listing()


@pytest.fixture
def inbox(listing: Listing) -> EventInbox:
    return EventInbox(cast(PrefectClient, listing))


def read(inbox: EventInbox, since: datetime = NOW) -> list[str]:
    """Read the list, and enter what is new; gives the cases that it was about."""
    asyncio.run(inbox.catch_up(since))
    arrived = inbox.waiting(10_000)
    inbox.entered(arrived)
    return [str(each.payload["case"]) for each in arrived]


@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, 1_000])
def test_all_pages_are_read_and_each_event_is_taken_once(inbox, listing, number):
    listing.events = events(range(number))

    assert read(inbox) == [f"SC-{each}" for each in range(number)]
    assert read(inbox) == []


def test_one_request_tells_that_nothing_is_new(inbox, listing):
    listing.events = events(range(1_000))
    read(inbox)
    listing.asked.clear()

    read(inbox)

    assert listing.asked == ["/events/filter"]


def test_what_is_listed_later_though_it_occurred_before_is_taken(inbox, listing):
    listing.events = events([5, 6, 7])
    read(inbox)

    listing.events += events([1, 2])

    assert read(inbox) == ["SC-1", "SC-2"]


def test_what_waits_is_entered_in_the_order_in_which_it_occurred(inbox, listing):
    listing.events = [event(1, NOW + 2 * SECOND), event(2, NOW), event(3, NOW + SECOND)]

    assert read(inbox) == ["SC-2", "SC-3", "SC-1"]


def test_what_could_not_be_entered_goes_on_waiting(inbox, listing):
    listing.events = events([1, 2])
    asyncio.run(inbox.catch_up(NOW))
    first = inbox.waiting(1)

    inbox.entered(first)

    assert [each.payload["case"] for each in inbox.waiting(10)] == ["SC-2"]


def test_what_was_forgotten_and_is_asked_for_again_is_taken_again(inbox, listing):
    listing.events = [event(1, NOW), event(2, NOW + SECOND)]
    read(inbox)

    inbox.forget_before(NOW + SECOND)

    assert read(inbox, NOW + SECOND) == []
    assert read(inbox, NOW) == ["SC-1"]  # the database knows that it was entered
