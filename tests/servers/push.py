"""A push service: HTTP that keeps what apprise posts to json:// addresses, and can misbehave."""

import json
import ssl
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from servers.running import running

from domain.push_services import PushService

TOPIC = "Geheimes-Thema-4711"


@dataclass(frozen=True)
class Turn:
    """What is done with one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks: bool = False  # the connection, before an answer
    silent: float = 0  # seconds before the answer
    drips: float = 0  # seconds, in which the answer comes bit by bit


@dataclass(frozen=True)
class Pushed:
    """A message as it came."""

    path: str
    title: str
    text: str


class PushServer(ThreadingHTTPServer):
    """A push service on a free port of the loopback interface."""

    daemon_threads = True

    def __init__(self, *turns: Turn) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.turns = list(turns)  # of the next requests; after them all goes well
        self.pushed: list[Pushed] = []

    @property
    def url(self) -> str:
        """The address as apprise writes it."""
        return f"json://127.0.0.1:{self.server_port}/{TOPIC}"


class _Conversation(BaseHTTPRequestHandler):
    server: PushServer

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.pushed.append(Pushed(self.path, said["title"], said["message"]))
        turn = self.server.turns.pop(0) if self.server.turns else Turn()
        time.sleep(turn.silent)
        if not turn.breaks:
            self._answer(turn)

    def _answer(self, turn: Turn) -> None:
        with suppress(ConnectionError):  # who asked may be gone by now
            self._write(turn)

    def _write(self, turn: Turn) -> None:
        self.send_response_only(turn.status)
        for name, value in turn.headers.items():
            self.send_header(name, value)
        self.end_headers()
        until = time.monotonic() + turn.drips
        while time.monotonic() < until:
            self.wfile.write(b".")
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def push_service(url: str, **changes: Any) -> PushService:
    """Give Anna's push service at this address."""
    return PushService(**{"name": "anna-phone", "employee": "1001", "url": url, **changes})


def push_server(
    *turns: Turn, tls: ssl.SSLContext | None = None
) -> AbstractContextManager[PushServer]:
    """Run a push service that takes these turns, one for each request."""
    return running(PushServer(*turns), tls)
