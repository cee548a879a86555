"""Messages arrive byte for byte at a real server that nobody scripted."""

from collections.abc import Iterator
from itertools import count

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from builders import account, letter, letters
from servers.program import free_port

from domain.delivery import Outcome
from tasks.mail.submission import SmtpLine, open_line

SENDER = "service@firm.example"
LARGEST = 2_000_000  # bytes


class Post:
    """Keeps what it is handed, and refuses whoever is called nobody."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self._numbers = count(1)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 nobody is not here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return f"250 2.0.0 Ok: queued as Q{next(self._numbers)}"


@pytest.fixture
def post() -> Iterator[tuple[Post, SmtpLine]]:
    """A server, and a line to it."""
    post = Post()
    server = Controller(
        post,
        hostname="127.0.0.1",
        port=free_port(),
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
    )
    server.start()
    sending = account(
        smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", smtp_without_login=True
    )
    with open_line(sending) as line:
        yield post, line
    server.stop()


def test_many_messages_arrive_over_one_line_each_with_its_id(post):
    server, line = post
    sent = letters(20)

    answers = [line.send(SENDER, ["anna@one.example"], raw) for raw in sent]

    assert [each.original_content for each in server.taken] == sent
    assert [answer["anna@one.example"].reference for answer in answers] == [
        f"Q{number}" for number in range(1, 21)
    ]


@pytest.mark.parametrize(
    ("raw", "arrived"),
    [
        (letter(), letter()),
        (b"Subject: x\n\nlone\nends\rof lines", b"Subject: x\r\n\r\nlone\r\nends\r\nof lines\r\n"),
        (b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\n", b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\n"),
        (b"Subject: x\r\n\r\n\xfc\xff\x00\r\n", b"Subject: x\r\n\r\n\xfc\xff\x00\r\n"),
        (b".\r\n", b".\r\n"),
        (letter() + (b"." * 78 + b"\r\n") * 13_000, letter() + (b"." * 78 + b"\r\n") * 13_000),
    ],
    ids=["usual", "lone line ends", "dots", "octets", "a dot alone", "a megabyte"],
)
def test_a_message_arrives_byte_for_byte(post, raw, arrived):
    server, line = post

    line.send(SENDER, ["anna@one.example"], raw)

    assert [each.original_content for each in server.taken] == [arrived]


def test_some_are_refused_and_the_others_get_it(post):
    server, line = post
    everybody = ["anna@one.example", "nobody@one.example", "ben@two.example"]

    answers = line.send(SENDER, everybody, letter())

    assert [answer.outcome for answer in answers.values()] == [
        Outcome.ACCEPTED,
        Outcome.FOR_GOOD,
        Outcome.ACCEPTED,
    ]
    assert answers["nobody@one.example"].text == "550 5.1.1 nobody is not here"
    assert server.taken[0].rcpt_tos == ["anna@one.example", "ben@two.example"]


def test_addresses_beyond_ascii_arrive(post):
    server, line = post

    answers = line.send("jörg@firm.example", ["jürgen@müller.example"], letter(), utf8=True)

    assert answers["jürgen@müller.example"].outcome is Outcome.ACCEPTED
    assert server.taken[0].mail_from == "jörg@firm.example"
    assert server.taken[0].rcpt_tos == ["jürgen@xn--mller-kva.example"]


def test_what_is_too_large_is_refused_and_the_line_goes_on(post):
    _, line = post

    answers = line.send(SENDER, ["anna@one.example"], b"x" * LARGEST)

    assert answers["anna@one.example"].outcome is Outcome.FOR_GOOD
    assert str(LARGEST) in answers["anna@one.example"].text
    assert line.send(SENDER, ["anna@one.example"], letter())["anna@one.example"].reference == "Q1"
