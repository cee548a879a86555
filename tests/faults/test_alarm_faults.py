"""Ringers that are killed, and shifts that come late: everybody is told once."""

import time
from datetime import datetime, timedelta
from random import Random

import httpx
import pytest
from bench.alarm_rows import arm_single, enter_staff
from bench.alarm_shifts import RINGER, Ringing
from bench.installation import installation
from bench.shifts import until, workplace

from tasks.settings import settings

pytestmark = pytest.mark.rule("A4")

PART = 300  # alarms that fall due before each kill
LONGEST_LIFE = 0.25  # seconds, of ringers once they have begun to ring
LATE = 1_000
SOON = 10.0  # seconds from the shift's start (A6)


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.faults)])
def test_two_ringers_that_are_killed_again_and_again_tell_everybody_once(url, kills, tmp_path):
    chance = Random(13)
    with installation(url) as store:
        ringing, staff = Ringing(store, tmp_path), enter_staff(store)

        interrupted = 0
        for _ in range(kills):
            arm_single(store, staff, [store.now()] * PART)
            _kill_two(ringing, chance.uniform(0, LONGEST_LIFE))
            interrupted += bool(ringing.due())
        _ring_quietly(ringing)

        told = ringing.told()
        assert interrupted >= kills // 3, "the kills came too late to interrupt anything"
        assert len(told) == len(set(told)) == kills * PART
        assert set(told) == ringing.expected()
        assert ringing.rung() == kills * PART


def _kill_two(ringing: Ringing, life: float) -> None:
    """Let two ring at once for so long from the moment at which one of them rings."""
    before = ringing.rung()
    with ringing.ringer(RINGER), ringing.ringer(RINGER):
        until(lambda: ringing.rung() > before)
        time.sleep(life)


def _ring_quietly(ringing: Ringing) -> None:
    with ringing.ringer(RINGER):
        until(lambda: ringing.due() == 0)


@pytest.mark.faults
@pytest.mark.rule("A6")
def test_what_fell_due_in_an_hour_without_a_shift_rings_once_as_one_starts(url, tmp_path):
    with workplace(url) as place:
        ringing, staff = Ringing(place.store, tmp_path), enter_staff(place.store)
        hour_ago = place.store.now() - timedelta(hours=1)
        instants = [hour_ago + timedelta(seconds=3.6 * number) for number in range(LATE)]
        arm_single(place.store, staff, instants)

        with ringing.ringer():
            until(lambda: ringing.rung() == LATE)
            began = _shifts_start()
        last = max(sent_at for _, sent_at in ringing.instants())

        assert len(ringing.told()) == LATE
        assert set(ringing.told()) == ringing.expected()
        assert (last - began).total_seconds() < SOON


def _shifts_start() -> datetime:
    """Ask the Prefect server when the shift started."""
    url = f"http://{settings().host}:{settings().port}/api/flow_runs/filter"
    [run] = httpx.post(url, json={}, timeout=30).json()
    return datetime.fromisoformat(run["start_time"])
