"""Real mail shifts: processes that run the flow against a Prefect server of their own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from bench.installation import USER, environment, installation
from servers.program import Program, free_port
from sqlalchemy import Select, func, select

from deployments.environment import prefect_environment
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.tables import mailboxes, receipts

SHIFTS_LOG = "shifts.log"
LONG = 600  # seconds of a shift
PATIENCE = 120.0  # seconds, for what is sure to happen
LOOK = 0.005  # seconds


@dataclass(frozen=True)
class Workplace:
    """Where shifts work: an installation, and a Prefect server that they report to."""

    store: Store
    logs: Path

    def watch(self, port: int, move_to: str = "") -> None:
        """Save the account that shifts watch: once, for a block is not for two to make at once."""
        words = [str(port), USER, move_to]
        subprocess.run([sys.executable, "-m", "bench.account", *words], check=True)

    def shift(self, seconds: int = LONG) -> AbstractContextManager[Program]:
        """Let a shift begin; it is killed at the end of the context."""
        return beginning("bench.shift", seconds, self.logs / SHIFTS_LOG)

    def watching(self) -> int:
        """Count the shifts that have come to watch the account since the beginning."""
        return (self.logs / SHIFTS_LOG).read_text().count("Beginning subflow run")

    def explained(self) -> int:
        """Count the messages of which the ledger says what became of them."""
        return self._number(select(func.count()).select_from(receipts))

    def begun(self) -> int:
        """Count how often a shift took a folder into its care."""
        return self._number(select(func.sum(mailboxes.c.lease_token)))

    def _number(self, query: Select[tuple[int]]) -> int:
        with self.store.reading() as connection:
            return connection.scalar(query) or 0


@contextmanager
def beginning(module: str, seconds: int, log: Path) -> Iterator[Program]:
    """Let a shift begin in a process of its own; it is killed at the end of the context."""
    program = Program([sys.executable, "-m", module, str(seconds)], lambda: True, log)
    program.start()
    try:
        yield program
    finally:
        program.kill()


@contextmanager
def workplace(url: str = "") -> Iterator[Workplace]:
    """Prepare an installation, and start a Prefect server for it; as installation does."""
    ports = {"KONTAKTWERK_PORT": str(free_port())}
    with (
        TemporaryDirectory(prefix="logs-") as logs,
        environment(ports),
        installation(url) as store,
        environment(prefect_environment(settings())),
        _prefect_server(Path(logs)),
    ):
        yield Workplace(store, Path(logs))


@contextmanager
def _prefect_server(logs: Path) -> Iterator[None]:
    settings().folder.mkdir(exist_ok=True)
    host, port = settings().host, settings().port
    address = ["--host", host, "--port", str(port)]
    command = [sys.executable, "-m", "prefect", "server", "start", *address]
    program = Program(command, lambda: True, logs / "server.log")
    program.start()
    try:
        until(lambda: _answers(f"http://{host}:{port}/api/health"))
        yield
    finally:
        program.stop()


def until(happened: Callable[[], bool]) -> float:
    """Wait for what is sure to happen; gives the instant, on time.monotonic's clock."""
    give_up = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > give_up:
            raise TimeoutError(f"it did not happen in {PATIENCE:.0f} seconds")
        time.sleep(LOOK)
    return time.monotonic()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False
