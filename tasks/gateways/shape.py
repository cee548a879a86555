"""What a kind of SMS gateway must say of itself: how it is asked, and how its answers read."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Sms:
    """A short message on its way."""

    number: str  # E.164
    text: str
    message_id: str  # ours; the same at every attempt


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes out; its headers carry the secret, and are never shown."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = b""


class Fate(Enum):
    """What has become of a message that a gateway took."""

    OPEN = auto()
    ARRIVED = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway's JSON says of a message, or of why it refused one."""

    reference: str = ""
    fate: Fate = Fate.OPEN
    words: str = ""


class Shape(Protocol):
    """One kind of gateway."""

    @property
    def gives_references(self) -> bool:
        """Whether an answer without a reference is not to be trusted."""

    def sending(self, sms: Sms) -> Request:
        """Write the request that hands a message in."""

    def asking(self, reference: str) -> Request | None:
        """Write the request that asks for a message's fate; None where nobody can ask."""

    def report(self, said: Any) -> Report:
        """Read parsed JSON, whatever it is."""
