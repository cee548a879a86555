"""The benchmark of workflows: how soon todos are there, and what a pass costs."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from bench.installation import TESTS
from bench.report import Finding, say, show
from bench.shifts import until, workplace
from bench.workflow_cases import asking, enter_cases, straight
from bench.workflow_rate import Cost, Rate, measure_cost, measure_rate
from bench.workflow_shifts import Planning
from servers.postgres import fresh_database, postgres

BURST, SINGLE, GROWTH = 10.0, 1.0, 1.5  # targets: seconds, seconds, times
APART = 0.3  # seconds between single events
PEER = "SpiffWorkflow, kept as JSON"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    burst: int
    singles: int
    few: int
    many: int
    todos: int  # open ones of each case
    rounds: int
    cases: int
    steps: int


FULL = Size(1_000, 100, few=1_000, many=10_000, todos=10, rounds=50, cases=500, steps=10)
QUICK = Size(100, 10, few=50, many=500, todos=10, rounds=10, cases=50, steps=4)


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured on one database, in seconds and in steps a second."""

    burst: float
    singles: list[float]
    cost: Mapping[str, Cost]
    rate: Rate
    peer: float | None


def measure(quick: bool) -> None:
    """Print how soon todos are there; a quick run's figures say little."""
    size = QUICK if quick else FULL
    with postgres() as cluster:
        for database in ("SQLite", "PostgreSQL"):
            found = _measured(cluster if database == "PostgreSQL" else "", size)
            show(f"Workflows on {database}", _findings(found, size), "ours to it")


def _measured(cluster: str, size: Size) -> Found:
    with _working(cluster, size) as (planning, numbers):
        singles = [_alone(planning, number) for number in numbers[size.burst :]]
        burst = _together(planning, numbers[: size.burst])
    cost = measure_cost(cluster, size.few, size.many, size.todos, size.rounds)
    url = fresh_database(cluster) if cluster else ""
    rate = measure_rate(url, size.cases, size.steps)
    return Found(burst, singles, cost, rate, _by_spiff(size))


@contextmanager
def _working(cluster: str, size: Size) -> Iterator[tuple[Planning, list[str]]]:
    """Let a shift work on a workflow of one todo, for so many cases."""
    with workplace(fresh_database(cluster) if cluster else "") as place:
        planning = Planning(place)
        first, *numbers = enter_cases(place.store, 1 + size.burst + size.singles, straight(steps=1))
        with planning.shift():
            planning.await_life()
            _alone(planning, first)  # the shift has its connections then
            yield planning, numbers


def _alone(planning: Planning, number: str) -> float:
    """Emit one event; gives how long after it its todo can be read."""
    time.sleep(APART)
    before, begin = planning.todos(), time.monotonic()
    planning.emit([asking(number)])
    return until(lambda: planning.todos() > before) - begin


def _together(planning: Planning, numbers: list[str]) -> float:
    """Emit many events at once; gives how long after it all their todos can be read."""
    before, begin = planning.todos(), time.monotonic()
    planning.emit([asking(number) for number in numbers])
    return until(lambda: planning.todos() >= before + len(numbers)) - begin


def _by_spiff(size: Size) -> float | None:
    if not importlib.util.find_spec("SpiffWorkflow"):
        say(f"{PEER}: skipped, for it is not installed; the bench extra brings it")
        return None
    command = [sys.executable, "-m", "bench.spiff_way", str(size.cases), str(size.steps)]
    path = {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    environment = {**os.environ, **path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _findings(found: Found, size: Size) -> list[Finding]:
    late = quantiles(found.singles, n=20)[-1]
    return [
        Finding(
            f"{size.burst:,} events at once, all todos there",
            f"{found.burst:.2f} s",
            target=f"under {BURST:.0f} s",
            reached=found.burst < BURST,
        ),
        Finding("one event, its todo there, median", f"{median(found.singles) * 1000:.0f} ms"),
        Finding(
            "one event, its todo there, 95 of 100",
            f"{late * 1000:.0f} ms",
            target=f"under {SINGLE:.0f} s",
            reached=late < SINGLE,
        ),
        *_cost_findings(found.cost, size),
        *_rate_findings(found.rate, found.peer),
    ]


def _cost_findings(costs: Mapping[str, Cost], size: Size) -> Iterator[Finding]:
    among = f"among {size.many:,} cases with {size.many * size.todos:,} todos"
    target = f"at most {GROWTH} times {size.few:,}'s"
    for found, cost in costs.items():
        what, figure = f"a pass that finds {found}, {among}", f"{cost.taken * 1000:.2f} ms"
        yield Finding(what, figure, f"{cost.growth:.2f}", target, cost.growth <= GROWTH)


def _rate_findings(rate: Rate, peer: float | None) -> Iterator[Finding]:
    for what, steps in (
        ("steps a second, planning", rate.planning),
        ("steps a second, with each todo done in a transaction", rate.with_doing),
    ):
        ratio = f"{steps / peer:.1f}" if peer else ""
        yield Finding(what, f"{steps:,.0f}", ratio)
    if peer is not None:
        yield Finding(f"{PEER}: steps a second", f"{peer:,.0f}")
