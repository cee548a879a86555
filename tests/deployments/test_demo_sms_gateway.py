"""The demo's SMS gateway takes what the real adapter sends, and shows it to people."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import httpx
import pytest
from servers.program import free_port
from servers.sms_gateway import line_to

from deployments.demo.directory import push_services, sms_gateways
from deployments.demo.mail_server import PortTaken
from deployments.demo.push_inbox import MOST_KEPT as MOST_PUSHES
from deployments.demo.push_inbox import PushInbox
from deployments.demo.sms_gateway import answer, answer_push, serve_sms
from deployments.demo.sms_inbox import MOST_KEPT, SmsInbox
from domain.delivery import Answer, Outcome
from domain.sending import Texts
from tasks.gateways.push_line import PushLine

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER = "+491711234567"


@pytest.fixture
def port() -> Iterator[int]:
    """Run the gateway in a thread of its own, and give its port."""
    port, ready, ended = free_port(), Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        serving = asyncio.create_task(serve_sms(port, ready.set))
        await ended.wait()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    yield port
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)
    loop.close()


def test_an_sms_is_taken_and_its_receipt_is_open_at_first(port):
    with line_to(sms_gateways(port)[0]) as line:
        sent = line.send(NUMBER, "Ihr Gerät ist fertig.", "1@demo.example")

        assert sent == Answer(Outcome.ACCEPTED, "202 Accepted: queued", "sms-1")
        assert line.receipt(sent.reference) is None


@pytest.mark.parametrize(
    ("number", "outcome", "words"),
    [
        (NUMBER, Outcome.ACCEPTED, "delivered"),
        ("+491711234999", Outcome.FOR_GOOD, "undelivered: subscriber unknown"),
    ],
)
def test_after_two_seconds_the_receipt_tells_what_became_of_it(
    port, number, outcome, words, monkeypatch
):
    monkeypatch.setattr("deployments.demo.sms_inbox.DELIVERY", timedelta(0))
    with line_to(sms_gateways(port)[0]) as line:
        reference = line.send(number, "Hallo", "1@demo.example").reference

        assert line.receipt(reference) == Answer(outcome, words, reference)


def test_people_see_what_was_sent_the_newest_first(port):
    with line_to(sms_gateways(port)[0]) as line:
        line.send(NUMBER, "Erste <b>SMS</b>", "1@demo.example")
        line.send(NUMBER, "Zweite SMS 😀", "2@demo.example")

    page = httpx.get(f"http://127.0.0.1:{port}/").text

    assert page.index("Zweite SMS 😀") < page.index("Erste &lt;b&gt;SMS&lt;/b&gt;")
    assert NUMBER in page


def test_people_see_what_was_pushed_to_a_phone_the_newest_first(port):
    [anna] = push_services(port)
    line = PushLine(anna)

    answers = [line.send(Texts("Wartung", "um <b>zehn</b>")), line.send(Texts("Messe", "um elf"))]

    page = httpx.get(f"http://127.0.0.1:{port}/push").text
    assert [each.outcome for each in answers] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert page.index("um elf") < page.index("um &lt;b&gt;zehn&lt;/b&gt;")
    assert "<title>Push</title>" in page
    assert "anna-berger" in page


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/push/anna", b"[[[", 400),
        ("POST", "/push/anna", b'{"title": "Wartung"}', 400),
        ("POST", "/push", b'{"title": "", "message": ""}', 404),
        ("DELETE", "/push/anna", b"", 404),
        ("GET", "/push/anna", b"", 404),
    ],
)
def test_a_phone_takes_nothing_else(method, path, body, status):
    phones = PushInbox()

    assert answer_push(phones, method, path, body, NOW).status == status
    assert "<td>" not in phones.page()


def test_the_oldest_pushes_are_forgotten_first():
    phones = PushInbox()

    for number in range(MOST_PUSHES + 1):
        phones.put("anna", f"Push {number}.", "", NOW)

    assert "Push 0." not in phones.page()
    assert "Push 1." in phones.page()


@pytest.mark.parametrize(
    "raw",
    [
        b"GET\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"POST /messages HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /messages HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST /messages HTTP/1.1\r\nnonsense\r\n\r\n",
        b"POST /messages HTTP/1.1\r\nContent-Length: 4\r\n\r\n[[[[",
        b'POST /messages HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"to": 1}',
        b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=lambda raw: ascii(raw[:60]),
)
def test_nonsense_is_a_bad_request(port, raw):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(raw)

        assert connection.recv(4096).startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/messages/sms-9"), ("GET", "/favicon.ico"), ("DELETE", "/messages/sms-1")],
)
def test_what_is_not_there_is_not_found(method, path):
    inbox = SmsInbox()
    inbox.put(NUMBER, "", "Hallo", NOW)

    assert answer(inbox, method, path, b"", NOW).status == 404


def test_the_oldest_sms_are_forgotten_first():
    inbox = SmsInbox()

    for number in range(MOST_KEPT + 1):
        inbox.put(NUMBER, "", f"SMS {number}", NOW)

    assert inbox.find("sms-1") is None
    assert inbox.find("sms-2") is not None
    assert inbox.find(f"sms-{MOST_KEPT + 1}") is not None


@pytest.mark.parametrize(("seconds", "status"), [(0, "queued"), (1.9, "queued"), (2, "delivered")])
def test_an_sms_arrives_two_seconds_after_it_was_taken(seconds, status):
    sms = SmsInbox().put(NUMBER, "", "Hallo", NOW)

    assert sms.receipt(NOW + timedelta(seconds=seconds))["status"] == status


def test_a_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]

        with pytest.raises(PortTaken, match=f"port {taken}"):
            asyncio.run(serve_sms(taken))
