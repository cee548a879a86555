"""The demo's mail server speaks real SMTP and IMAP, and ends as politely as it began."""

import asyncio
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from imap_tools import MailboxLoginError, MailBoxUnencrypted
from servers.installation import eventually
from servers.program import free_port

from deployments.demo.directory import folders_of_mailboxes, password
from deployments.demo.mail_server import PortTaken, serve
from deployments.demo.messages import DemoMessage, demo_messages
from deployments.demo.stream import hand_in, stream

LETTER = b"From: a@customer.example\r\nSubject: %s\r\n\r\nGr\xfc\xdfe\r\n.\r\nnoch eine Zeile\r\n"
TIMEOUT = 10


class Server:
    """The mail server as a program of its own, on free ports."""

    def __init__(self, *options: str) -> None:
        self.imap_port, self.smtp_port = free_port(), free_port()
        ports = ["--imap-port", str(self.imap_port), "--smtp-port", str(self.smtp_port)]
        self.program = subprocess.Popen(
            [sys.executable, "-m", "deployments.demo.mail_server", *ports, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> str:
        """Give the line with which it says that it is ready."""
        assert self.program.stdout
        return self.program.stdout.readline()

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """End it and give its exit code and what it complained about."""
        self.program.send_signal(how)
        _, complaints = self.program.communicate(timeout=TIMEOUT)
        return self.program.returncode, complaints

    def deliver(self, raw: bytes, *recipients: str) -> None:
        """Hand in a message by SMTP."""
        hand_in(self.smtp_port, DemoMessage(recipients, raw))

    def mailbox(self, address: str) -> MailBoxUnencrypted:
        """Log in to one of its mailboxes."""
        mailbox = MailBoxUnencrypted("127.0.0.1", self.imap_port, timeout=TIMEOUT)
        return mailbox.login(address, password())

    def subjects(self, address: str) -> list[str]:
        """Read the subjects in a mailbox, without leaving a trace."""
        with self.mailbox(address) as mailbox:
            return [message.subject for message in mailbox.fetch(mark_seen=False)]


@contextmanager
def running(*options: str) -> Iterator[Server]:
    server = Server(*options)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.program.kill()
        server.program.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--empty") as server:
        yield server


@pytest.fixture(scope="module")
def stocked_server() -> Iterator[Server]:
    with running() as server:
        yield server


def test_a_message_sent_by_smtp_stands_in_the_inbox_byte_for_byte(server):
    raw = LETTER % b"byte for byte"

    server.deliver(raw, "presse@demo.example")

    with server.mailbox("presse@demo.example") as mailbox:
        assert mailbox.client.uid("FETCH", "101", "(BODY.PEEK[])")[1][0][1] == raw


def test_an_idling_client_hears_of_a_message_at_once(server):
    def heard_after() -> float:
        mailbox.idle.start()
        sent = time.monotonic()
        server.deliver(LETTER % b"at once", "anna.berger@demo.example")
        assert any(b"EXISTS" in line for line in mailbox.idle.poll(timeout=TIMEOUT))
        took = time.monotonic() - sent
        mailbox.idle.stop()
        return took

    with server.mailbox("anna.berger@demo.example") as mailbox:
        quickest = min(heard_after() for _ in range(5))  # a busy machine slows down any of them

    assert quickest < 0.5


def test_a_message_to_two_mailboxes_arrives_in_both_once(server):
    server.deliver(LETTER % b"both", "Sales@demo.example", "service@demo.example")

    for address in ("sales@demo.example", "service@demo.example"):
        assert server.subjects(address).count("both") == 1


@pytest.mark.parametrize(
    "stranger", ["nobody@demo.example", "someone@example.com", "nobody+tag@demo.example"]
)
def test_an_unknown_recipient_is_refused_and_the_others_get_the_message(server, stranger):
    with smtplib.SMTP("127.0.0.1", server.smtp_port, "localhost", TIMEOUT) as client:
        recipients = [stranger, "service@demo.example"]

        refused = client.sendmail("a@customer.example", recipients, LETTER % stranger.encode())

    assert refused[stranger][0] == 550
    assert stranger in server.subjects("service@demo.example")


def test_what_stands_behind_a_plus_is_the_owners_business(server):
    tagged = "service+sc-1042.0123456789@demo.example"

    server.deliver(LETTER % b"tagged", tagged, "service@demo.example")

    assert server.subjects("service@demo.example").count("tagged") == 1


def test_mail_for_the_world_outside_can_be_read_there(server):
    nurse, fax = "empfang@dr-oezdemir.example", "493023125151@fax.demo.example"

    for subject in (b"first", b"second"):
        server.deliver(LETTER % subject, nurse, fax)

    assert server.subjects(nurse) == server.subjects(fax) == ["first", "second"]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("gibtes-nicht@mueller-maschinenbau.example", [550, 550, 550]),
        ("wartungsfenster@stadtwerke-gruenau.example", [451, 250, 451]),
    ],
)
def test_some_outside_have_a_fate_of_their_own(address, codes):
    with running("--empty") as own, smtplib.SMTP("127.0.0.1", own.smtp_port) as client:
        client.ehlo("localhost")

        answered = []
        for _ in codes:
            client.mail("service@demo.example")
            answered.append(client.rcpt(address)[0])
            client.rset()

    assert answered == codes


