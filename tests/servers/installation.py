"""An installation as a new user has it: its own folder, free ports, everything from `up`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import command_line
import httpx
import pytest
from servers.program import free_port

from tasks.settings import settings
from tasks.store.database import store

T = TypeVar("T")
START_SECONDS = 120
PATIENCE = 180  # seconds; a busy machine takes a minute for what usually takes five seconds
STOP_SECONDS = 30
ANSWER_SECONDS = 60  # on a very busy machine
COLUMNS = "300"
KONTAKT = [sys.executable, "-m", "deployments.cli"]


def eventually(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Look again and again until something is seen; give what was seen last."""
    give_up = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < give_up:
        time.sleep(0.2)
    return seen


class Installation:
    """Kontaktwerk in a folder of its own, with nothing configured."""

    def __init__(self, folder: Path, shift_seconds: int = 60) -> None:
        self._shift_seconds = shift_seconds
        self.folder = folder
        self.home = folder / "var"
        self.port, self.imap_port, self.smtp_port = free_port(), free_port(), free_port()
        self.sms_port, self.desk_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder / "output.txt"
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that it listens on while it is up."""
        return self.port, self.imap_port, self.smtp_port, self.sms_port, self.desk_port

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but where to keep things, which ports to use, and shifts short enough to see."""
        own = ("KONTAKTWERK_", "PREFECT_")
        inherited = {name: v for name, v in os.environ.items() if not name.startswith(own)}
        return {
            **inherited,
            "COLUMNS": COLUMNS,
            "KONTAKTWERK_HOME": str(self.home),
            "KONTAKTWERK_PORT": str(self.port),
            "KONTAKTWERK_DEMO_IMAP_PORT": str(self.imap_port),
            "KONTAKTWERK_DEMO_SMTP_PORT": str(self.smtp_port),
            "KONTAKTWERK_DEMO_SMS_PORT": str(self.sms_port),
            "KONTAKTWERK_DESK_PORT": str(self.desk_port),
            "KONTAKTWERK_SHIFT_SECONDS": str(self._shift_seconds),
            "KONTAKTWERK_OVERLAP_SECONDS": "5",
        }

    def start(self) -> None:
        """Start it, and wait until it says that it is up."""
        with self.output.open("wb") as output:
            self._program = subprocess.Popen(
                [*KONTAKT, "up"],
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert eventually(self._is_up_or_ended, START_SECONDS), self.output.read_text()
        assert self._program.poll() is None, self.output.read_text()

    def interrupt(self) -> int:
        """Press Ctrl-C, as it were; gives the exit code."""
        assert self._program
        self._program.send_signal(signal.SIGINT)
        return self._program.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End whatever is left of it, however a test went."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        if self._program:
            self._program.wait(STOP_SECONDS)

    def processes(self) -> list[int]:
        """List the processes that belong to it: all that know its folder."""
        mark = f"KONTAKTWERK_HOME={self.home}\0".encode()
        return [int(each.name) for each in Path("/proc").glob("[0-9]*") if mark in _environ(each)]

    def kontakt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Use the command line."""
        return subprocess.run(
            [*KONTAKT, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )

    def shown(self, *arguments: str) -> str:
        """Give what a command shows that only reads the database, without a process of its own.

        Who looks again and again for what is still to come shall not keep the machine busy.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("KONTAKTWERK_CONFIG", raising=False)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            _forget_installation()
            try:
                return command_line.kontakt(*arguments, columns=COLUMNS).out
            finally:
                store().engine.dispose()
                _forget_installation()

    def contacts(self, wanted: str) -> str:
        """List the contacts, as the command line does; empty where what is wanted is not there."""
        listed = self.shown("contact", "list")
        return listed if wanted in listed else ""

    def messages(self, employee: str, wanted: str) -> str:
        """List an employee's messages; empty where what is wanted is not there."""
        listed = self.shown("message", "list", "--as", employee)
        return listed if wanted in listed else ""

    def records(self, kind: str, **filters: Any) -> list[dict[str, Any]]:
        """Ask the Prefect server for its records of a kind, such as flow_runs."""
        answer = httpx.post(f"{self.url}/api/{kind}/filter", json=filters, timeout=ANSWER_SECONDS)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    def run(self, deployment: str, **parameters: Any) -> str:
        """Start a deployment's run, as the UI's form does; gives its id."""
        [found] = self.records("deployments", deployments={"name": {"any_": [deployment]}})
        url = f"{self.url}/api/deployments/{found['id']}/create_flow_run"
        answer = httpx.post(url, json={"parameters": parameters}, timeout=ANSWER_SECONDS)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def state(self, run: str) -> str:
        """Name the state of a run, such as SUSPENDED."""
        answer = httpx.get(f"{self.url}/api/flow_runs/{run}", timeout=ANSWER_SECONDS)
        return str(answer.json()["state_name"]).upper()

    def shifts(self, *states: str) -> list[dict[str, Any]]:
        """List the mail shifts in these states, the first one first."""
        flow_runs = {"state": {"type": {"any_": list(states)}}}
        flows = {"name": {"any_": ["ingest-mail"]}}
        return self.records("flow_runs", flow_runs=flow_runs, flows=flows, sort="START_TIME_ASC")

    def _is_up_or_ended(self) -> bool:
        assert self._program
        return "is up" in self.output.read_text() or self._program.poll() is not None


def _forget_installation() -> None:
    settings.cache_clear()
    store.cache_clear()


def _environ(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:  # it has just ended, or is somebody else's
        return b""
