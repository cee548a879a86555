"""The staff plan: who takes part in what, and what equipment is booked for (L8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.store.agenda import Entry, agenda, equipment_plan
from tasks.store.database import Store
from tasks.store.staff import staff


@dataclass(frozen=True, slots=True)
class Row:
    """An employee or a piece of equipment, and what they are needed for."""

    name: str
    entries: Sequence[Entry]


def staff_rows(
    store: Store, viewer: int | None, begin: datetime, end: datetime, team: str | None = None
) -> list[Row]:
    """List what all employees, or those of a team, do between two instants, as somebody sees it.

    With no employee named as the viewer, only as everybody may see it. UnknownRecord where there
    is no such team.
    """
    people = staff(store, team)
    entries = agenda(store, viewer, [each.id for each in people], begin, end)
    return [Row(each.name, [e for e in entries if each.id in e.employee_ids]) for each in people]


def equipment_rows(store: Store, viewer: int | None, begin: datetime, end: datetime) -> list[Row]:
    """List what equipment is booked for between two instants, as somebody sees it."""
    booked = equipment_plan(store, viewer, begin, end)
    things = sorted({name for entry in booked for name in entry.equipment})
    return [Row(name, [e for e in booked if name in e.equipment]) for name in things]
