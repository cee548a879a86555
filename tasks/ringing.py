"""Batches of alarms that are rung, each as one task of a shift."""

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from domain.ringing import Rung
from tasks.settings import settings
from tasks.store import ringing
from tasks.store.alarm_facts import Terms
from tasks.store.database import store

AT_ONCE = 500  # in one transaction


@task(name="ring", task_run_name="ring what is due", cache_policy=NO_CACHE)
async def ring(now: datetime) -> Rung:
    """Ring a batch of what is due by now; the log says how many, and the board which."""
    rung = await asyncio.to_thread(ringing.ring_due, store(), now, AT_ONCE, _terms())
    get_run_logger().info("%s", rung)
    return rung


def _terms() -> Terms:
    return Terms(settings().language, settings().zone, settings().record_url)
