"""How employees want to be informed of appointments, beside the internal message."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert

from domain.alarms import USUAL, Preferences
from tasks.store.actors import actor
from tasks.store.arming import arm_employees
from tasks.store.database import Store
from tasks.store.informed import hold_wishes, read_preferences
from tasks.store.tables import alarm_preferences


def wishes_of(connection: Connection, employee_ids: Collection[int]) -> dict[int, Preferences]:
    """Read the wishes of each; who never said any, or has left, has the usual ones."""
    return dict.fromkeys(employee_ids, USUAL) | read_preferences(connection, employee_ids)


def set_wishes(store: Store, employee: str, wishes: Preferences, now: datetime) -> None:
    """Set an employee's own wishes, by which what is armed for them rings from now on.

    UnknownRecord where there is no such employee.
    """

    def setting(connection: Connection) -> None:
        employee_id = actor(connection, employee).id
        hold_wishes(connection, [employee_id], to_change=True)
        enter_wishes(connection, employee_id, wishes)
        arm_employees(connection, [employee_id], now)

    store.write(setting)


def enter_wishes(connection: Connection, employee_id: int, wishes: Preferences) -> None:
    """Write down the wishes of one; what is armed stays as it is."""
    theirs = alarm_preferences.c.employee_id == employee_id
    connection.execute(delete(alarm_preferences).where(theirs))
    row = {
        "employee_id": employee_id,
        "channels": sorted(wishes.channels),
        "escalate_after": wishes.escalate_after and round(wishes.escalate_after.total_seconds()),
        "escalate_to": wishes.escalate_to,
    }
    connection.execute(insert(alarm_preferences).values(**row))
