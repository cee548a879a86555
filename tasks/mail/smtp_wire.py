"""The two directions of an SMTP connection: what we say, and what the server answers.

smtplib's own conversation would do, but for three things: its time limit begins anew with every
byte that arrives, its sendall() has one limit for a message of any size, and nothing tells whether
the end of a message had left when the connection broke.
"""

import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

PIECE = 256 * 1024  # bytes that must leave within one time limit
MAX_LINES = 100  # of one reply
MAX_LINE = 4_096  # bytes; RFC 5321, 4.5.3.1.5 asks for 512
GOING_AWAY = 421  # the server closes the connection (RFC 5321, 4.2.1)
_REPLY_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered to one command."""

    code: int
    lines: tuple[str, ...]

    @property
    def kind(self) -> int:
        """The code's first digit: 2 done, 3 go on, 4 not now, 5 not at all."""
        return self.code // 100


class LineBroken(Exception):
    """The connection is of no more use; the server's last words may say why."""

    def __init__(self, reason: str, last_words: Reply | None = None) -> None:
        super().__init__(reason)
        self.last_words = last_words


class Wire:
    """A connection on which both sides take turns; who speaks out of turn ends it."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._heard = b""

    def say(self, octets: bytes) -> None:
        """Hand octets to the network; where this raises, the last of them has not left."""
        try:
            for start in range(0, len(octets), PIECE):
                self._stay_in_turn()
                self._connection.settimeout(self._seconds)
                self._connection.sendall(octets[start : start + PIECE])
        except OSError as error:
            raise LineBroken(_reason(error), self._last_words()) from error

    def hear(self, awaited: int = 2, patience: float = 1) -> Reply:
        """Read the reply to one command, in so many time limits; what makes no sense ends it."""
        until = monotonic() + self._seconds * patience
        try:
            reply = self._reply(until)
        except OSError as error:
            raise LineBroken(_reason(error)) from error
        if reply.code == GOING_AWAY or reply.kind not in (awaited, 4, 5):
            raise LineBroken("the server ended the conversation", reply)
        return reply

    def _stay_in_turn(self) -> None:
        """Look for what nobody asked for: replies would be taken for others' from here on."""
        with suppress(TimeoutError):
            self._listen(0)
        if self._heard:
            raise LineBroken("the server spoke out of turn", self._last_words())

    def _last_words(self) -> Reply | None:
        """Read what the server said before it went, and wait for nothing."""
        with suppress(OSError, LineBroken):
            return self._reply(monotonic())
        return None

    def _reply(self, until: float) -> Reply:
        lines = []
        for _ in range(MAX_LINES):
            line = _REPLY_LINE.fullmatch(self._line(until).rstrip(b"\r"))
            if line is None:
                break
            lines.append((line[3] or b"").decode("utf-8", "replace"))
            if line[2] != b"-":
                return Reply(int(line[1]), tuple(lines))
        raise LineBroken("the server answered what is no reply")

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._heard and len(self._heard) <= MAX_LINE:
            self._listen(until - monotonic())
        line, _, self._heard = self._heard.partition(b"\n")
        if len(line) > MAX_LINE:
            raise LineBroken("the server's answer has no end")
        return line

    def _listen(self, seconds: float) -> None:
        self._connection.settimeout(max(seconds, 0))
        try:
            octets = self._connection.recv(PIECE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise TimeoutError from error
        if not octets:
            raise ConnectionError("the server closed the connection")
        self._heard += octets


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    return error.strerror or str(error)
