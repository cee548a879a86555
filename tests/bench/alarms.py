"""The benchmark of alarms: how late they ring, alone and many at once, beside APScheduler."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from bench.alarm_rows import arm_series, arm_single, enter_staff
from bench.alarm_shifts import Ringing
from bench.due_cost import Cost, measure_cost
from bench.installation import TESTS
from bench.report import Finding, say, show
from bench.shifts import until, workplace
from servers.postgres import fresh_database, postgres

from tasks.store.ringing import next_due

LATENESS, BURST, GROWTH = 0.25, 5.0, 1.5  # targets: seconds, seconds, times
LEAD = timedelta(seconds=5)  # between arming and ringing
APART = timedelta(seconds=0.3)  # single alarms
LATER = timedelta(hours=3)  # when the others begin to be due
PEER = "APScheduler, SQLAlchemyJobStore"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    armed: int
    singles: int
    burst: int
    few: int
    many: int
    rounds: int


FULL = Size(armed=100_000, singles=200, burst=10_000, few=1_000, many=1_000_000, rounds=50)
QUICK = Size(armed=5_000, singles=20, burst=500, few=1_000, many=20_000, rounds=10)


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured on one database, in seconds."""

    early: int  # alarms
    lateness: list[float]
    burst: float
    peer: float | None
    cost: Cost


def measure(quick: bool) -> None:
    """Print how late alarms ring; a quick run's figures say little."""
    size = QUICK if quick else FULL
    with postgres() as cluster:
        for database in ("SQLite", "PostgreSQL"):
            found = _measured(cluster if database == "PostgreSQL" else "", size)
            title = f"Alarms on {database}: {size.armed:,} armed"
            show(title, _findings(found, size), "ours to it")


def _measured(cluster: str, size: Size) -> Found:
    cost = measure_cost(cluster, size.few, size.many, size.rounds)
    with _place(cluster) as ringing:
        staff = enter_staff(ringing.store)
        arm_series(ringing.store, staff, size.armed - size.burst, datetime.now(UTC) + LATER)
        with ringing.ringer():
            ringing.await_life()
            lateness = _alone(ringing, staff, size.singles)
            burst = _together(ringing, staff, size.burst)
        early = sum(sent_at < due_at for due_at, sent_at in ringing.instants())
        return Found(early, lateness, burst, _by_apscheduler(ringing, size.burst), cost)


@contextmanager
def _place(cluster: str) -> Iterator[Ringing]:
    url = fresh_database(cluster) if cluster else ""
    with workplace(url) as place:
        yield Ringing(place.store, place.logs)


def _alone(ringing: Ringing, staff: list[int], number: int) -> list[float]:
    """Let alarms ring one after another; gives how long after its instant each can be read."""
    first = datetime.now(UTC) + LEAD
    instants = [first + place * APART for place in range(number)]
    arm_single(ringing.store, staff, instants)
    lateness = []
    for rung, due_at in enumerate(instants, ringing.rung() + 1):
        until(lambda rung=rung: ringing.rung() >= rung)
        lateness.append((datetime.now(UTC) - due_at).total_seconds())
    return lateness


def _together(ringing: Ringing, staff: list[int], number: int) -> float:
    """Let many ring at one instant; gives how long after it all can be read."""
    due_at = datetime.now(UTC) + 2 * LEAD
    arm_single(ringing.store, staff, [due_at] * number)
    begin = max(due_at, datetime.now(UTC))
    if begin > due_at:
        say("the burst was armed too late: it counts from the last one's arming")
    until(lambda: next_due(ringing.store) != due_at)  # which costs those who ring nothing
    return (datetime.now(UTC) - begin).total_seconds()


def _by_apscheduler(ringing: Ringing, number: int) -> float | None:
    if not importlib.util.find_spec("apscheduler"):
        say(f"{PEER}: skipped, for it is not installed; the bench extra brings it")
        return None
    url = ringing.store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bench.scheduler_way", str(number)]
    path = {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    environment = {**os.environ, **path, "KONTAKTWERK_DATABASE_URL": url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _findings(found: Found, size: Size) -> list[Finding]:
    late = quantiles(found.lateness, n=100)[-1]
    findings = [
        Finding("rung early", f"{found.early}", "", "none", found.early == 0),
        Finding("single ones: late, median", f"{median(found.lateness) * 1000:.0f} ms"),
        Finding(
            "single ones: late, 99 of 100",
            f"{late * 1000:.0f} ms",
            target=f"under {LATENESS * 1000:.0f} ms",
            reached=late < LATENESS,
        ),
        Finding(
            f"{size.burst:,} at one instant, all told",
            f"{found.burst:.2f} s",
            target=f"under {BURST:.0f} s",
            reached=found.burst < BURST,
        ),
        *_cost_findings(found.cost, size),
    ]
    if found.peer is not None:
        ratio = f"{found.burst / found.peer:.2f}"
        findings.append(Finding(f"{PEER}: the same {size.burst:,}", f"{found.peer:.2f} s", ratio))
    return findings


def _cost_findings(cost: Cost, size: Size) -> list[Finding]:
    target = f"at most {GROWTH} times"
    return [
        Finding(
            f"{what} among {size.many:,}, beside {size.few:,}",
            f"{seconds * 1000:.2f} ms",
            f"{ratio:.2f}",
            target,
            ratio <= GROWTH,
        )
        for what, seconds, ratio in (
            ("finding what is due", cost.finding, cost.findings_growth),
            ("ringing one", cost.ringing, cost.ringings_growth),
        )
    ]
