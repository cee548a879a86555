"""An SMTP server that goes wrong exactly where a test wants it to, and keeps what it was told.

A script says what happens at a step: the reply, or DROP, RESET or STALL, or a reply and one of
these. The steps: connect, ehlo, starttls, auth, auth 2, mail, rcpt 1, rcpt 2, data, content (in
the middle of a message), answer (to its final dot), rset, noop and quit.
"""

import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, BinaryIO

DROP, RESET, STALL = "drop", "reset", "stall"
NAME = "mx.test.example"
MIDDLE = 10_000  # bytes of a message that are read before its middle
ALL = ("PIPELINING", "SIZE 50000000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN XOAUTH2")
OK = "250 2.1.0 ok"
USUAL = {
    "connect": f"220 {NAME} ready",
    "starttls": "220 2.0.0 go ahead",
    "auth": "235 2.7.0 welcome",
    "auth 2": "235 2.7.0 welcome",
    "data": "354 go ahead",
    "answer": "250 2.0.0 Ok: queued as 4Xy12",
    "quit": "221 2.0.0 bye",
    "content": "",
}
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then resets the connection


@dataclass
class ScriptedSmtp:
    """A running server: what goes wrong, and what it was told and took."""

    port: int
    script: dict[str, str | tuple[str, str]]
    offers: tuple[str, ...]
    tls: ssl.SSLContext | None
    implicit_tls: bool
    connections: int = 0
    told: list[bytes] = field(default_factory=list)
    taken: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def fields(self) -> dict[str, Any]:
        """What an account needs to know of it."""
        protected = "tls" if self.implicit_tls else "starttls"
        security = protected if self.tls else "none"
        return {"smtp_host": "localhost", "smtp_port": self.port, "smtp_security": security}

    @property
    def commands(self) -> list[str]:
        """The commands that it was told, by their first word."""
        return [_verb(line.decode(errors="replace")) for line in self.told]

    @property
    def recipients(self) -> set[str]:
        """Everybody for whom a message was taken."""
        return {recipient for recipients, _ in self.taken for recipient in recipients}


@contextmanager
def scripted_smtp(
    script: Mapping[str, str | tuple[str, str]] | None = None,
    offers: tuple[str, ...] = ALL,
    tls: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
) -> Iterator[ScriptedSmtp]:
    """Serve any number of clients; the script may be changed between two messages."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = ScriptedSmtp(port, dict(script or {}), offers, tls, implicit_tls)
        Thread(target=_serve, args=(listener, server), daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next client


def _serve(listener: socket.socket, server: ScriptedSmtp) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.connections += 1
            Thread(target=_Conversation(server, connection).hold, daemon=True).start()


def _verb(line: str) -> str:
    return line.partition(" ")[0].strip().upper()


class _Ended(Exception):
    """The script ends the conversation here."""


class _Conversation:
    def __init__(self, server: ScriptedSmtp, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._stream: BinaryIO
        self._recipients: list[str] = []
        self._named = 0

    def hold(self) -> None:
        """Talk until one of both ends it; the client ends as it likes, and so may the test."""
        self._stream = self._connection.makefile("rb")
        with suppress(OSError, _Ended), closing(self):
            if self._server.implicit_tls:
                self._protect()
            self._act("connect")
            while line := self._stream.readline():
                self._server.told.append(line)
                self._answer(line.decode(errors="replace").strip())

    def close(self) -> None:
        """Close the connection at once: what still reads from it would keep it open."""
        self._stream.close()
        self._connection.close()

    def _answer(self, line: str) -> None:
        match _verb(line):
            case "EHLO" | "HELO":
                self._act("ehlo", "\r\n".join(self._greeting()))
            case "STARTTLS":
                if self._act("starttls").startswith("2") and self._server.tls:
                    self._protect()
            case "AUTH":
                if self._act("auth").startswith("334"):
                    self._server.told.append(self._stream.readline())
                    self._act("auth 2")
            case "RCPT":
                self._name(line)
            case "DATA":
                if self._act("data").startswith("3"):
                    self._take()
            case "QUIT":
                self._act("quit")
                raise _Ended
            case verb:  # MAIL, RSET and NOOP: what went before is forgotten
                self._recipients, self._named = [], 0
                self._act(verb.lower())

    def _greeting(self) -> list[str]:
        offers = list(self._server.offers)
        if self._server.tls and not isinstance(self._connection, ssl.SSLSocket):
            offers.append("STARTTLS")
        return [*(f"250-{each}" for each in [NAME, *offers]), "250 HELP"]

    def _name(self, line: str) -> None:
        self._named += 1
        if self._act(f"rcpt {self._named}").startswith("2"):
            self._recipients.append(line[line.index("<") + 1 : line.index(">")])

    def _take(self) -> None:
        content = b""
        for line in iter(self._stream.readline, b".\r\n"):
            if not line:
                raise _Ended
            content += line
            if len(content) >= MIDDLE > len(content) - len(line):
                self._act("content")
        if self._acts("answer")[0].startswith("2"):
            self._server.taken.append((tuple(self._recipients), content))
        self._act("answer")

    def _acts(self, step: str, usual: str = OK) -> tuple[str, ...]:
        written = self._server.script.get(step, USUAL.get(step, usual))
        return written if isinstance(written, tuple) else (written,)

    def _act(self, step: str, usual: str = OK) -> str:
        """Do what the script says at this step; give the reply."""
        acts = self._acts(step, usual)
        for act in acts:
            match act:
                case "stall":
                    self._server.over.wait()
                    raise _Ended
                case "drop":
                    raise _Ended
                case "reset":
                    self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
                    raise _Ended
                case reply if reply:
                    self._connection.sendall(reply.encode() + b"\r\n")
        return acts[0]

    def _protect(self) -> None:
        assert self._server.tls
        self._connection = self._server.tls.wrap_socket(self._connection, server_side=True)
        self._stream = self._connection.makefile("rb")
