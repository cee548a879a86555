"""Mail as it arrives: positions, chunks, counts, and what tells two messages apart."""

import pytest
from builders import NOW, letter
from hypothesis import given
from hypothesis import strategies as st

from domain.arrivals import (
    CHUNK_BYTES,
    CHUNK_MESSAGES,
    Counts,
    Listed,
    Position,
    ReceiptOutcome,
    chunked,
    fingerprint,
)

sizes = st.lists(st.integers(0, 2 * CHUNK_BYTES), max_size=300)
counts = st.builds(Counts, *[st.integers(0, 1000)] * 4)


def listed(*message_sizes: int) -> list[Listed]:
    return [Listed(uid, size, NOW) for uid, size in enumerate(message_sizes, 1)]


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("uidvalidity", "uidnext", "position"),
    [
        (7, 11, Position(7, 10)),
        (7, 99, Position(7, 10)),
        (7, None, Position(7, 10)),  # the server does not say
        (7, 10, Position(7)),  # restored: it gives UID 10 away again
        (7, 1, Position(7)),
        (8, 11, Position(8)),
    ],
)
def test_a_position_holds_as_long_as_the_folder_goes_on_counting(uidvalidity, uidnext, position):
    assert Position(7, 10).on(uidvalidity, uidnext) == position


@given(sizes)
def test_chunks_hold_every_message_once_in_order_and_within_their_bounds(message_sizes):
    messages = listed(*message_sizes)

    chunks = list(chunked(messages[::-1]))

    assert [message for chunk in chunks for message in chunk] == messages
    assert all(1 <= len(chunk) <= CHUNK_MESSAGES for chunk in chunks)
    assert all(
        len(chunk) == 1 or sum(message.size for message in chunk) <= CHUNK_BYTES for chunk in chunks
    )


@given(counts, counts)
def test_counts_add_up(one, other):
    both = one + other

    assert both.total == one.total + other.total
    assert one + Counts() == one


def test_outcomes_are_counted_and_told():
    outcomes = [*ReceiptOutcome, ReceiptOutcome.IMPORTED]

    told = str(Counts.of(outcomes))

    assert told == "2 new, 1 duplicate, 1 quarantined, 1 skipped"
    assert str(Counts()) == "0 new"


ONE = letter()


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    "other",
    [
        b"Received: from mx.example by mail.example\r\n" + ONE,
        b"Delivered-To: someone@firm.example\r\nX-Spam-Score: 3\r\n" + ONE,
        ONE.replace(b"\r\n", b"\n"),
        ONE + b"\r\n\r\n",
        ONE.replace(b"Subject: ", b"SUBJECT:   "),
        ONE.replace(b"Message-Id: <1", b"Message-ID:\r\n <1"),
    ],
)
def test_what_the_way_adds_does_not_make_it_another_message(other):
    assert fingerprint(other) == fingerprint(ONE)


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, letter(subject="Fehler E18")),
        (ONE, letter(text="Etwas anderes")),
        (ONE, letter(message_id="<2@mueller.example>")),
        (ONE, letter(date="Mon, 23 Nov 2026 09:00:01 +0000")),
        (ONE, letter(to="sales@firm.example")),
        (b"Message-ID: <1@a.example>\nfirst", b"Message-ID: <1@a.example>\nsecond"),
        (b"rubbish", b"other rubbish"),
        (b"", b"x"),
    ],
)
def test_what_its_author_wrote_otherwise_is_another_message(one, other):
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.rule("R1")
@pytest.mark.parametrize("text", ["\r\n", "\r\nDer Toner ist leer.\r\n", ""])
def test_an_alarm_without_date_and_id_is_another_one_each_time_it_comes(text):
    alarm = f"From: printer@firm.example\r\nSubject: Alarm\r\n{text}".encode()

    today = b"Received: from printer; Mon, 23 Nov 2026 09:00:00 +0000\r\n" + alarm
    tomorrow = b"Received: from printer; Tue, 24 Nov 2026 09:00:00 +0000\r\n" + alarm

    assert fingerprint(today) != fingerprint(tomorrow)
    assert fingerprint(today) == fingerprint(today.replace(b"\r\n", b"\n"))


@pytest.mark.rule("R5")
@pytest.mark.parametrize("blank_line", [b"\r\n\r\n", b"\n\r\n", b"\r\n\n", b"\r\r"])
def test_the_first_blank_line_ends_the_header_however_its_lines_end(blank_line):
    header, body = b"Message-ID: <1@a.example>", b"\r\n\r\nTo: nobody@a.example"

    found = fingerprint(header + blank_line + body)

    assert found == fingerprint(header + b"\n\n" + body)


@given(st.binary(max_size=500))
def test_any_bytes_have_a_fingerprint(raw):
    assert len(fingerprint(raw)) == 64
