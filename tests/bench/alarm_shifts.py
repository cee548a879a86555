"""Real ringers: processes that ring what is armed in an installation, and what they have rung."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.shifts import beginning, until
from servers.program import Program
from sqlalchemy import Select, func, select

from domain.alarms import AlarmStatus
from tasks.store.database import Store
from tasks.store.ringing import alarms_are_rung
from tasks.store.tables import alarms, messages

LOG = "alarms.log"
LONG = 600  # seconds
SHIFT, RINGER = "bench.alarm_shift", "bench.alarm_ringer"


@dataclass(frozen=True)
class Ringing:
    """What rings in an installation, and those who ring it."""

    store: Store
    logs: Path

    def ringer(self, module: str = SHIFT, seconds: int = LONG) -> AbstractContextManager[Program]:
        """Let a shift begin, or a ringer without Prefect; it is killed at the context's end."""
        return beginning(module, seconds, self.logs / LOG)

    def await_life(self) -> None:
        """Wait until a shift has given a sign of life."""
        until(lambda: alarms_are_rung(self.store, self.store.now()))

    def rung(self) -> int:
        """Count the alarms that rang."""
        return self._number(select(func.count()).where(alarms.c.status == AlarmStatus.RUNG))

    def due(self) -> int:
        """Count those that are due, and have not rung."""
        due = alarms.c.next_at <= self.store.now()
        return self._number(select(func.count()).select_from(alarms).where(due))

    def told(self) -> list[str]:
        """Give the keys of all messages."""
        with self.store.reading() as connection:
            return list(connection.scalars(select(messages.c.key)))

    def expected(self) -> set[str]:
        """Give the keys of the messages of all alarms."""
        with self.store.reading() as connection:
            return {f"alarm:{alarm_id}" for alarm_id in connection.scalars(select(alarms.c.id))}

    def instants(self) -> Sequence[tuple[datetime, datetime]]:
        """Give when each alarm was due, and when its message was written."""
        said = select(alarms.c.due_at, messages.c.sent_at)
        its_own = messages.c.employee_id == alarms.c.employee_id
        told = said.join(messages, its_own & (messages.c.sent_at == alarms.c.rung_at))
        with self.store.reading() as connection:
            return [(row.due_at, row.sent_at) for row in connection.execute(told.distinct())]

    def _number(self, query: Select[tuple[int]]) -> int:
        with self.store.reading() as connection:
            return connection.scalar(query) or 0
