"""Workflow shifts that are killed, events that come again and again: each todo exactly once."""

import time
from collections import Counter
from random import Random

import pytest
from bench.shifts import until, workplace
from bench.workflow_cases import asking, enter_cases, straight
from bench.workflow_shifts import Planning

pytestmark = [pytest.mark.rule("W1"), pytest.mark.rule("W4")]

PART = 120  # cases whose step is asked for before each kill
TODOS = 3  # of the step
TIMES = 5  # that each is asked for
LONGEST_LIFE = 0.5  # seconds, of a shift once it has begun to create todos


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.faults)])
def test_shifts_killed_again_and_again_create_each_todo_once(url, kills):
    chance = Random(17)
    with workplace(url) as place:
        planning = Planning(place)
        numbers = enter_cases(place.store, kills * PART, straight(steps=2, todos=TODOS))
        expected = {(number, "s0", f"t{todo}") for number in numbers for todo in range(TODOS)}

        interrupted = 0
        for kill in range(kills):
            _emit_five_times(planning, numbers[kill * PART : (kill + 1) * PART], chance)
            _kill_a_shift(planning, chance.uniform(0, LONGEST_LIFE))
            interrupted += planning.todos() < (kill + 1) * PART * TODOS or planning.untold() > 0
        _work_quietly(planning, len(expected))

        assert interrupted >= kills // 3, "the kills came too late to interrupt anything"
        assert Counter(planning.created()) == Counter(expected)
        assert planning.untold() == 0


def _emit_five_times(planning: Planning, numbers: list[str], chance: Random) -> None:
    """Let several programs ask for the same, in any order, and repeat themselves."""
    said = [asking(number) for number in numbers for _ in range(TIMES - 1)]
    repeated = chance.sample(said, len(numbers))
    chance.shuffle(said)
    planning.emit(said)
    planning.emit(repeated)


def _kill_a_shift(planning: Planning, life: float) -> None:
    """Let a shift live for so long from the moment at which it creates something."""
    before = planning.todos()
    with planning.shift():
        until(lambda: planning.todos() > before)
        time.sleep(life)


def _work_quietly(planning: Planning, expected: int) -> None:
    with planning.shift():
        until(lambda: planning.todos() >= expected and planning.untold() == 0)
        time.sleep(2)  # what would come too much comes now
