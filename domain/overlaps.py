"""What overlaps in time: appointments of one employee, or of one piece of equipment."""

from collections.abc import Sequence
from datetime import datetime

Span = tuple[datetime, datetime]  # from when until when; the end is not part of it


def overlapping(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Give the pairs that overlap, by their positions, the earlier begin first.

    What begins as another one ends does not overlap with it.
    """
    pairs: list[tuple[int, int]] = []
    going_on: list[int] = []
    for position in sorted(range(len(spans)), key=lambda each: spans[each]):
        begins, ends = spans[position]
        going_on = [each for each in going_on if spans[each][1] > begins]
        pairs += [(each, position) for each in going_on if ends > spans[each][0]]
        going_on.append(position)
    return pairs


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Say in which lane each one is drawn, so that none is drawn over another one."""
    ends_of_lanes: list[int] = []
    chosen = [0] * len(spans)
    for position in sorted(range(len(spans)), key=lambda each: spans[each]):
        begin, end = spans[position]
        free = [lane for lane, until in enumerate(ends_of_lanes) if until <= begin]
        lane = free[0] if free else len(ends_of_lanes)
        ends_of_lanes[lane : lane + 1] = [end]
        chosen[position] = lane
    return chosen