def test_somebody_outside_answers_what_the_demo_sends_and_nothing_else(server):
    petra = "petra.mueller@mueller-maschinenbau.example"
    ours = LETTER.replace(b"a@customer.example", b"sales+pr-9.0123456789@demo.example")

    server.deliver(ours % b"without a sender", petra)
    with smtplib.SMTP("127.0.0.1", server.smtp_port, "localhost", TIMEOUT) as client:
        client.sendmail("sales@demo.example", [petra], ours % b"Angebot")

    def answers() -> list[str]:
        return [each for each in server.subjects("sales@demo.example") if each.startswith("AW: ")]

    assert eventually(answers, TIMEOUT) == ["AW: Angebot"]


def test_a_wrong_password_is_refused(server):
    mailbox = MailBoxUnencrypted("127.0.0.1", server.imap_port, timeout=TIMEOUT)

    with pytest.raises(MailboxLoginError, match="AUTHENTICATIONFAILED"):
        mailbox.login("service@demo.example", "wrong")

    mailbox.client.shutdown()


@pytest.mark.parametrize(("address", "folders"), folders_of_mailboxes().items())
def test_each_mailbox_has_its_folders(server, address, folders):
    with server.mailbox(address) as mailbox:
        assert {folder.name for folder in mailbox.folder.list()} == set(folders)


def test_the_first_messages_are_there_before_the_first_login(stocked_server):
    first_set = demo_messages(datetime.now(UTC), str)
    expected = sum("service@demo.example" in message.recipients for message in first_set)

    with stocked_server.mailbox("service@demo.example") as mailbox:
        assert len(mailbox.numbers()) == expected


@pytest.mark.parametrize("taken", ["imap_port", "smtp_port"])
def test_a_taken_port_is_one_clear_line_and_exit_code_2(taken):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        option = f"--{taken.replace('_', '-')}"

        server = Server(option, str(port))
        output, complaints = server.program.communicate(timeout=TIMEOUT)

    assert server.program.returncode == 2
    assert output == ""
    assert complaints.count("\n") == 1
    assert f"port {port} of 127.0.0.1" in complaints


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_even_while_a_client_idles(how):
    with running("--empty") as server:
        mailbox = server.mailbox("service@demo.example")
        mailbox.idle.start()

        assert server.end(how) == (0, "")

        mailbox.client.shutdown()


def test_letters_keep_arriving_while_the_stream_runs(server):
    before = len(server.subjects("sales@demo.example"))

    def more_than_one() -> bool:
        return len(server.subjects("sales@demo.example")) > before + 1

    async def streaming() -> bool:
        letters = stream(server.smtp_port, lambda: datetime.now(UTC), str, pause=0.01)
        sending = asyncio.create_task(letters)
        arrived = await asyncio.to_thread(eventually, more_than_one)
        sending.cancel()
        return arrived

    assert asyncio.run(streaming())


def test_it_also_serves_within_another_program():
    imap_port, smtp_port = free_port(), free_port()
    message = DemoMessage(("service@demo.example",), LETTER % b"within")

    async def serve_one_message() -> None:
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(imap_port, smtp_port, ready.set, [message]))
        await ready.wait()
        await asyncio.to_thread(hand_in, smtp_port, message)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving

    asyncio.run(serve_one_message())

    for port in (imap_port, smtp_port):
        socket.create_server(("127.0.0.1", port)).close()  # both are free again


def test_a_taken_port_is_reported_before_anything_is_served():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]

        with pytest.raises(PortTaken, match=f"{port}.*SMTP"):
            asyncio.run(serve(free_port(), port))
