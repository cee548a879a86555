"""An SMS gateway that speaks both shapes, keeps what it was sent, and can be told to misbehave."""

import json
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from servers.running import running

from domain.gateways import SmsGateway
from tasks.gateways.sms_line import SmsLine

TOKEN = "Geheim-4711"
ACCOUNT = "AC0123456789"
TWILIO = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


class Break(Enum):
    """Where the gateway closes the connection."""

    BEFORE_READING = auto()
    BEFORE_ANSWERING = auto()
    WITHIN_ANSWER = auto()  # after the header, which promised more


@dataclass(frozen=True)
class Turn:
    """What the gateway does with one request, instead of what is right."""

    status: int = 200
    body: bytes | None = None  # None: what is right
    headers: Mapping[str, str] = field(default_factory=dict)
    stall: float = 0  # seconds before the answer
    breaks: Break | None = None


@dataclass(frozen=True)
class Taken:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]  # lower-case names
    body: str

    @property
    def json(self) -> Any:
        """The body of the generic shape."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body of Twilio's shape."""
        return {name: value for name, [value] in parse_qs(self.body).items()}


class SmsGatewayServer(ThreadingHTTPServer):
    """A gateway on a free port of the loopback interface."""

    daemon_threads = True

    def __init__(self, *turns: Turn, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Conversation)
        self.turns = list(turns)  # of the next requests; after them all goes well
        self.taken: list[Taken] = []
        self.connections = 0
        self.fates: dict[str, dict[str, Any]] = {}  # what is answered to who asks for a message

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.server_port}"

    def right(self, taken: Taken) -> tuple[int, dict[str, Any]]:
        """Answer as a gateway does that is well."""
        twilio = taken.path.startswith("/2010-04-01/")
        login = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if taken.headers.get("authorization") not in {f"Bearer {TOKEN}", f"Basic {login}"}:
            return 401, {"code": 20003, "message": "Authenticate", "reason": "Authenticate"}
        if taken.method == "GET":
            fate = self.fates.get(taken.path.rpartition("/")[2].removesuffix(".json"))
            return (200, fate) if fate else (404, {"code": 20404, "message": "not found"})
        if twilio:
            return 201, {"sid": f"SM{len(self.taken)}", "status": "queued", "error_code": None}
        return 202, {"id": f"m-{len(self.taken)}", "status": "queued"}


class _Conversation(BaseHTTPRequestHandler):
    server: SmsGatewayServer
    protocol_version = "HTTP/1.1"  # connections are kept
    disable_nagle_algorithm = True  # else each answer waits 40 ms

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        turn = self.server.turns.pop(0) if self.server.turns else None
        self.close_connection = turn is not None and turn.breaks is not None
        if turn and turn.breaks is Break.BEFORE_READING:
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        taken = Taken(self.command, self.path, headers, body)
        self.server.taken.append(taken)
        status, right = self.server.right(taken)
        turn = turn or Turn(status)
        time.sleep(turn.stall)
        if turn.breaks is not Break.BEFORE_ANSWERING:
            self._write(turn, json.dumps(right).encode() if turn.body is None else turn.body)

    def _write(self, turn: Turn, body: bytes) -> None:
        self.send_response_only(turn.status)  # without a date that a turn could not change
        for name, value in {"Content-Length": str(len(body)), **turn.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if turn.breaks else body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def generic(url: str, **changes: Any) -> SmsGateway:
    """Give a gateway of the generic shape at this address."""
    usual = {
        "name": "sms",
        "url": f"{url}/messages",
        "token": f"Bearer {TOKEN}",
        "sender": "Werk",
        "status_url": f"{url}/messages/{{reference}}",
        "timeout_seconds": 5,
    }
    return SmsGateway(**{**usual, **changes})


def twilio(url: str, **changes: Any) -> SmsGateway:
    """Give a gateway of Twilio's shape at this address."""
    usual = {
        "name": "sms",
        "shape": "twilio",
        "url": url,
        "account_sid": ACCOUNT,
        "token": TOKEN,
        "sender": "+49301234567",
        "timeout_seconds": 5,
    }
    return SmsGateway(**{**usual, **changes})


@contextmanager
def line_to(gateway: SmsGateway) -> Iterator[SmsLine]:
    """Open a line to a gateway."""
    line = SmsLine(gateway)
    try:
        yield line
    finally:
        line.close()


def sms_gateway(
    *turns: Turn, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AbstractContextManager[SmsGatewayServer]:
    """Run a gateway that takes these turns, one for each request."""
    return running(SmsGatewayServer(*turns, host=host), tls)
