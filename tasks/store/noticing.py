"""Which alarms their employees have noticed already, by another channel."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from tasks.store.among import among
from tasks.store.tables import alarms

_answered = alarms.alias()


@dataclass(frozen=True, slots=True)
class Noticed:
    """That an employee acknowledged an alarm, or let it ring again later, and when."""

    acknowledged_at: datetime | None
    snoozed_until: datetime | None


def read_noticed(connection: Connection, alarm_ids: Collection[int]) -> Mapping[int, Noticed]:
    """Read by which answer alarms were noticed before they rang, by their ids; the last of each.

    What was answered before is another ringing's: a snooze that rings now is not noticed.
    """
    said = _answered.c.acknowledged_at, _answered.c.snoozed_until
    same_occurrence = _answered.c.occurrence_id == alarms.c.occurrence_id
    theirs = same_occurrence & (_answered.c.employee_id == alarms.c.employee_id)
    query = (
        select(alarms.c.id, *said)
        .select_from(alarms)
        .join(_answered, theirs & (_answered.c.due_at >= alarms.c.due_at))
        .where(
            among(connection, alarms.c.id, alarm_ids), or_(*(each.is_not(None) for each in said))
        )
        .order_by(_answered.c.due_at, _answered.c.id.desc())
    )
    return {alarm_id: Noticed(*answer) for alarm_id, *answer in connection.execute(query)}
