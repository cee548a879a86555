"""Dispatch shifts that are killed, relays that crash: nobody gets anything twice."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from bench.outgoing import Letter, outgoing
from bench.outgoing_shifts import Outgoing
from bench.shifts import until, workplace
from servers.scripted_smtp import ScriptedSmtp, scripted_smtp

from domain.delivery import DeliveryStatus

pytestmark = [pytest.mark.faults, pytest.mark.rule("X5")]

MESSAGES = 1_000
KILLS = 20
AT_ONCE = 400  # messages that wait at the beginning; the others come between the kills
LONGEST_LIFE = 0.4  # seconds, of a shift once it has begun to send


@pytest.fixture
def relay() -> Iterator[ScriptedSmtp]:
    """A relay that counts what it took."""
    with scripted_smtp() as server:
        yield server


@pytest.fixture
def sending(relay: ScriptedSmtp) -> Iterator[Outgoing]:
    """An installation that sends by the relay over two connections."""
    with workplace() as place:
        prepared = Outgoing(place)
        prepared.configure(relay.port, connections=2)
        yield prepared


@pytest.fixture
def letters() -> list[Letter]:
    """Letters, each to somebody else."""
    made = enumerate(outgoing(MESSAGES))
    return [replace(each, to=f"person{number}@customer.example") for number, each in made]


def test_shifts_killed_twenty_times_send_nothing_twice_and_forget_nobody(relay, sending, letters):
    chance = Random(11)
    contact_ids = sending.save(letters)
    part = (MESSAGES - AT_ONCE) // KILLS
    sending.queue(contact_ids[:AT_ONCE])

    interrupted = 0
    for number in range(KILLS):
        begin = AT_ONCE + number * part
        sending.queue(contact_ids[begin : begin + part])
        _kill_a_shift(sending, relay, chance.uniform(0, LONGEST_LIFE))
        interrupted += bool(sending.waiting())
    _work_quietly(sending)

    taken = Counter(to for recipients, _ in relay.taken for to in recipients)
    sent = sending.recipients(DeliveryStatus.SENT)
    unknown = sending.recipients(DeliveryStatus.UNKNOWN)
    assert interrupted >= KILLS // 4, "the kills came too late to interrupt anything"
    assert max(taken.values()) == 1, "somebody got it twice"
    assert sent | unknown == {each.to for each in letters}
    assert sent <= set(taken), "somebody stands as reached and got nothing"
    assert len(unknown) <= 2 * KILLS, "a kill leaves at most one for each connection"
    assert sending.unfinished() == 0


def test_a_relay_that_drops_connections_at_any_point_doubles_nothing(relay, sending, letters):
    chance = Random(7)
    contact_ids = sending.save(letters)
    sending.queue(contact_ids)

    with sending.shift():
        until(lambda: relay.taken)
        for _ in range(KILLS):
            step = chance.choice(["mail", "rcpt 1", "data", "content", "answer"])
            relay.script[step] = chance.choice(["drop", "reset"])
            time.sleep(chance.uniform(0.05, 0.3))
            relay.script.clear()
            time.sleep(chance.uniform(0.05, 0.3))
        until(lambda: sending.waiting() == 0)

    taken = Counter(to for recipients, _ in relay.taken for to in recipients)
    assert max(taken.values()) == 1, "somebody got it twice"
    assert sending.recipients(DeliveryStatus.SENT) <= set(taken)
    assert set(sending.statuses()) <= {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}


def _kill_a_shift(sending: Outgoing, relay: ScriptedSmtp, life: float) -> None:
    """Let a shift live for so long from the moment at which it sends something."""
    before = len(relay.taken)
    with sending.shift():
        until(lambda: len(relay.taken) > before)
        time.sleep(life)


def _work_quietly(sending: Outgoing) -> None:
    with sending.shift():
        until(lambda: sending.unfinished() == 0)
