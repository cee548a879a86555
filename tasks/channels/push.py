"""Alarms go to employees' phones and chats, by any service that apprise knows (A4)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.alarms import PUSH
from domain.delivery import Answer, Outcome
from domain.errors import ConfigurationError, UnknownRecord
from domain.outgoing import File
from domain.push_services import PushService
from domain.quiet_hours import after_quiet
from domain.sending import Texts
from domain.services import Problem, Service
from tasks.channels.channel import Configured, Line, Way
from tasks.gateways.push_line import PushLine
from tasks.gateways.push_plugin import plugin_for
from tasks.store.database import store
from tasks.store.parcels import Parcel
from tasks.store.staff import colleague


@dataclass(frozen=True, slots=True)
class PushRoute:
    """A push service, and the zone of the clocks by which it is to be quiet."""

    service: PushService
    zone: str

    def after_quiet(self, at: datetime) -> datetime:
        """Give the first instant from this one on at which it may be used."""
        return after_quiet(at, self.service.quiet_from, self.service.quiet_until, self.zone)


class PushChannelLine(Line):
    """The way to one employee's push service."""

    def __init__(self, route: PushRoute) -> None:
        self._route = route
        self._line = PushLine(route.service)

    @property
    def is_usable(self) -> bool:
        """Whether no message is still on its way, without an answer."""
        return not self._line.is_stuck

    def connect(self) -> None:
        """Make sure that the address can be used."""
        self._line.connect()

    def write(self, parcel: Parcel, files: Sequence[File]) -> Texts:
        """Take the texts; phones show them plain."""
        return Texts(parcel.matchcode, parcel.text)

    def send(self, parcel: Parcel, written: Texts) -> Mapping[int, Answer]:
        """Send the message, unless a retry fell into the quiet hours: then after them."""
        now = datetime.now(UTC)
        wait = self._route.after_quiet(now) - now
        if wait:
            return {
                each.id: Answer(Outcome.FOR_NOW, "quiet hours", wait=wait)
                for each in parcel.waiting
            }
        return {each.id: self._line.send(written) for each in parcel.waiting}


class Push(Way):
    """Push, chat and whatever else apprise speaks; contacts are not sent by it."""

    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Read the push services."""
        from tasks.gateway_blocks import PUSH_SERVICES  # imported late: Prefect takes seconds

        services, bad = await PUSH_SERVICES.all()
        # Apprise takes half a second to load, in which alarms may ring.
        found, problems = await asyncio.to_thread(routed, services)
        return found, [*problems, *bad]

    def line(self, settings: PushRoute) -> PushChannelLine:
        """Make the way to an employee's push service."""
        return PushChannelLine(settings)


def routed(services: Iterable[PushService]) -> tuple[list[Configured], list[Problem]]:
    """Find out whose they are; what names nobody, or an unknown address, is a problem."""
    found, problems = [], []
    for service in services:
        try:
            plugin_for(service)
            found.append(_configured(service))
        except (ConfigurationError, UnknownRecord) as error:
            problems.append(Problem(service.name, str(error)))
    return found, problems


def _configured(service: PushService) -> Configured:
    employee = colleague(store(), service.employee)
    if not employee.active:
        raise ConfigurationError(f"{employee.name} does not work here any more")
    known = Service(
        service.name,
        PUSH,
        per_minute=service.messages_per_minute,
        employees=frozenset({employee.id}),
        quiet_from=service.quiet_from,
        quiet_until=service.quiet_until,
    )
    return Configured(known, PushRoute(service, employee.zone))
