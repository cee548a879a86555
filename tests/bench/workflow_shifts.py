"""Real workflow shifts: processes that work on what is emitted, and what they have created."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpx
from bench.shifts import Workplace, beginning, until
from servers.program import Program
from sqlalchemy import Select, func, select

from domain.sending import is_alive
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.queues import last_beat
from tasks.store.tables import cases, outgoing_events, step_visits, todo_cases, todos

LOG = "workflows.log"
LONG = 600  # seconds
SERVICE = "workflows"


@dataclass(frozen=True)
class Planning:
    """What works on workflows in an installation, and those who emit events to it."""

    place: Workplace

    @property
    def store(self) -> Store:
        """The installation's database."""
        return self.place.store

    def shift(self, seconds: int = LONG) -> AbstractContextManager[Program]:
        """Let a shift begin; it is killed at the context's end."""
        return beginning("bench.workflow_shift", seconds, self.place.logs / LOG)

    def await_life(self) -> None:
        """Wait until a shift has given a sign of life."""
        began = self.store.now()
        until(lambda: self._beats_since(began))

    def _beats_since(self, began: Any) -> bool:
        with self.store.reading() as connection:
            beat = last_beat(connection, SERVICE)
        return is_alive(beat, self.store.now()) and beat is not None and beat > began

    def emit(self, events: Sequence[dict[str, Any]]) -> None:
        """Emit events at once."""
        url = f"http://{settings().host}:{settings().port}/api/events"
        httpx.post(url, json=list(events), timeout=60).raise_for_status()

    def todos(self) -> int:
        """Count the todos."""
        return self._number(select(func.count()).select_from(todos))

    def created(self) -> list[tuple[str, str, str]]:
        """Give the case, the step and the template of each todo."""
        query = (
            select(cases.c.number, step_visits.c.step, todos.c.template)
            .select_from(todos)
            .join(step_visits, step_visits.c.id == todos.c.visit_id)
            .join(todo_cases, todo_cases.c.todo_id == todos.c.id)
            .join(cases, cases.c.id == todo_cases.c.case_id)
        )
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def untold(self) -> int:
        """Count what has happened and was not told to others yet."""
        waiting = outgoing_events.c.relayed_at.is_(None)
        return self._number(select(func.count()).where(waiting))

    def _number(self, query: Select[tuple[int]]) -> int:
        with self.store.reading() as connection:
            return connection.scalar(query) or 0
