"""All in one: the Prefect server, the runner and, with nothing configured, the demo."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

import httpx
from rich.console import Console

from deployments.configuration import configuration
from deployments.demo.bell import Bell
from deployments.demo.directory import HOST as DEMO_HOST
from deployments.environment import prefect_environment
from deployments.leftovers import end_leftovers
from deployments.workflow_files import definitions, folders
from domain.errors import ConfigurationError, KontaktwerkError, StoreUnavailable
from domain.public_holidays import public_holidays
from tasks.settings import Settings
from tasks.store.database import store
from tasks.store.workflow_lines import known_names

START_SECONDS = 180  # the server's first start makes its database
STOP_SECONDS = 10
ENDING = (signal.SIGINT, signal.SIGTERM)
Child = subprocess.Popen[bytes]


class ChildEnded(KontaktwerkError):
    """A process without which nothing goes on has ended by itself."""


def up(settings: Settings, console: Console) -> None:
    """Start everything, say where to look, and stay until interrupted."""
    _require_free_ports(settings)
    _require_writable(settings.folder)
    store().upgrade()
    configuration(settings)  # what is wrong in it is said before anything starts
    _say_what_is_left_out(settings, console)
    public_holidays(settings.country, settings.state, ())
    for number in ENDING:
        signal.signal(number, _interrupt)
    with ExitStack() as stack:
        children: dict[str, Child] = {}

        def start(name: str, *command: str) -> None:
            child = _running([sys.executable, "-m", *command], settings, name)
            children[name] = stack.enter_context(child)

        if settings.is_demo:
            console.print("Nothing is configured: starting the demo's servers ...")
            start("demo", "deployments.demo")
        console.print("Starting the Prefect server ...")
        address = ["--host", settings.host, "--port", str(settings.port)]
        start("server", "prefect", "server", "start", *address)
        _wait_until_healthy(settings, children)
        end_leftovers(prefect_environment(settings)["PREFECT_API_URL"])
        start("runner", "deployments.cli", "runner")
        start("desk", "deployments.desk")
        console.print(_welcome(settings))
        _watch(children, Bell(store(), store().now()) if settings.is_demo else None, console)


def _say_what_is_left_out(settings: Settings, console: Console) -> None:
    for problem in definitions(folders(settings), known_names(store())).problems:
        console.print(f"Left out: {problem}", markup=False, soft_wrap=True)


@contextmanager
def _running(command: Sequence[str], settings: Settings, name: str) -> Iterator[Child]:
    """Run a program, its output going to a log file, and end it at the end."""
    with (settings.folder / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            env={**os.environ, **prefect_environment(settings)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C reaches this process alone, which ends the others
        )
        try:
            yield child
        finally:
            _end(child)


def _end(child: Child) -> None:
    """End a program and all that it started: first asked, then told."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        give_up = time.monotonic() + STOP_SECONDS
        while _is_anybody_left(child) and time.monotonic() < give_up:
            time.sleep(0.1)


def _is_anybody_left(child: Child) -> bool:
    child.poll()  # else it would be left as a zombie
    try:
        os.killpg(child.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until_healthy(settings: Settings, children: dict[str, Child]) -> None:
    url = f"http://{settings.host}:{settings.port}/api/health"
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        _require_alive(children)
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise ChildEnded(f"the Prefect server does not answer at {url}: see server.log")


def _watch(children: dict[str, Child], bell: Bell | None, console: Console) -> None:
    while True:
        _require_alive(children)
        for stroke in bell.strokes() if bell else ():
            console.print(stroke, soft_wrap=True)
        time.sleep(1)


def _require_alive(children: dict[str, Child]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise ChildEnded(f"the {name} has ended by itself: its log file says why")


def _require_free_ports(settings: Settings) -> None:
    ports = {settings.port: ("the Prefect server", "KONTAKTWERK_PORT")}
    ports[settings.desk_port] = ("the desk", "KONTAKTWERK_DESK_PORT")
    if settings.is_demo:
        ports[settings.demo_imap_port] = ("the demo's IMAP server", "KONTAKTWERK_DEMO_IMAP_PORT")
        ports[settings.demo_smtp_port] = ("the demo's SMTP server", "KONTAKTWERK_DEMO_SMTP_PORT")
        ports[settings.demo_sms_port] = ("the demo's SMS gateway", "KONTAKTWERK_DEMO_SMS_PORT")
    for port, (what, setting) in ports.items():
        try:
            socket.create_server((settings.host, port)).close()
        except OSError as error:
            raise ConfigurationError(
                f"port {port} for {what} cannot be used ({os.strerror(error.errno or 0)}); "
                f"end what uses it, or set {setting} to another port"
            ) from error


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StoreUnavailable(f"{folder} cannot be written: {error.strerror}") from error


def _welcome(settings: Settings) -> str:
    url = f"http://{settings.host}:{settings.port}"
    lines = [f"Kontaktwerk is up: [bold]{url}/runs[/bold]", "kontakt contact list shows what came."]
    if settings.is_demo:
        lines.append(f"Its SMS arrive at [bold]http://{DEMO_HOST}:{settings.demo_sms_port}/[/bold]")
        lines.append("This is the demo; the README tells how to point it at your own mailbox.")
    return "\n".join([*lines, "Ctrl-C ends everything."])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in ENDING:  # a second Ctrl-C, and something would be left running
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
