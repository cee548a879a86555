"""How long it takes from a message's delivery to its contact, and what Prefect's engine costs."""

import time
from functools import partial
from random import Random
from statistics import median, quantiles

from bench.installation import PASSWORD, USER
from bench.letters import letters
from bench.report import Finding, show
from bench.shifts import Workplace, until, workplace
from servers.dovecot import Dovecot, dovecot

TARGET = 1.0  # seconds
FIRST = 3  # messages that are not counted
PAUSES = 0.6, 1.4  # seconds between two messages


def measure_shift(messages: int, deliveries: int) -> None:
    """Let a real shift catch up with a full mailbox, then bring it one message after another."""
    with dovecot({USER: PASSWORD}) as server, workplace() as place:
        server.deliver_many(USER, letters(messages))
        place.watch(server.port)
        with place.shift():
            rate = _rate(place, messages)
            delays = _delays(place, server, deliveries)
    show("A real shift, with Prefect's server beside it", _findings(messages, rate, delays))


def _rate(place: Workplace, messages: int) -> float:
    """Give messages per second, from the first chunk's commit to the last one's."""
    begin = until(lambda: place.explained() > 0)
    before = place.explained()
    end = until(lambda: place.explained() == messages)
    return (messages - before) / (end - begin)


def _delays(place: Workplace, server: Dovecot, deliveries: int) -> list[float]:
    chance = Random(3)
    delays = []
    for number, raw in enumerate(letters(FIRST + deliveries, seed=3), place.explained() + 1):
        time.sleep(chance.uniform(*PAUSES))
        delivered = time.monotonic()
        server.deliver(USER, raw)
        delays.append(until(partial(_is_explained, place, number)) - delivered)
    return delays[FIRST:]


def _is_explained(place: Workplace, number: int) -> bool:
    return place.explained() == number


def _findings(messages: int, rate: float, delays: list[float]) -> list[Finding]:
    late = quantiles(delays, n=20)[-1]
    target = f"under {TARGET:.0f} s"
    return [
        Finding(f"catching up with {messages} messages", f"{rate:,.0f}/s"),
        Finding(
            f"from delivery to contact, median of {len(delays)}",
            f"{median(delays):.2f} s",
            target=target,
            reached=median(delays) < TARGET,
        ),
        Finding(
            "from delivery to contact, 95 of 100",
            f"{late:.2f} s",
            target=target,
            reached=late < TARGET,
        ),
    ]
