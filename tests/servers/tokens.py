"""OAuth2 servers: for those who log in (token exchange), and for mail servers (RFC 7662)."""

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from servers.running import running

Form = dict[str, list[str]]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)

    def answer(self, form: Form) -> tuple[int, dict[str, str]]:
        """Give the status and the content of the answer to a form."""
        raise NotImplementedError


class _Asked(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, content = self.server.answer(form)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output is the test's."""


class TokenServer(_Server):
    """Issues access tokens, and tells a mail server whose they are."""

    def __init__(self) -> None:
        super().__init__()
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

    def answer(self, form: Form) -> tuple[int, dict[str, str]]:
        """Tell whose a token is."""
        user = self.owners.get(form["token"][0])
        return 200, {"active": "true", "username": user} if user else {"active": "false"}


class TokenEndpoint(_Server):
    """Exchanges a refresh token for access tokens, as a mail provider's does."""

    def __init__(self, issue: Callable[[], str]) -> None:
        super().__init__()
        self.issue = issue
        self.asked: list[Form] = []
        self.status = 200

    @property
    def fields(self) -> dict[str, Any]:
        """What an account needs to know of it."""
        return {
            "password": "",
            "oauth_token_url": f"http://127.0.0.1:{self.server_port}/token",
            "oauth_client_id": "kontaktwerk",
            "oauth_client_secret": "client-secret",
            "oauth_refresh_token": "refresh-token",
        }

    def answer(self, form: Form) -> tuple[int, dict[str, str]]:
        """Exchange a refresh token, unless told to fail."""
        self.asked.append(form)
        good = self.status == 200
        return self.status, {"access_token": self.issue()} if good else {"error": "invalid_grant"}


def token_server() -> AbstractContextManager[TokenServer]:
    """Run a token server on a free port of the loopback interface."""
    return running(TokenServer())


def token_endpoint(issue: Callable[[], str]) -> AbstractContextManager[TokenEndpoint]:
    """Run a token endpoint, whose access tokens are issued by a function."""
    return running(TokenEndpoint(issue))
