"""Batches of events that are entered and visits that are planned, each as one task of a shift."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from tasks.prefect_api import sealed
from tasks.settings import settings
from tasks.store.database import Store, store
from tasks.store.event_cursor import seen_to
from tasks.store.events import prune_events
from tasks.store.planning import Terms, due_visits, plan_visits
from tasks.store.reminding import remind_due
from tasks.store.runs import Arrived, enter_steps
from tasks.store.starting import start_or_advance

AT_ONCE = 250  # events, and visits, in one transaction


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a batch, or of a whole shift."""

    entered: int = 0  # steps, by events
    refused: int = 0  # events
    visits: int = 0  # of steps, that were looked at
    todos: int = 0  # created
    left: int = 0  # steps, for the next or at the end
    stuck: int = 0  # visits that stand still
    reminded: int = 0
    told: int = 0  # events, to others

    def __add__(self, other: "Worked") -> "Worked":
        """Take two together."""
        names = [field.name for field in fields(self)]
        return Worked(*(getattr(self, name) + getattr(other, name) for name in names))

    def __str__(self) -> str:
        """Say it in a line, without what did not happen."""
        happened = {field.name: getattr(self, field.name) for field in fields(self)}
        said = [f"{count} {name}" for name, count in happened.items() if count]
        return ", ".join(said) or "nothing to do"


async def enter(arrived: Sequence[Arrived]) -> Worked:
    """Enter the steps that a batch of events asks for; the refused ones are kept."""
    before = await asyncio.to_thread(seen_to, store(), [each.event_id for each in arrived])
    new = [each for each in arrived if each.event_id not in before]
    return await _enter(sealed(new)) if new else Worked()


async def plan(visits: Sequence[int]) -> Worked:
    """Create the todos of a batch of visits, and let the next steps follow."""
    return await _plan(sealed(visits))


async def due() -> list[int]:
    """Find the visits that must be looked at now."""
    return await asyncio.to_thread(lambda: due_visits(store(), store().now(), AT_ONCE))


async def begin_by_contacts() -> Worked:
    """Enter the steps that received contacts start, or move on to."""
    entered = await asyncio.to_thread(lambda: start_or_advance(store(), store().now(), AT_ONCE))
    return Worked(entered=entered)


async def remind() -> Worked:
    """Remind the people of overdue todos whose workflow says so."""
    reminded = await asyncio.to_thread(
        lambda: remind_due(store(), store().now(), AT_ONCE, _terms())
    )
    return Worked(reminded=reminded)


async def prune() -> None:
    """Forget what happened, and was told to others, long ago."""
    await asyncio.to_thread(lambda: prune_events(store(), store().now()))


@task(name="enter", task_run_name="enter steps", cache_policy=NO_CACHE)
async def _enter(arrived: Sequence[Arrived]) -> Worked:
    worked = await asyncio.to_thread(enter_now, store(), arrived)
    get_run_logger().info("%s", worked)
    return worked


@task(name="plan", task_run_name="plan visits", cache_policy=NO_CACHE)
async def _plan(visits: Sequence[int]) -> Worked:
    worked = await asyncio.to_thread(plan_now, store(), visits)
    get_run_logger().info("%s", worked)
    return worked


def enter_now(store: Store, arrived: Sequence[Arrived]) -> Worked:
    """Enter steps; the effect of enter."""
    entered = enter_steps(store, arrived, store.now())
    refused = sum(each.visit_id is None for each in entered)
    return Worked(entered=len(entered) - refused, refused=refused)


def plan_now(store: Store, visits: Sequence[int]) -> Worked:
    """Plan visits; the effect of plan."""
    done = plan_visits(store, visits, store.now(), _terms())
    return Worked(visits=done.visits, todos=done.todos, left=done.left, stuck=done.stuck)


def _terms() -> Terms:
    return Terms(settings().language, settings().zone, settings().country, settings().state)
