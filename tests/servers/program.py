"""A real server program in a test: found, started, frozen, and ended with all its children."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 60.0  # seconds for a start; these servers take half a second, if nobody else works


def required(program: str, *places: str) -> str:
    """Find a server's program, or skip the test with the reason; in CI the test fails."""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *places]))
    if found:
        return found
    reason = f"the program {program} is not installed"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """Choose a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Say whether somebody listens on this port of the loopback interface."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def greets(port: int, greeting: bytes) -> bool:
    """Say whether a server on this port begins the conversation as its protocol wants it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            return connection.recv(1024).startswith(greeting)
    except OSError:
        return False


@contextmanager
def until_exit() -> Iterator[ExitStack]:
    """Collect what must end with the context, or else with the test run, however that ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    try:
        yield stack
    finally:
        stack.close()
        atexit.unregister(stack.close)


def temporary_directory(stack: ExitStack, name: str) -> Path:
    """Make a directory that ends with the stack; its path is short enough for a socket's."""
    directory = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    stack.callback(shutil.rmtree, directory)
    return directory


@dataclass(frozen=True)
class Account:
    """An account of this machine under which a program runs."""

    name: str
    uid: int
    gid: int


def account(*preferred: str) -> Account:
    """Choose the first account that exists; only root may choose, others run as themselves."""
    if os.getuid() != 0:
        own = pwd.getpwuid(os.getuid())
        return Account(own.pw_name, own.pw_uid, own.pw_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in preferred if name in known)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


@dataclass
class Program:
    """A server and its children, which share a process group of their own.

    The group keeps Ctrl-C of the test run away from the server until the tests are done with it.
    """

    command: Sequence[str]
    ready: Callable[[], bool]
    log: Path
    runs_as: Account | None = None
    end: signal.Signals = signal.SIGTERM
    patience: float = 5.0  # seconds for a quiet end, before it is killed
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.runs_as.uid if self.runs_as else None,
                group=self.runs_as.gid if self.runs_as else None,
            )
        self._await_readiness(self.process)

    def _await_readiness(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.ready():
            if process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.command[0]} did not start: {self.log.read_text()}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End the server as its system would, and wait until it is gone."""
        if self.process:
            self.thaw()
            self.process.send_signal(self.end)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        self.kill()

    def kill(self) -> None:
        """End the server and its children at once, as a power failure would."""
        if self.process:
            self._signal(signal.SIGKILL)
            self.process.wait()
        self.process = None

    def freeze(self) -> None:
        """Keep the connections open but answer nothing, as a hanging server does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on after a freeze."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if not self.process:
            return
        with suppress(ProcessLookupError):  # the last of the group has just ended
            os.killpg(self.process.pid, number)
