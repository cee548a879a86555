"""A push service is told one message, in a bounded time, and what it says shows no secret."""

import logging
import ssl
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from servers.program import free_port
from servers.push import TOPIC, Pushed, PushServer, Turn, push_server, push_service

from domain.delivery import Answer, Outcome
from domain.errors import CertificateRefused, ConfigurationError, ServerUnreachable
from domain.sending import Texts
from tasks.gateways.push_line import PushLine
from tasks.gateways.push_plugin import plugin_for, problem_of_address

TEXTS = Texts("Wartung bei Müller", "Mo 23.11. 10:00, Halle 2\nmit *Anna* & <Uwe> :bell: \\n")


@pytest.fixture
def certified(certificates: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    return context


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that reaches the program's logs; pytest's own would hear what is kept from them, too."""
    root, text = logging.getLogger(), StringIO()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(level)
    root.removeHandler(handler)


@contextmanager
def line_to(*turns: Turn, longest: float = 5) -> Iterator[tuple[PushServer, PushLine]]:
    with push_server(*turns) as server:
        yield server, PushLine(push_service(server.url), longest)


def test_title_and_text_arrive_as_they_are():
    with line_to() as (server, line):
        answer = line.send(TEXTS)

    assert answer == Answer(Outcome.ACCEPTED, "taken by the push service")
    assert server.pushed == [Pushed(f"/{TOPIC}", TEXTS.matchcode, TEXTS.text)]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 404, 429, 500, 503])
def test_what_is_refused_is_tried_again_later_by_the_ledger_alone(status):
    with line_to(Turn(status)) as (server, line):
        answer = line.send(TEXTS)

    assert answer.outcome is Outcome.FOR_NOW
    assert f"error={status}" in answer.text
    assert len(server.pushed) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_message_follows_a_redirect_to_elsewhere(status):
    with push_server() as elsewhere:
        there = {"Location": f"http://127.0.0.1:{elsewhere.server_port}/"}
        with line_to(Turn(status, there)) as (_, line):
            answer = line.send(TEXTS)

    assert answer.outcome is Outcome.FOR_NOW
    assert elsewhere.pushed == []


def test_what_an_address_asks_of_apprise_does_not_count():
    with push_server(Turn(500)) as server, push_server() as elsewhere:
        there = {"Location": f"http://127.0.0.1:{elsewhere.server_port}/"}
        server.turns.append(Turn(307, there))
        line = PushLine(push_service(f"{server.url}?retry=3&optional=yes&redirect=yes"))

        answers = [line.send(TEXTS), line.send(TEXTS)]

    assert [answer.outcome for answer in answers] == [Outcome.FOR_NOW, Outcome.FOR_NOW]
    assert (len(server.pushed), len(elsewhere.pushed)) == (2, 0)


def test_where_nobody_listens_nothing_has_gone_out():
    line = PushLine(push_service(f"json://127.0.0.1:{free_port()}/{TOPIC}"))

    with pytest.raises(ServerUnreachable, match="anna-phone cannot be reached"):
        line.send(TEXTS)


def test_a_name_that_is_nowhere_is_unreachable_too():
    line = PushLine(push_service("jsons://push.nowhere.invalid/topic"))

    with pytest.raises(ServerUnreachable):
        line.send(TEXTS)


def test_where_no_encryption_can_be_agreed_on_nothing_has_gone_out():
    with push_server() as server:
        line = PushLine(push_service(server.url.replace("json:", "jsons:")))

        with pytest.raises(ServerUnreachable):
            line.send(TEXTS)

    assert server.pushed == []


def test_a_connection_that_breaks_after_the_message_leaves_it_unknown():
    with line_to(Turn(breaks=True)) as (server, line):
        answer = line.send(TEXTS)

    assert answer.outcome is Outcome.UNKNOWN
    assert len(server.pushed) == 1


def test_a_server_that_says_nothing_leaves_it_unknown():
    with push_server(Turn(silent=0.5)) as server:
        line = PushLine(push_service(f"{server.url}?rto=0.1"))

        assert line.send(TEXTS).outcome is Outcome.UNKNOWN
        assert not line.is_stuck


def test_an_answer_that_never_ends_is_waited_for_no_longer_than_said():
    with line_to(Turn(drips=3), longest=0.3) as (_, line):
        begin = time.monotonic()
        answer = line.send(TEXTS)
        took = time.monotonic() - begin

    assert answer == Answer(Outcome.UNKNOWN, "no answer within 0.3 seconds")
    assert took < 3, "it was listened to for as long as it dripped"
    assert line.is_stuck


def test_a_server_that_cannot_prove_who_it_is_is_told_nothing(certified):
    with push_server(tls=certified) as server:
        line = PushLine(push_service(server.url.replace("json:", "jsons:")))

        with pytest.raises(CertificateRefused, match="anna-phone"):
            line.send(TEXTS)

    assert server.pushed == []


def test_a_server_is_proved_by_its_authority(certified, certificates, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "ca.pem"))
    with push_server(tls=certified) as server:
        line = PushLine(push_service(server.url.replace("json:", "jsons:")))

        assert line.send(TEXTS).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("turn", [Turn(403), Turn(breaks=True)], ids=["refused", "broken"])
def test_no_part_of_the_address_is_shown_or_logged(turn, logged, capfd):
    with line_to(turn) as (_, line):
        answer = line.send(TEXTS)

    shown = f"{answer} {line!r} {logged.getvalue()} {capfd.readouterr()}"
    assert TOPIC not in shown
    assert "127.0.0.1" not in shown
    assert answer.text


def test_no_error_shows_the_address_either(logged):
    line = PushLine(push_service(f"json://127.0.0.1:{free_port()}/{TOPIC}"))

    with pytest.raises(ServerUnreachable) as raised:
        line.send(TEXTS)

    assert TOPIC not in "".join(traceback.format_exception(raised.value)) + logged.getvalue()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nonsense://Geheim", "none that apprise knows"),
        ("tgram://Geheim", "none that apprise knows"),
        ("https://push.example.com/Geheim", "none that apprise knows"),
        ("json://push.example.com/Geheim", "for this very machine only"),
        ("ntfy://ntfy.example.com/Geheim", "for this very machine only"),
        ("jsons://push.example.com/Geheim?verify=no", "check of certificates"),
        ("tgram://123456789:abcdefg_hijklmnop/111/222", "several recipients"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_error_that_does_not_show_it(url, problem, logged):
    with pytest.raises(ConfigurationError, match=problem) as refused:
        plugin_for(push_service(url))

    assert problem_of_address(push_service(url)) == str(refused.value)
    assert "Geheim" not in str(refused.value) + logged.getvalue()


@pytest.mark.parametrize(
    "url",
    [
        "ntfys://ntfy.example.com/topic",
        "tgram://123456789:abcdefg_hijklmnop/111",
        "https://discord.com/api/webhooks/1234567890/abcdef",
        "pover://user@token",
        "json://localhost:8080/",
    ],
)
def test_an_address_that_apprise_knows_can_be_used(url):
    assert problem_of_address(push_service(url)) == ""


def test_a_long_text_is_one_message():
    with line_to() as (server, line):
        line.send(Texts("Wartung", "lang " * 20_000))

    assert len(server.pushed) == 1


def test_lines_that_are_used_at_once_do_not_hear_each_other():
    with (
        line_to(*[Turn(500)] * 20) as (_, one),
        line_to(*[Turn(404)] * 20) as (_, other),
        ThreadPoolExecutor(2) as threads,
    ):
        broken = threads.submit(lambda: [one.send(TEXTS).text for _ in range(20)])
        unknown = threads.submit(lambda: [other.send(TEXTS).text for _ in range(20)])

    assert all("error=500" in text and "error=404" not in text for text in broken.result())
    assert all("error=404" in text and "error=500" not in text for text in unknown.result())
