"""Which alarms their employees have noticed already, by another channel."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from tasks.store.tables import alarms


@dataclass(frozen=True, slots=True)
class Noticed:
    """That an employee acknowledged an alarm, or let it ring again later, and when."""

    due_at: datetime  # of the alarm that was answered
    acknowledged_at: datetime | None
    snoozed_until: datetime | None


def read_noticed(
    connection: Connection, rows: Sequence[Any]
) -> Mapping[tuple[int, int], Sequence[Noticed]]:
    """Read what was answered of the same occurrences, by these and the employees, the last first.

    The rows are alarms'.
    """
    answered = or_(alarms.c.acknowledged_at.is_not(None), alarms.c.snoozed_until.is_not(None))
    of_these = alarms.c.occurrence_id.in_({row.occurrence_id for row in rows})
    found: dict[tuple[int, int], list[Noticed]] = defaultdict(list)
    query = select(alarms).where(of_these, answered).order_by(alarms.c.due_at.desc(), alarms.c.id)
    for row in connection.execute(query):
        noticed = Noticed(row.due_at, row.acknowledged_at, row.snoozed_until)
        found[row.occurrence_id, row.employee_id].append(noticed)
    return found
