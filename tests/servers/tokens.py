"""An OAuth2 server as far as a mail server asks it: token introspection (RFC 7662)."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs


class TokenServer(ThreadingHTTPServer):
    """Issues access tokens, and tells a mail server whose they are."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Introspection)
        self.owners: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Where a mail server asks about a token."""
        return f"http://127.0.0.1:{self.server_port}/introspect"

    def issue(self, user: str) -> str:
        """Make a token with which this user can log in."""
        token = secrets.token_urlsafe(24)
        self.owners[token] = user
        return token

    def revoke(self, token: str) -> None:
        """Let a token be worth nothing from now on, as one that has expired."""
        self.owners.pop(token, None)


class _Introspection(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        user = self.server.owners.get(form["token"][0])
        answer = {"active": "true", "username": user} if user else {"active": "false"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output is the test's."""


@contextmanager
def token_server() -> Iterator[TokenServer]:
    """Run a token server on a free port of the loopback interface."""
    with TokenServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
