"""What a channel is: its rules, its services as they are configured, and lines over which to send.

A channel is one file in this folder, and one entry in tasks/channels/__init__.py; docs/sending.md
shows how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.delivery import Answer, DeliveryStatus
from domain.outgoing import File
from domain.sending import ChannelRules
from domain.services import Problem, Service
from tasks.store.look_ups import LookUp
from tasks.store.parcels import Parcel


@dataclass(frozen=True, slots=True)
class Configured:
    """A service with all that is needed to use it, secrets included; equal if nothing changed."""

    service: Service
    settings: Any


class Line(ABC):
    """The way to one service, kept open from parcel to parcel; used by one thread at a time."""

    looks_up: frozenset[DeliveryStatus] = frozenset()  # where the service tells more later

    def connect(self) -> None:  # noqa: B027 - not every service keeps a connection
        """Make sure that the service can be used now.

        Raises a MailServerError (domain/errors.py) or ConfigurationError where it cannot: its
        queue rests for a while then.
        """

    @property
    def is_usable(self) -> bool:
        """Whether the next parcel can go over this line, or needs a new one."""
        return True

    @abstractmethod
    def write(self, parcel: Parcel, files: Sequence[File]) -> Any:
        """Write what is to be sent; ValueError where that cannot be. Nothing has gone out yet."""

    @abstractmethod
    def send(self, parcel: Parcel, written: Any) -> Mapping[int, Answer]:
        """Send it to the recipients who wait for it; gives each one's answer, by delivery id.

        Raises as connect does, and only where nothing has gone out.
        """

    def look_up(self, asked: Sequence[LookUp]) -> Mapping[int, Answer | None]:
        """Ask what became of deliveries: accepted means arrived; None, that it is still open."""
        return dict.fromkeys((each.delivery_id for each in asked), None)

    def keep_copies(self, sent: Sequence[tuple[Parcel, Any]]) -> None:  # noqa: B027 - most keep none
        """Put copies of what was sent where its sender looks for them; twice is once."""

    def close(self) -> None:  # noqa: B027 - not every service keeps a connection
        """End the connection."""


class Way(ABC):
    """A way to send, by any of the services that are configured for it."""

    repeatable: ClassVar[bool] = False  # whether sending twice is known to arrive once

    @abstractmethod
    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Read which services there are; a bad one is named, and the others go on."""

    @abstractmethod
    def line(self, settings: Any) -> Line:
        """Make the line to a service, not connected yet."""


class Channel(Way):
    """A way to send contacts."""

    rules: ClassVar[ChannelRules]
