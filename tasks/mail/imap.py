"""One IMAP connection with one selected folder.

imap-tools gives the connection, the logins, folders and IDLE. Messages are fetched by the raw
client: its own fetch is 15 times slower, marks messages as seen unless told otherwise, and goes
wrong where the server says something in between. Nothing here ever expunges.
"""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from select import POLLIN, poll
from time import mktime
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from imap_tools.utils import encode_folder

from domain.arrivals import Arrival, Listed
from domain.errors import FolderMissing, MailServerError, ServerUnreachable

PIECE = 1024 * 1024  # bytes asked for at once of a large message
LARGE = 2 * PIECE  # from this size on a message is fetched in pieces
SLICE_SECONDS = 0.5  # how soon a wait notices that it is over
EXISTS = "EXISTS"  # how a server tells of new messages (RFC 3501, 7.3.1)
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_QUOTED_BODY = re.compile(rb'BODY\[\](?:<\d+>)? (?:NIL|"((?:[^"\\]|\\.)*)")')


class ImapFolder:
    """A folder, open over a connection of its own; every method may raise a MailServerError."""

    def __init__(self, mailbox: BaseMailBox, folder: str) -> None:
        self._mailbox = mailbox
        self._client = mailbox.client
        with _translated():
            # imaplib asks before the login, when many servers name only half of what they can.
            self._client._get_capabilities()
            self._select(folder)

    @property
    def has_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return "IDLE" in self._client.capabilities

    @property
    def tls_version(self) -> str | None:
        """The version of TLS that protects the connection; None where nothing does."""
        socket = self._client.sock
        return socket.version() if isinstance(socket, ssl.SSLSocket) else None

    @property
    def has_move(self) -> bool:
        """Whether the server can move messages (RFC 6851)."""
        return "MOVE" in self._client.capabilities

    def after(self, uid: int) -> list[Listed]:
        """List the messages whose UID is greater."""
        with _translated():
            _ok(self._client.noop())  # the server need not tell of new messages before
            self._told(EXISTS)  # what is told from here on is news
        # "n:*" names the last message even where its UID is below n (RFC 3501, 6.4.8).
        return [message for message in self._listed(f"{uid + 1}:*") if message.uid > uid]

    def sizes(self, uids: Iterable[int]) -> list[Listed]:
        """List messages that are still there, of those with these UIDs."""
        return self._listed(_uid_set(uids))

    def fetch(self, listed: Sequence[Listed]) -> list[Arrival]:
        """Fetch messages whole; what is expunged meanwhile is left out."""
        small = [message.uid for message in listed if message.size < LARGE]
        arrivals = self._fetch_whole(small) if small else []
        large = (self._fetch_in_pieces(m.uid) for m in listed if m.size >= LARGE)
        return sorted([*arrivals, *filter(None, large)], key=lambda arrival: arrival.uid)

    def wait_for_news(self, seconds: float, over: Callable[[], bool]) -> bool:
        """Wait, by IDLE, until the server says something; False if it said nothing in time."""
        with _translated(), self._idling():
            if EXISTS in self._client.untagged_responses:
                return True  # it told already, in answer to an earlier command
            for _ in range(int(seconds / SLICE_SECONDS)):
                if over():
                    break
                if self._says_something(SLICE_SECONDS):
                    return True
        return False

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Set \\Seen."""
        self._store_flags(uids, r"(\Seen)")

    def move(self, uids: Sequence[int], target: str) -> None:
        """Move messages to another folder.

        Where the server has no MOVE (RFC 6851) they are copied, and marked as deleted: whoever
        tidies up the folder next removes them, for this program never expunges.
        """
        with _translated():
            command = "MOVE" if self.has_move else "COPY"
            _ok(self._client.uid(command, _uid_set(uids), encode_folder(target).decode()))
        if not self.has_move:
            self._store_flags(uids, r"(\Seen \Deleted)")

    def close(self) -> None:
        """Log out and close the connection."""
        disconnect(self._mailbox)

    def _select(self, folder: str) -> None:
        try:
            self._mailbox.folder.set(folder)
        except MailboxFolderSelectError as error:
            raise FolderMissing(f"there is no folder {folder}") from error
        self.uidvalidity = self._told("UIDVALIDITY") or 0
        self.uidnext = self._told("UIDNEXT")  # None where the server does not say

    def _told(self, code: str) -> int | None:
        _, answer = self._client.response(code)
        return int(answer[0]) if answer and answer[0] else None

    def _listed(self, uid_set: str) -> list[Listed]:
        with _translated():
            lines = _ok(self._client.uid("FETCH", uid_set, "(UID RFC822.SIZE INTERNALDATE)"))
        listed = []
        for line in lines:
            uid, size = _UID.search(_text(line)), _SIZE.search(_text(line))
            if uid and size:  # else it tells of something that nobody asked for
                listed.append(Listed(int(uid[1]), int(size[1]), _internal_date(_text(line))))
        return listed

    def _fetch_whole(self, uids: Sequence[int]) -> list[Arrival]:
        with _translated():
            answer = _ok(
                self._client.uid("FETCH", _uid_set(uids), "(UID INTERNALDATE BODY.PEEK[])")
            )
        asked = set(uids)
        return [
            Arrival(uid, _internal_date(attributes), body)
            for uid, attributes, body in _bodies(answer)
            if uid in asked
        ]

    def _fetch_in_pieces(self, uid: int) -> Arrival | None:
        raw = bytearray()
        while True:
            asked = f"(UID INTERNALDATE BODY.PEEK[]<{len(raw)}.{PIECE}>)"
            with _translated():
                found = list(_bodies(_ok(self._client.uid("FETCH", str(uid), asked))))
            if not found:
                return None
            _, attributes, piece = found[0]
            raw += piece
            if len(piece) < PIECE:
                return Arrival(uid, _internal_date(attributes), bytes(raw))

    @contextmanager
    def _idling(self) -> Iterator[None]:
        """Begin and end IDLE; imap-tools' own fails where news comes before the server's "+"."""
        tag = self._client._command("IDLE")
        while self._client._get_response() is not None:
            if self._client.tagged_commands[tag]:
                raise MailServerError("the server refused IDLE")
        yield
        self._client.send(b"DONE\r\n")
        self._mailbox.consume_until_tagged_response(tag)

    def _store_flags(self, uids: Sequence[int], flags: str) -> None:
        with _translated():
            _ok(self._client.uid("STORE", _uid_set(uids), "+FLAGS.SILENT", flags))

    def _says_something(self, seconds: float) -> bool:
        """Look first at what was read ahead, which no poll of the socket would show."""
        socket = self._client.sock
        before = socket.gettimeout()
        socket.settimeout(0)
        try:
            if _reader(self._client).peek(1):
                return True
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            socket.settimeout(before)
        waiting = poll()
        waiting.register(socket.fileno(), POLLIN)
        return bool(waiting.poll(seconds * 1000))


def _reader(client: imaplib.IMAP4) -> Any:
    return getattr(client, "_file", None) or client.file  # renamed in Python 3.14


def disconnect(mailbox: BaseMailBox) -> None:
    """Log out; a connection that is broken already is no matter."""
    try:
        mailbox.logout()
    except (ImapToolsError, imaplib.IMAP4.error, OSError):
        mailbox.client.shutdown()


@contextmanager
def _translated() -> Iterator[None]:
    """Say in our own words what went wrong on the way to the server."""
    try:
        yield
    except (OSError, imaplib.IMAP4.abort) as error:
        raise ServerUnreachable(f"the connection broke: {error}") from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailServerError(f"the server refused: {error}") from error


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, lines = answer
    if status != "OK":
        raise MailServerError(f"the server answered {status}: {_text(lines[0])!r}")
    return [line for line in lines if line is not None]


def _text(line: Any) -> bytes:
    return line[0] if isinstance(line, tuple) else line or b""


def _bodies(lines: Iterable[Any]) -> Iterator[tuple[int, bytes, bytes]]:
    """Give each message's UID, attributes and body, wherever its UID stands in the answer."""
    pending: tuple[bytes, bytes] | None = None
    for line in lines:
        if isinstance(line, tuple):
            pending = (line[0], line[1])
            continue
        if pending:
            attributes, body = pending[0] + line, pending[1]
        elif quoted := _QUOTED_BODY.search(line):  # short ones may come without a literal
            attributes, body = line, re.sub(rb"\\(.)", rb"\1", quoted[1] or b"")
        else:
            continue
        pending = None
        if uid := _UID.search(attributes):
            yield int(uid[1]), attributes, body


def _internal_date(attributes: bytes) -> datetime:
    local = imaplib.Internaldate2tuple(attributes)
    if local is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(mktime(local), UTC)  # imaplib gives it in local time


def _uid_set(uids: Iterable[int]) -> str:
    """Write UIDs as a set, in ranges, so that long ones stay short (RFC 3501, sequence-set)."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in ranges)
