"""Does a workflow create without end? Cycles of steps that need no person to go round (W1)."""

from collections import deque
from collections.abc import Iterator, Mapping

from domain.workflows import Step, Workflow


def cycles_without_a_person(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    """Give cycles that can go round by themselves, as the steps in their order, each cycle once.

    A condition is no hindrance: it may hold for ever.
    """
    edges = {name: _by_themselves(step) for name, step in workflow.steps.items()}
    told: set[str] = set()
    for name in workflow.steps:
        if name not in told and (cycle := _shortest_way_back(name, edges)):
            told.update(cycle)
            yield cycle


def _by_themselves(step: Step) -> tuple[str, ...]:
    """List the steps that can follow although nobody does anything.

    Todos with a condition may all be left out, and then all of none are done.
    """
    waits = any(todo.condition is None for todo in step.todos)
    return tuple(
        each.to
        for each in step.next
        if each.to is not None and (each.after is not None or (each.waits_for_all and not waits))
    )


def _shortest_way_back(start: str, edges: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        for following in edges.get(name, ()):
            if following == start:
                return _way(start, name, came_from)
            if following not in came_from:
                came_from[following] = name
                waiting.append(following)
    return None


def _way(start: str, last: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    way = [last]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
