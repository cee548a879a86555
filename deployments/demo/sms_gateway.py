"""The demo's stand-in for an SMS gateway: HTTP on the loopback interface, and a page for people.

POST /messages takes {"to": ..., "text": ..., "from": ...} and answers with an id; GET /messages/
and the id tells what became of it; GET / shows all of them in a browser. It sends nothing.
POST /push/ and a phone's name takes what push services are given; GET /push shows it.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from deployments.demo.directory import HOST
from deployments.demo.mail_server import PortTaken, nobody_waits
from deployments.demo.push_inbox import PushInbox
from deployments.demo.sms_inbox import SmsInbox

MOST_BYTES = 64 * 1024
PATIENCE = 10.0  # seconds for a whole request
MESSAGES = "/messages"
PUSH = "/push"


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered to one request."""

    status: HTTPStatus
    content: str
    content_type: str = "application/json"


Answering = Callable[[str, str, bytes], Response]


async def serve_sms(port: int, ready: Callable[[], None] = nobody_waits) -> None:
    """Serve until cancelled. Raises PortTaken, before anything else happens."""
    inbox, phones = SmsInbox(), PushInbox()

    def answering(method: str, path: str, body: bytes) -> Response:
        now = datetime.now(UTC)
        if path.startswith(PUSH):
            return answer_push(phones, method, path, body, now)
        return answer(inbox, method, path, body, now)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                await _converse(answering, reader, writer)
        writer.close()

    try:
        server = await asyncio.start_server(converse, HOST, port)
    except OSError as error:
        reason = f"port {port} of {HOST}, meant for the demo's SMS, cannot be used"
        raise PortTaken(f"{reason}: {error.strerror}") from error
    async with server:
        ready()
        await asyncio.Event().wait()


async def _converse(
    answering: Answering, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one request; the client opens a connection for each."""
    response = Response(HTTPStatus.BAD_REQUEST, "{}")
    with suppress(ValueError, asyncio.LimitOverrunError):
        method, path, body = await _request(reader)
        response = answering(method, path, body)
    content = response.content.encode()
    head = (
        f"HTTP/1.1 {response.status.value} {response.status.phrase}\r\n"
        f"Content-Type: {response.content_type}\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + content)
    await writer.drain()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    """Read a request; ValueError where it is none, or too long."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, path, _ = head.split("\r\n")[0].split(" ")
    fields = dict(line.lower().split(":", 1) for line in head.split("\r\n")[1:-2])
    length = int(fields.get("content-length", "0"))
    if not 0 <= length <= MOST_BYTES:
        raise ValueError("too long")
    return method, path, await reader.readexactly(length)


def answer(inbox: SmsInbox, method: str, path: str, body: bytes, now: datetime) -> Response:
    """Answer a request as a gateway does."""
    if (method, path) == ("GET", "/"):
        return Response(HTTPStatus.OK, inbox.page(now), "text/html; charset=utf-8")
    if (method, path) == ("POST", MESSAGES):
        return _taken(inbox, body, now)
    sms = inbox.find(path.removeprefix(f"{MESSAGES}/")) if method == "GET" else None
    if sms is None:
        return _json(HTTPStatus.NOT_FOUND, {"status": "unknown", "reason": "there is no such SMS"})
    return _json(HTTPStatus.OK, sms.receipt(now))


def answer_push(phones: PushInbox, method: str, path: str, body: bytes, now: datetime) -> Response:
    """Answer a request as a push service does."""
    if (method, path) == ("GET", PUSH):
        return Response(HTTPStatus.OK, phones.page(), "text/html; charset=utf-8")
    phone = path.removeprefix(f"{PUSH}/").rstrip("/")
    if method != "POST" or phone == path:
        return _json(HTTPStatus.NOT_FOUND, {"reason": "there is no such phone"})
    try:
        said: Any = json.loads(body)
        phones.put(phone, str(said["title"]), str(said["message"]), now)
    except (ValueError, KeyError, TypeError):
        return _json(HTTPStatus.BAD_REQUEST, {"reason": "JSON with title and message is needed"})
    return _json(HTTPStatus.OK, {})


def _taken(inbox: SmsInbox, body: bytes, now: datetime) -> Response:
    try:
        said: Any = json.loads(body)
        to, sender, text = (str(said[name]) for name in ("to", "from", "text"))
    except (ValueError, KeyError, TypeError):
        wrong = {"status": "rejected", "reason": "JSON with to, from and text is needed"}
        return _json(HTTPStatus.BAD_REQUEST, wrong)
    return _json(HTTPStatus.ACCEPTED, inbox.put(to, sender, text, now).receipt(now))


def _json(status: HTTPStatus, said: dict[str, str]) -> Response:
    return Response(status, json.dumps(said))
