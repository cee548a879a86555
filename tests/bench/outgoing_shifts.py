"""Real dispatch shifts: processes that send what is queued in an installation."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.directory import OWNERS
from bench.outgoing import Letter, sending_account
from bench.shifts import Workplace, beginning, until
from servers.program import Program
from sqlalchemy import func, select

from domain.sending import Request
from tasks.channels.e_mail import service_of
from tasks.sending import send_contacts
from tasks.store.queues import beat, enter_services, last_beat
from tasks.store.tables import deliveries, dispatches
from tasks.store.writing import save_contact

LOG = "dispatch.log"
LONG = 600  # seconds of a shift


@dataclass(frozen=True)
class Outgoing:
    """What an installation sends, and the shifts that send it."""

    place: Workplace

    def configure(self, port: int, connections: int = 1) -> None:
        """Save the account that sends by a relay."""
        words = [str(port), str(connections)]
        subprocess.run([sys.executable, "-m", "bench.sending_account", *words], check=True)
        account = sending_account(port, connections)
        enter_services(self.place.store, [service_of(account)], ["e-mail"])

    def save(self, letters: Sequence[Letter]) -> list[int]:
        """Save a contact for each letter; gives their ids."""
        now = datetime.now(UTC)
        return [save_contact(self.place.store, letter.contact, now) for letter in letters]

    def queue(self, contact_ids: Sequence[int]) -> None:
        """Ask for all to be sent, whether or not a shift works just now."""
        beat(self.place.store, datetime.now(UTC))
        asked = [Request("e-mail", contact_id, OWNERS[0]) for contact_id in contact_ids]
        assert all(decision.judgement.is_granted for decision in send_contacts(asked))

    def shift(self, seconds: int = LONG) -> AbstractContextManager[Program]:
        """Let a shift begin; it is killed at the end of the context."""
        return beginning("bench.dispatch_shift", seconds, self.place.logs / LOG)

    def await_life(self) -> None:
        """Wait until a shift gives a sign of life from now on."""
        now = datetime.now(UTC)
        until(lambda: (self._last_beat() or now) > now)

    def _last_beat(self) -> datetime | None:
        with self.place.store.reading() as connection:
            return last_beat(connection)

    def waiting(self) -> int:
        """Count the dispatches with recipients who still wait."""
        with self.place.store.reading() as connection:
            waits = dispatches.c.due_at.is_not(None)
            query = select(func.count()).select_from(dispatches).where(waits)
            return connection.scalar(query) or 0

    def statuses(self) -> Counter[str]:
        """Count the deliveries by their status."""
        with self.place.store.reading() as connection:
            return Counter(connection.scalars(select(deliveries.c.status)))

    def recipients(self, status: str) -> set[str]:
        """Name the recipients whose delivery stands so."""
        with self.place.store.reading() as connection:
            these = select(deliveries.c.address).where(deliveries.c.status == status)
            return set(connection.scalars(these))

    def unfinished(self) -> int:
        """Count the dispatches that are leased, being sent, or due for anything."""
        left = (
            dispatches.c.holder.is_not(None)
            | dispatches.c.leased_until.is_not(None)
            | dispatches.c.sending_since.is_not(None)
            | dispatches.c.due_at.is_not(None)
        )
        with self.place.store.reading() as connection:
            query = select(func.count()).select_from(dispatches).where(left)
            return connection.scalar(query) or 0
