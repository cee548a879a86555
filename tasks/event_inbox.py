"""Events that ask to enter a step: followed as they come, and read from a kept instant (W4).

The stream brings an event at once, but leaves out most of a burst; the server's list has them all,
some seconds later. So both are taken, and an event's id decides whether it is a new one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.events import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter

from domain.errors import PrefectUnreachable
from domain.events import STEP_ENTERED
from tasks.store.runs import Arrived

FAST_CLOCKS = timedelta(days=1)  # by how much the clock of who emits may be ahead


class EventInbox:
    """What has arrived and is not entered yet."""

    def __init__(self, client: PrefectClient) -> None:
        self._client = client
        self._waiting: dict[str, Arrived] = {}
        self._entered: dict[str, datetime] = {}  # when they occurred
        self._listed: dict[str, datetime] = {}  # what the server's list has shown

    async def follow(self) -> None:
        """Take what the event stream brings, for as long as it does."""
        wanted = EventFilter(event=EventNameFilter(name=[STEP_ENTERED]))
        try:
            async with get_events_subscriber(wanted, reconnect_on_clean_close=True) as stream:
                async for event in stream:
                    self._take(Arrived(str(event.id), event.occurred, event.payload))
        except Exception as error:  # whatever a connection dies of
            raise PrefectUnreachable(f"the event stream ended: {error!r}") from error

    async def catch_up(self, since: datetime) -> None:
        """Take what has occurred since an instant, where the server lists more than before."""
        page = await self._first_page(since)
        if page["total"] == sum(at >= since for at in self._listed.values()):
            return
        while True:
            for event in page["events"]:
                self._list(_arrived(event))
            token = (page["next_page"] or "").partition("page-token=")[2]
            if not token:
                return
            page = await self._next_page(token)

    def waiting(self, most: int) -> list[Arrived]:
        """Give the first of those that are to be entered; they stay until they are."""
        first = sorted(self._waiting.values(), key=lambda each: (each.occurred_at, each.event_id))
        return first[:most]

    def entered(self, arrived: list[Arrived]) -> None:
        """Forget what has been entered, or refused for good."""
        for each in arrived:
            self._waiting.pop(each.event_id, None)
            self._entered[each.event_id] = each.occurred_at

    def forget_before(self, instant: datetime) -> None:
        """Forget the ids of what occurred so long ago that it is not listed any more."""
        for seen in (self._entered, self._listed):
            for event_id in [each for each, at in seen.items() if at < instant]:
                del seen[event_id]

    def _list(self, arrived: Arrived) -> None:
        self._listed[arrived.event_id] = arrived.occurred_at
        self._take(arrived)

    def _take(self, arrived: Arrived) -> None:
        if arrived.event_id not in self._entered:
            self._waiting.setdefault(arrived.event_id, arrived)

    async def _first_page(self, since: datetime) -> Any:
        occurred = {"since": since.isoformat(), "until": _until(since).isoformat()}
        wanted = {"event": {"name": [STEP_ENTERED]}, "occurred": occurred, "order": "ASC"}
        answer = await self._client.request("POST", "/events/filter", json={"filter": wanted})
        return answer.json()

    async def _next_page(self, token: str) -> Any:
        asked = {"page-token": token}
        answer = await self._client.request("GET", "/events/filter/next", params=asked)
        return answer.json()


def _until(since: datetime) -> datetime:
    return max(since, datetime.now(since.tzinfo)) + FAST_CLOCKS


def _arrived(event: Mapping[str, Any]) -> Arrived:
    return Arrived(event["id"], datetime.fromisoformat(event["occurred"]), event["payload"])
