"""The benchmark of sending: from the queue to all recorded, beside a peer and the limit."""

import importlib.util
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from tempfile import TemporaryDirectory

from bench.installation import TESTS
from bench.outgoing import SENDER, Letter, outgoing
from bench.outgoing_shifts import Outgoing
from bench.report import Finding, say, show
from bench.shifts import until, workplace
from bench.sink import smtp_sink

from domain.delivery import DeliveryStatus

MESSAGES, ROUNDS = 500, 3
QUICK_MESSAGES = 100
PEER = "django-post-office, queue and send"
LIMIT = "smtplib, prebuilt bytes, one connection"
TARGETS = {PEER: 2.0, LIMIT: 0.3}
SEVERAL = 3  # connections


def measure(quick: bool) -> None:
    """Print how fast messages go out; a quick run's figures say little."""
    count, rounds = (QUICK_MESSAGES, 1) if quick else (MESSAGES, ROUNDS)
    letters = list(outgoing(count))
    rates = _rates(letters, rounds)
    ours = [name for name in rates if name not in TARGETS]
    for name in ours:
        compared = (name, *(each for each in TARGETS if each in rates))
        findings = [_finding(rates, name, each) for each in compared]
        show(f"Sending: {count} messages, {name}, the best of {rounds}", findings, "ours to it")


def _rates(letters: Sequence[Letter], rounds: int) -> dict[str, float]:
    """Measure everybody in turn, round by round, and take the quickest round of each."""
    taken: dict[str, list[float]] = {}
    with smtp_sink() as port, workplace() as place:
        sending = Outgoing(place)
        for _ in range(rounds):
            for name, way in _ways(sending, port, letters).items():
                taken.setdefault(name, []).append(way())
    return {name: len(letters) / min(seconds) for name, seconds in taken.items()}


def _ways(
    sending: Outgoing, port: int, letters: Sequence[Letter]
) -> Mapping[str, Callable[[], float]]:
    ways = {
        "over one connection": lambda: _by_a_shift(sending, port, letters, 1),
        f"over {SEVERAL} connections": lambda: _by_a_shift(sending, port, letters, SEVERAL),
        LIMIT: lambda: _by_smtplib(port, letters),
    }
    if importlib.util.find_spec("post_office"):
        ways[PEER] = lambda: _by_post_office(port, len(letters))
    else:
        say(f"{PEER}: skipped, for it is not installed; the bench extra brings it")
    return ways


def _by_a_shift(sending: Outgoing, port: int, letters: Sequence[Letter], connections: int) -> float:
    """Queue all while a shift works, and wait until each is recorded as sent."""
    sending.configure(port, connections)
    contact_ids = sending.save(letters)
    before = sending.statuses()[DeliveryStatus.SENT]
    with sending.shift():
        sending.await_life()
        begin = time.perf_counter()
        sending.queue(contact_ids)
        until(lambda: sending.waiting() == 0)
        seconds = time.perf_counter() - begin
    assert sending.statuses()[DeliveryStatus.SENT] == before + len(letters)
    return seconds


def _by_post_office(port: int, count: int) -> float:
    with TemporaryDirectory(prefix="post-office-") as folder:
        command = [sys.executable, "-m", "bench.post_office", str(port), str(count), folder]
        path = {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
        environment = {**os.environ, **path}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return float(done.stdout)


def _by_smtplib(port: int, letters: Sequence[Letter]) -> float:
    ready = [(letter.to, letter.raw) for letter in letters]
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as relay:
        for to, raw in ready:
            relay.sendmail(SENDER, [to], raw)
    return time.perf_counter() - begin


def _finding(rates: Mapping[str, float], ours: str, name: str) -> Finding:
    ratio, target = rates[ours] / rates[name], TARGETS.get(name)
    return Finding(
        "Kontaktwerk, to all recorded" if name == ours else name,
        f"{rates[name]:,.0f}/s",
        f"{ratio:.2f}",
        f"at least {target}" if target else "",
        ratio >= target if target else None,
    )
