"""Conflicts: who and what is in two places at a time; they are told, never forbidden (A1)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    literal,
    select,
    union,
)

from tasks.store.appointment_visibility import shown_to
from tasks.store.overlapping import overlapping
from tasks.store.tables import (
    appointment_equipment,
    appointment_participants,
    appointments,
    employees,
    equipment,
)

MOST = 20  # conflicts that are told


class Kind(StrEnum):
    """What is in two places at a time."""

    EMPLOYEE = "employee"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody or something that another appointment has at the same time."""

    what: Kind
    name: str
    appointment_id: int
    matchcode: str  # empty where it may not be seen
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Demand:
    """Whom and what an appointment needs, and when; ids, and instants from and until."""

    times: Sequence[tuple[datetime, datetime]]
    employee_ids: Collection[int] = ()
    equipment_ids: Collection[int] = ()
    appointment_id: int | None = None  # none: it is not booked yet


def conflicts_of(connection: Connection, demand: Demand, viewer_id: int) -> tuple[Conflict, ...]:
    """Tell the first conflicts of a demand, by their time; 9 to 10 and 10 to 11 are none."""
    if not demand.times or not (demand.employee_ids or demand.equipment_ids):
        return ()
    clashes = _clashes(demand).order_by("begins_at", "appointment_id", "what", "id").limit(MOST)
    found = connection.execute(clashes).all()
    names = _names(connection, found)
    seen = _matchcodes(connection, {row.appointment_id for row in found}, viewer_id)
    return tuple(
        Conflict(
            Kind(row.what),
            names[row.what, row.id],
            row.appointment_id,
            seen.get(row.appointment_id, ""),
            row.begins_at,
            row.ends_at,
        )
        for row in found
    )


def _clashes(demand: Demand) -> CompoundSelect[Any]:
    """Select what overlaps a demand, each once, whichever way it is found."""
    found = overlapping(demand.times)
    live = (
        select(*(found.c[name].label(name) for name in ("appointment_id", "begins_at", "ends_at")))
        .join(appointments, appointments.c.id == found.c.appointment_id)
        .where(
            ~found.c.cancelled,
            ~found.c.done,
            appointments.c.cancelled_at.is_(None),
            appointments.c.deleted_at.is_(None),
            appointments.c.id != (demand.appointment_id or 0),
        )
    )
    return union(
        _led_by(demand.employee_ids, live),
        _joined_by(demand.employee_ids, live),
        _using(demand.equipment_ids, live),
    )


def _led_by(employee_ids: Collection[int], live: Select[Any]) -> Select[Any]:
    responsible_id = appointments.c.responsible_id
    found = live.add_columns(_what(Kind.EMPLOYEE), responsible_id.label("id"))
    return found.where(responsible_id.in_(employee_ids))


def _joined_by(employee_ids: Collection[int], live: Select[Any]) -> Select[Any]:
    joined = appointment_participants.c
    found = live.add_columns(_what(Kind.EMPLOYEE), joined.employee_id.label("id"))
    taking_part = found.join(appointment_participants, joined.appointment_id == appointments.c.id)
    return taking_part.where(joined.employee_id.in_(employee_ids))


def _using(equipment_ids: Collection[int], live: Select[Any]) -> Select[Any]:
    used = appointment_equipment.c
    found = live.add_columns(_what(Kind.EQUIPMENT), used.equipment_id.label("id"))
    using = found.join(appointment_equipment, used.appointment_id == appointments.c.id)
    return using.where(used.equipment_id.in_(equipment_ids))


def _what(kind: Kind) -> ColumnElement[str]:
    return literal(kind.value).label("what")


def _names(connection: Connection, found: Sequence[Any]) -> dict[tuple[str, int], str]:
    tables = {Kind.EMPLOYEE: employees, Kind.EQUIPMENT: equipment}
    return {
        (kind, row.id): row.name
        for kind, table in tables.items()
        for row in connection.execute(
            select(table.c.id, table.c.name).where(
                table.c.id.in_({each.id for each in found if each.what == kind})
            )
        )
    }


def _matchcodes(
    connection: Connection, appointment_ids: Collection[int], viewer_id: int
) -> dict[int, str]:
    query = select(appointments.c.id, appointments.c.matchcode)
    seen = query.where(appointments.c.id.in_(appointment_ids), shown_to(viewer_id))
    return {row.id: row.matchcode for row in connection.execute(seen)}
