"""The world outside the demo: who is not there, who is there the next time, and who answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from deployments.demo.directory import Fate, Outsider
from deployments.demo.messages import DemoMessage
from deployments.demo.replies import reply
from domain.mail import Automatic, address_key
from tasks.mail.understand import understand

OWN_DOMAIN = "demo.example"
OUTSIDE = ".example"  # a top-level domain that nobody can register (RFC 2606)


def is_outside(address: str) -> bool:
    """Tell whether the demo's mail server reaches an address in the world outside."""
    domain = address_key(address).rpartition("@")[2]
    return domain.endswith(OUTSIDE) and domain != OWN_DOMAIN


class OutsideWorld:
    """Everybody outside, of whom most just take their mail."""

    def __init__(self, outsiders: Iterable[Outsider]) -> None:
        self._special = {address_key(each.address): each for each in outsiders}
        self._tried: set[str] = set()

    def refusal(self, address: str) -> str | None:
        """Say why mail to an address is refused this time; None where it is taken."""
        match self._fate(address):
            case Fate.REFUSED:
                return f"550 5.1.1 <{address}>: there is no such mailbox"
            case Fate.SECOND_TRY if self._is_first_try(address):
                return f"451 4.3.2 <{address}>: the server is being looked after, try again"
        return None

    def answers(
        self, recipients: Iterable[str], raw: bytes, now: datetime
    ) -> Iterator[DemoMessage]:
        """Write what those answer who got a message and answer what a person wrote."""
        received = understand(raw)
        for address in recipients:
            if self._fate(address) is Fate.ANSWERED and received.automatic is Automatic.NO:
                yield reply(received, self._special[address_key(address)], now)

    def _fate(self, address: str) -> Fate | None:
        outsider = self._special.get(address_key(address))
        return outsider.fate if outsider else None

    def _is_first_try(self, address: str) -> bool:
        key = address_key(address)
        is_first = key not in self._tried
        self._tried ^= {key}
        return is_first
