"""Messages are understood in a process of their own; what it is lost over is set apart."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest
from builders import letter

from domain.arrivals import fingerprint
from domain.mail import Mail
from domain.quarantine import QuarantineReason, Trouble
from tasks.mail import reading
from tasks.mail.reading import FEW, LOST, SMALL, ReadingProcess, look_at
from tasks.mail.understand import understand

MANY = [letter(message_id=f"<{number}@x.example>") for number in range(FEW + 1)]


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    """A reading process that ends with the test."""
    process = ReadingProcess()
    yield process
    process.close()


def answering_all_but_one(started, messages):
    """Stand in for a process that is lost over one of the messages."""
    if MANY[3] in messages:
        raise TimeoutError
    return [look_at(raw) for raw in messages]


def test_it_understands_as_this_process_does(process):
    looks = process.look_at(MANY)

    assert [look.reading for look in looks] == [understand(raw) for raw in MANY]


def test_it_recognises_messages_too(process):
    looks = process.look_at(MANY)

    assert [look.fingerprint for look in looks] == [fingerprint(raw) for raw in MANY]


def test_few_messages_do_not_start_it(process, monkeypatch):
    monkeypatch.setattr(reading, "_started", lambda: pytest.fail("it was started"))

    looks = process.look_at(MANY[:FEW])

    assert [look.reading for look in looks] == [understand(raw) for raw in MANY[:FEW]]


def test_a_large_message_is_left_to_it(process):
    large = letter(text="Anbei alles.\r\n" * SMALL)

    [look] = process.look_at([large])

    assert process.number is not None
    assert look == look_at(large)


def test_no_message_at_all_is_in_trouble(process):
    readings = [look.reading for look in process.look_at([b"", *MANY])]

    assert isinstance(readings[0], Trouble)
    assert readings[0].reason is QuarantineReason.NOT_A_MESSAGE
    assert all(isinstance(each, Mail) for each in readings[1:])


@pytest.mark.rule("R6")
def test_a_message_that_it_is_lost_over_is_set_apart_and_the_others_are_read(process, monkeypatch):
    monkeypatch.setattr(reading, "_answer", answering_all_but_one)

    looks = process.look_at(MANY)

    lost = replace(look_at(MANY[3]), reading=Trouble(QuarantineReason.NOT_UNDERSTOOD, LOST))
    assert looks == [lost if raw == MANY[3] else look_at(raw) for raw in MANY]


def test_one_that_was_killed_begins_again(process):
    process.look_at(MANY)
    killed = process.number
    os.kill(killed, signal.SIGKILL)

    looks = process.look_at(MANY)

    assert looks == [look_at(raw) for raw in MANY]
    assert process.number not in (None, killed)
