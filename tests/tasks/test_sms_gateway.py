"""What becomes of a message at an SMS gateway, whatever the gateway does."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from servers.program import free_port
from servers.sms_gateway import (
    TWILIO,
    Break,
    SmsGatewayServer,
    Turn,
    generic,
    line_to,
    sms_gateway,
    twilio,
)

from domain.delivery import Answer, Outcome
from domain.errors import LoginRefused, ServerUnreachable
from domain.gateways import SmsGateway

NUMBER = "+491711234567"
TEXT = "Ihr Gerät ist fertig."
ID = "1.sms@firm.example"
DATE = "Mon, 23 Nov 2026 09:00:00 GMT"
LATER = "Mon, 23 Nov 2026 09:02:00 GMT"
REFUSED = b'{"code": 21211, "message": "Invalid \'To\' Phone Number", "status": 400}'
LOST = b'{"id": "m-1", "sid": "SM1", "status": "failed", "reason": "barred"}'

Builder = Callable[..., SmsGateway]


def sent(build: Builder, *turns: Turn, **changes: Any) -> tuple[Answer, SmsGatewayServer]:
    """Send one message to a gateway that takes these turns."""
    with sms_gateway(*turns) as server, line_to(build(server.url, **changes)) as line:
        return line.send(NUMBER, TEXT, ID), server


SHAPES = pytest.mark.parametrize("build", [generic, twilio])

SITUATIONS = {
    "taken": (Turn(201), Outcome.ACCEPTED, "queued"),
    "taken with another success": (Turn(200), Outcome.ACCEPTED, "queued"),
    "taken, but lost at once": (Turn(200, LOST), Outcome.FOR_GOOD, "failed"),
    "taken, and not a word": (Turn(200, b""), Outcome.UNKNOWN, "without an id"),
    "taken, and no content": (Turn(204, b""), Outcome.UNKNOWN, "without an id"),
    "taken, and no JSON": (Turn(200, b"<html>Welcome"), Outcome.UNKNOWN, "Welcome"),
    "taken, and a list": (Turn(200, b"[]"), Outcome.UNKNOWN, "without an id"),
    "taken, and a text": (Turn(200, b'"yes"'), Outcome.UNKNOWN, "without an id"),
    "taken, and no id": (Turn(200, b'{"status": "queued"}'), Outcome.UNKNOWN, "queued"),
    "taken, and an empty id": (Turn(200, b'{"id": "", "sid": ""}'), Outcome.UNKNOWN, "id"),
    "taken, and the id is a list": (Turn(200, b'{"id": [], "sid": []}'), Outcome.UNKNOWN, "id"),
    "taken, and the id is endless": (
        Turn(200, json.dumps({"id": "x" * 5000, "sid": "x" * 5000}).encode()),
        Outcome.UNKNOWN,
        "without an id",
    ),
    "taken, and the id has line breaks": (
        Turn(200, b'{"id": "a\\nb", "sid": "a\\nb"}'),
        Outcome.UNKNOWN,
        "without an id",
    ),
    "taken, and JSON too deep": (Turn(200, b"[" * 60_000), Outcome.UNKNOWN, "without an id"),
    "taken, and JSON too long": (
        Turn(200, b'{"id": "m-1", "sid": "SM1", "x": "' + b"x" * 100_000 + b'"}'),
        Outcome.UNKNOWN,
        "without an id",
    ),
    "taken, and packed though not asked for": (
        Turn(200, gzip.compress(b'{"id": "m-1"}'), {"Content-Encoding": "gzip"}),
        Outcome.UNKNOWN,
        "without an id",
    ),
    "taken, and broken off within the answer": (
        Turn(200, breaks=Break.WITHIN_ANSWER),
        Outcome.UNKNOWN,
        "without an id",
    ),
    "moved for good": (Turn(301, b"", {"Location": "/x"}), Outcome.FOR_GOOD, "Moved"),
    "moved for good, method kept": (Turn(308, b"", {"Location": "/x"}), Outcome.FOR_GOOD, "308"),
    "moved for now": (Turn(307, b"", {"Location": "/x"}), Outcome.FOR_GOOD, "307"),
    "taken, and shown elsewhere": (Turn(303, b"", {"Location": "/x"}), Outcome.UNKNOWN, "303"),
    "found elsewhere": (Turn(302, b"", {"Location": "/x"}), Outcome.UNKNOWN, "302"),
    "a bad request": (Turn(400, REFUSED), Outcome.FOR_GOOD, "400 Bad Request"),
    "not found": (Turn(404, b""), Outcome.FOR_GOOD, "404 Not Found"),
    "not allowed": (Turn(405, b""), Outcome.FOR_GOOD, "405"),
    "the request took too long": (Turn(408, b""), Outcome.FOR_NOW, "408"),
    "a conflict": (Turn(409, b""), Outcome.UNKNOWN, "409"),
    "too large": (Turn(413, b""), Outcome.FOR_GOOD, "413"),
    "not to be processed": (Turn(422, b"no such number"), Outcome.FOR_GOOD, "no such number"),
    "too many requests": (Turn(429, b""), Outcome.FOR_NOW, "429"),
    "refused, and broken off": (
        Turn(400, REFUSED, breaks=Break.WITHIN_ANSWER),
        Outcome.FOR_GOOD,
        "400",
    ),
    "a fault": (Turn(500, b"Traceback"), Outcome.UNKNOWN, "Traceback"),
    "not implemented": (Turn(501, b""), Outcome.UNKNOWN, "501"),
    "a gateway behind the gateway": (Turn(502, b""), Outcome.UNKNOWN, "502"),
    "unavailable": (Turn(503, b""), Outcome.FOR_NOW, "503"),
    "late behind the gateway": (Turn(504, b""), Outcome.UNKNOWN, "504"),
    "a status that nobody knows": (Turn(599, b""), Outcome.UNKNOWN, "599"),
    "closed before reading": (Turn(breaks=Break.BEFORE_READING), Outcome.UNKNOWN, "no answer"),
    "closed before answering": (Turn(breaks=Break.BEFORE_ANSWERING), Outcome.UNKNOWN, "no answer"),
}


@SHAPES
@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_its_outcome(build, situation):
    turn, outcome, words = SITUATIONS[situation]

    answer, _ = sent(build, turn)

    assert (answer.outcome, answer.wait) == (outcome, None)
    assert words in answer.text
    assert (answer.reference != "") is (outcome is Outcome.ACCEPTED or "lost" in situation)


@SHAPES
def test_an_answer_that_comes_too_late_is_unknown(build):
    answer, _ = sent(build, Turn(stall=0.5), timeout_seconds=0.2)

    assert answer.outcome is Outcome.UNKNOWN
    assert "ReadTimeout" in answer.text


@SHAPES
def test_an_answer_that_trickles_is_given_up_in_time(build, trickling):
    with line_to(build(trickling, timeout_seconds=0.5)) as line:
        answer = line.send(NUMBER, TEXT, ID)

    assert answer.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [401, 402, 403, 407])
@SHAPES
def test_a_refusal_of_everybody_is_raised_for_the_queue_to_pause(build, status):
    with pytest.raises(LoginRefused, match=f"sms refused: {status}"):
        sent(build, Turn(status, b""))


@SHAPES
def test_a_wrong_token_is_a_refused_login(build):
    with pytest.raises(LoginRefused, match="401 Unauthorized"):
        sent(build, token="wrong")


@SHAPES
def test_a_gateway_that_nobody_runs_cannot_be_reached(build):
    with (
        line_to(build(f"http://127.0.0.1:{free_port()}")) as line,
        pytest.raises(ServerUnreachable, match="sms cannot be reached"),
    ):
        line.send(NUMBER, TEXT, ID)


@SHAPES
def test_a_name_that_does_not_exist_cannot_be_reached(build):
    with (
        line_to(build("https://sms.invalid")) as line,
        pytest.raises(ServerUnreachable, match="sms cannot be reached"),
    ):
        line.send(NUMBER, TEXT, ID)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(seconds=120)),
        ({"Retry-After": "0"}, timedelta(0)),
        ({"Retry-After": LATER, "Date": DATE}, timedelta(minutes=2)),
        ({"Retry-After": DATE, "Date": LATER}, timedelta(0)),
        ({"Retry-After": "9" * 400}, timedelta(days=1)),
        ({"Retry-After": "Sun, 23 Nov 9999 09:00:00 GMT", "Date": DATE}, timedelta(days=1)),
        ({"Retry-After": LATER, "Date": "today"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Mon, 99 Nov 2026 99:00:00 GMT"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_is_given_the_time_that_it_asks_for(status, headers, wait):
    answer, _ = sent(generic, Turn(status, b"", headers))

    assert (answer.outcome, answer.wait) == (Outcome.FOR_NOW, wait)


def test_twilios_words_have_its_code():
    answer, _ = sent(twilio, Turn(400, REFUSED))

    assert answer.text == "400 Bad Request: Invalid 'To' Phone Number (Twilio 21211)"


def test_a_generic_gateway_is_sent_its_template_filled():
    hostile = 'Ein "Zitat", {id}\r\nund 😀 \ud800'
    body = '{"messages": [{"to": "{digits}", "body": "{text}"}], "from": "{sender}", "ref": "{id}"}'

    with (
        sms_gateway() as server,
        line_to(generic(server.url, body=body)) as line,
    ):
        line.send(NUMBER, hostile, ID)

    [taken] = server.taken
    assert taken.json == {
        "messages": [{"to": "491711234567", "body": 'Ein "Zitat", {id}\nund 😀 ?'}],
        "from": "Werk",
        "ref": ID,
    }
    assert taken.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("changes", "sender"),
    [
        ({}, {"From": "+49301234567"}),
        ({"sender": None, "messaging_service": "MG01"}, {"MessagingServiceSid": "MG01"}),
    ],
)
def test_twilio_is_sent_a_form(changes, sender):
    answer, server = sent(twilio, **changes)

    [taken] = server.taken
    assert taken.path == f"{TWILIO}.json"
    assert taken.form == {"To": NUMBER, "Body": TEXT, **sender}
    assert answer == Answer(Outcome.ACCEPTED, "201 Created: queued", "SM1")


def test_an_id_is_found_where_its_path_leads():
    said = b'{"messages": [{"id": 4711, "status": {"group": "PENDING"}}]}'
    paths = {"reference_path": "messages.0.id", "status_path": "messages.0.status.group"}

    answer, _ = sent(generic, Turn(200, said), **paths)

    assert answer == Answer(Outcome.ACCEPTED, "200 OK: PENDING", "4711")


@pytest.mark.parametrize("path", ["messages.1.id", "messages.x.id", "messages.0.id.x", "a..b", "0"])
def test_a_path_that_leads_nowhere_finds_no_id(path):
    said = b'{"messages": [{"id": 4711}]}'

    answer, _ = sent(generic, Turn(200, said), reference_path=path)

    assert answer.outcome is Outcome.UNKNOWN


def test_a_gateway_that_gives_no_ids_is_trusted_without():
    answer, _ = sent(generic, Turn(200, b"OK"), reference_path=None, status_url=None)

    assert answer == Answer(Outcome.ACCEPTED, "200 OK: OK")


@SHAPES
def test_messages_share_one_connection(build):
    with sms_gateway() as server, line_to(build(server.url)) as line:
        references = [line.send(NUMBER, TEXT, ID).reference for _ in range(5)]

    assert len(set(references)) == 5
    assert server.connections == 1


@SHAPES
def test_after_a_break_the_next_message_goes_over_a_new_connection(build):
    with (
        sms_gateway(Turn(breaks=Break.BEFORE_ANSWERING)) as server,
        line_to(build(server.url)) as line,
    ):
        outcomes = [line.send(NUMBER, TEXT, ID).outcome for _ in range(2)]

    assert outcomes == [Outcome.UNKNOWN, Outcome.ACCEPTED]
    assert len(server.taken) == 2  # nothing was sent again behind our back


@pytest.fixture
def trickling() -> Iterator[str]:
    """Give the address of a gateway whose answer never ends."""
    ended = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
                while not ended.wait(0.05):
                    connection.sendall(b" ")

        thread = Thread(target=trickle, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()
        thread.join(5)
