"""How many steps a second the engine does, and whether a pass costs what changed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import median

from bench.installation import installation
from bench.workflow_cases import FEW, STRAIGHT, WORKER, asking, enter_cases, enter_crowd, straight
from servers.postgres import fresh_database
from sqlalchemy import select, text

from tasks.planning import AT_ONCE, enter_now, plan_now
from tasks.store.database import Store
from tasks.store.planning import due_visits
from tasks.store.runs import Arrived
from tasks.store.tables import todos
from tasks.store.todo_doing import set_done
from tasks.store.workflows import apply_workflow

FIRST = 3  # rounds that are not counted
NOTHING, ONE = "nothing", "one event"  # what a pass finds
PICKS = {f"{ONE}, {pick}": pick for pick in ("round_robin", "least_loaded")}


@dataclass(frozen=True, slots=True)
class Rate:
    """Steps a second: of the engine alone, and with every todo done by an employee."""

    planning: float
    with_doing: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a pass takes among many cases, in seconds, and how many times that among few."""

    taken: float
    growth: float


def measure_rate(url: str, cases: int, steps: int) -> Rate:
    """Let cases run a straight course of steps with one todo each."""
    with installation(url) as store:
        numbers = enter_cases(store, cases, straight(steps))
        planning = _seconds(lambda: enter_all(store, numbers))
        doing = 0.0
        for _ in range(steps):
            doing += _seconds(lambda: _do_all(store))
            planning += _seconds(lambda: plan_all(store))
        return Rate(cases * steps / planning, cases * steps / (planning + doing))


def measure_cost(cluster: str, few: int, many: int, todos: int, rounds: int) -> Mapping[str, Cost]:
    """Measure with few and with many running cases in turn; gives the cost by what is found."""
    urls = [fresh_database(cluster) if cluster else "" for _ in range(2)]
    with installation(urls[0]) as small, installation(urls[1]) as large:
        fillings = [_Filling(small, few, rounds, todos), _Filling(large, many, rounds, todos)]
        taken = [[filling.round() for filling in fillings] for _ in range(FIRST + rounds)][FIRST:]
    return {
        found: _cost(*([each[place][found] for each in taken] for place in range(2)))
        for found in (NOTHING, ONE, *PICKS)
    }


def enter_all(store: Store, numbers: list[str], workflow: str = STRAIGHT) -> None:
    """Let cases enter the first step, and plan it."""
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        enter_now(store, [_arrived(number, workflow) for number in some])
        plan_all(store)


def plan_all(store: Store) -> None:
    """Plan until nothing is due."""
    while visits := due_visits(store, store.now(), AT_ONCE):
        plan_now(store, visits)


def _arrived(number: str, workflow: str) -> Arrived:
    event = asking(number, workflow=workflow)
    return Arrived(event["id"], datetime.now(UTC), event["payload"])


def _do_all(store: Store) -> None:
    with store.reading() as connection:
        open_ones = select(todos.c.id).where(todos.c.done_at.is_(None))
        ids = list(connection.scalars(open_ones))
    for todo in ids:
        set_done(store, todo, WORKER, True, store.now())


def _cost(few: list[float], many: list[float]) -> Cost:
    """Compare round by round: what disturbs the machine disturbs neighbours alike."""
    return Cost(median(many), median(b / a for a, b in zip(few, many, strict=True)))


class _Filling:
    """A store with so many running cases, and a few that have not begun.

    Their todos are delegated to many employees, of whom a few are in the team that chooses.
    """

    def __init__(self, store: Store, number: int, rounds: int, todos: int) -> None:
        self._store = store
        numbers = enter_cases(store, number + FIRST + rounds, straight(2, todos))
        enter_crowd(store)
        fill = straight(2, todos, "fill", pick="round_robin")
        picking = [straight(2, todos, pick, FEW, pick) for pick in PICKS.values()]
        for each in (fill, *picking):
            apply_workflow(store, each, store.now())
        enter_all(store, numbers[:number], fill.name)
        self._waiting = numbers[number:]
        with store.writing() as connection:
            connection.execute(text("ANALYZE"))

    def round(self) -> Mapping[str, float]:
        """Give the seconds of a pass that finds nothing, and of those that find one event."""
        idle = _seconds(lambda: plan_all(self._store))
        number = self._waiting.pop()
        finding = {
            found: _seconds(partial(enter_all, self._store, [number], workflow))
            for found, workflow in {ONE: STRAIGHT, **PICKS}.items()
        }
        return {NOTHING: idle, **finding}


def _seconds(what: Callable[[], object]) -> float:
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin
