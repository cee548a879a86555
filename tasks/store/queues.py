"""The queues: one for each account or gateway, which may be paused and goes on by itself."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from domain.accounts import TokenPlace
from domain.backoff import delay
from domain.services import Service
from tasks.store.database import Store
from tasks.store.tables import dispatch_queues, dispatches, heartbeats

DISPATCH = "dispatch"  # the service whose sign of life requests ask for (X1)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How a queue fares."""

    name: str
    enabled: bool
    waiting: int
    paused_until: datetime | None
    failing_since: datetime | None
    failure: str | None


def queue_name(service: Service) -> str:
    """Name the queue of a service."""
    return f"{service.channel}/{service.name}"


def enter_services(store: Store, services: Collection[Service], channels: Collection[str]) -> None:
    """Enter what is configured now for these channels; what is not there any more is disabled.

    What waits in a disabled queue goes on when its service is configured again.
    """

    def entering(connection: Connection) -> None:
        names = [queue_name(service) for service in services]
        others = dispatch_queues.c.name.not_in(names) & dispatch_queues.c.channel.in_(channels)
        connection.execute(update(dispatch_queues).where(others).values(enabled=False))
        for service in services:
            _enter(connection, service)

    store.write(entering)


def _enter(connection: Connection, service: Service) -> None:
    name = queue_name(service)
    same = dispatch_queues.c.name == name
    values = {
        "enabled": True,
        "settings": _settings(service),
        "connections": service.connections,
        "per_minute": service.per_minute,
    }
    known = connection.execute(select(dispatch_queues.c.settings).where(same)).one_or_none()
    if known is None:
        first = {"name": name, "channel": service.channel, "service": service.name, "failures": 0}
        connection.execute(insert(dispatch_queues).values(**first, **values))
        return
    connection.execute(update(dispatch_queues).where(same).values(**values))


def _settings(service: Service) -> dict[str, Any]:
    return {
        **asdict(service),
        "employees": sorted(service.employees),
        "teams": sorted(service.teams),
    }


def services_of(connection: Connection, channel: str) -> list[Service]:
    """Read the services that are configured for a channel."""
    query = select(dispatch_queues.c.settings).where(
        dispatch_queues.c.channel == channel, dispatch_queues.c.enabled
    )
    return [_service(settings) for settings in connection.scalars(query)]


def _service(settings: dict[str, Any]) -> Service:
    places = {
        "token_place": TokenPlace(settings["token_place"]),
        "employees": frozenset(settings["employees"]),
        "teams": frozenset(settings["teams"]),
    }
    return Service(**{**settings, **places})


def beat(store: Store, now: datetime, service: str = DISPATCH) -> None:
    """Give a sign of life (X1)."""

    def beating(connection: Connection) -> None:
        same = heartbeats.c.service == service
        if not connection.execute(update(heartbeats).where(same).values(at=now)).rowcount:
            connection.execute(insert(heartbeats).values(service=service, at=now))

    store.write(beating)


def last_beat(connection: Connection, service: str = DISPATCH) -> datetime | None:
    """Tell when a service last gave a sign of life."""
    at: datetime | None = connection.scalar(
        select(heartbeats.c.at).where(heartbeats.c.service == service)
    )
    return at


def pause_queue(store: Store, name: str, failure: str, now: datetime) -> datetime:
    """Let a queue rest, as its service does not work; gives until when."""

    def pausing(connection: Connection) -> datetime:
        same = dispatch_queues.c.name == name
        failures = 1 + (connection.scalar(select(dispatch_queues.c.failures).where(same)) or 0)
        until = now + delay(failures, FIRST_PAUSE, LONGEST_PAUSE)
        since = func.coalesce(dispatch_queues.c.failing_since, now)
        values = {"failures": failures, "paused_until": until, "failure": failure}
        changing = update(dispatch_queues).where(same)
        connection.execute(changing.values(failing_since=since, **values))
        return until

    return store.write(pausing)


def resume_queue(store: Store, name: str) -> None:
    """Note that a queue's service works again."""
    failing = (dispatch_queues.c.name == name) & (dispatch_queues.c.failures > 0)
    values = {"failures": 0, "paused_until": None, "failing_since": None, "failure": None}
    store.write(lambda c: c.execute(update(dispatch_queues).where(failing).values(**values)))


def queue_healths(store: Store) -> Sequence[QueueHealth]:
    """Tell how every queue fares, by name."""
    waiting = (
        select(func.count())
        .where(dispatches.c.queue == dispatch_queues.c.name, dispatches.c.due_at.is_not(None))
        .scalar_subquery()
    )
    query = select(dispatch_queues, waiting.label("waiting")).order_by(dispatch_queues.c.name)
    with store.reading() as connection:
        return [
            QueueHealth(
                row.name,
                row.enabled,
                row.waiting,
                row.paused_until,
                row.failing_since,
                row.failure,
            )
            for row in connection.execute(query)
        ]
