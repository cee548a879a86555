"""Both sides of the wire take turns, within their time, whatever the other side does."""

import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from tasks.mail.smtp_wire import PIECE, LineBroken, Reply, Wire

LIMIT = 0.2  # seconds


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    """Our end of a connection, and the server's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Wire(ours, LIMIT), theirs


@pytest.mark.parametrize(
    ("octets", "reply"),
    [
        (b"250 ok\r\n", Reply(250, ("ok",))),
        (b"250 ok\n", Reply(250, ("ok",))),
        (b"250\r\n", Reply(250, ("",))),
        (b"250-one\r\n250-\r\n250 two\r\n", Reply(250, ("one", "", "two"))),
        (b"451 a - b\r\n", Reply(451, ("a - b",))),
        (b"550 Gr\xfc\xc3\xbc\r\n", Reply(550, ("Gr\ufffdü",))),
    ],
)
def test_a_reply_is_read_line_by_line(ends, octets, reply):
    wire, server = ends
    server.sendall(octets)

    assert wire.hear() == reply


def test_replies_that_come_together_are_read_one_by_one(ends):
    wire, server = ends
    server.sendall(b"250 one\r\n550 two\r\n45")
    server.sendall(b"1 three\r\n")

    assert [wire.hear().code for _ in range(3)] == [250, 550, 451]


@pytest.mark.parametrize("octets", [b"", b"250-a\r\n", b"25"])
def test_what_does_not_come_in_time_ends_the_line(ends, octets):
    wire, server = ends
    server.sendall(octets)
    begin = time.monotonic()

    with pytest.raises(LineBroken, match="in time"):
        wire.hear(patience=2)

    assert 2 * LIMIT <= time.monotonic() - begin < 10 * LIMIT


def test_a_reply_that_drips_has_no_more_time_than_any_other(ends):
    wire, server = ends

    def drip() -> None:
        for _ in range(20):
            server.sendall(b"2")
            time.sleep(LIMIT / 4)

    dripping = Thread(target=drip)
    dripping.start()
    begin = time.monotonic()

    with pytest.raises(LineBroken, match="in time"):
        wire.hear()

    assert time.monotonic() - begin < 4 * LIMIT
    dripping.join()


@pytest.mark.parametrize("octets", [b"hello\r\n", b"150 x\r\n", b"250x\r\n", b"2505\r\n", b"\r\n"])
def test_what_is_no_reply_ends_the_line(ends, octets):
    wire, server = ends
    server.sendall(octets)

    with pytest.raises(LineBroken):
        wire.hear()


def test_nothing_is_said_to_a_server_that_spoke_out_of_turn(ends):
    wire, server = ends
    server.sendall(b"421 4.3.2 going down\r\n")

    with pytest.raises(LineBroken) as broken:
        wire.say(b"MAIL FROM:<>\r\n")

    assert broken.value.last_words == Reply(421, ("4.3.2 going down",))
    server.setblocking(False)
    with pytest.raises(BlockingIOError):
        server.recv(1)


def test_nothing_is_said_to_a_server_that_has_gone(ends):
    wire, server = ends
    server.close()

    with pytest.raises(LineBroken, match="closed"):
        wire.say(b"NOOP\r\n")


def test_a_server_that_does_not_listen_ends_the_line_in_time(ends):
    wire, _ = ends
    begin = time.monotonic()

    with pytest.raises(LineBroken, match="in time"):
        wire.say(b"x" * 50_000_000)

    assert time.monotonic() - begin < 5


def test_a_slow_server_is_given_time_for_each_piece():
    ours, server = socket.socketpair()
    limit, pieces = 2, 12  # a busy machine may keep a piece waiting for long

    def listen() -> None:
        left = pieces * PIECE
        while left > 0:
            left -= len(server.recv(PIECE, socket.MSG_WAITALL))
            time.sleep(limit / 8)

    with ours, server:
        listening = Thread(target=listen)
        listening.start()
        begin = time.monotonic()

        Wire(ours, limit).say(b"x" * (pieces * PIECE))

        assert time.monotonic() - begin > limit
        listening.join()
