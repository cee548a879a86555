"""New zone rules: the instants of what is still to come are derived anew, and its alarms.

What is meant is what clocks on the wall will show, and a government may change when they do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from domain.zones import RULES
from tasks.store.arming import arm_again
from tasks.store.database import Store
from tasks.store.periods import instants, period_of
from tasks.store.tables import appointments, markers, occurrences

AT_ONCE = 200  # occurrences in one transaction
MARGIN = timedelta(days=2)  # by which rules may differ, and more
DONE, REACHED = "zone_rules", "zone_rules_reached"  # by which rules; how far by the next ones

_DERIVED = (
    update(occurrences)
    .where(occurrences.c.id == bindparam("this"))
    .values({name: bindparam(name) for name in ("begins_at", "ends_at", "span")})
)


def follow_zone_rules(store: Store, now: datetime, rules: str = RULES) -> int:
    """Derive every instant to come by newer zone rules; gives how many occurrences that were.

    Rules go forward only: a machine that still has older ones changes nothing back. Several
    machines share the work, batch by batch, and none of it is done twice.
    """
    derived = 0
    while batch := store.write(lambda connection: _derive_some(connection, rules, now)):
        derived += batch
    return derived


def _derive_some(connection: Connection, rules: str, now: datetime) -> int:
    """Derive the next batch, in the order of their ids; nothing where all is derived."""
    if (_locked(connection, DONE) or "") >= rules:
        return 0
    reached = _reached(connection, rules)
    rows = connection.execute(_to_come(reached, now)).all()
    if not rows:
        _mark(connection, DONE, rules)
        return 0
    _derive(connection, rows)
    arm_again(connection, [row.id for row in rows])
    _mark(connection, REACHED, f"{rules} {rows[-1].id}")
    return len(rows)


def _to_come(reached: int, now: datetime) -> Select[Any]:
    """Select what has not ended yet by any rules, its appointments locked as by every edit."""
    not_ended = (occurrences.c.id > reached) & (occurrences.c.ends_at > now - MARGIN)
    return (
        select(occurrences)
        .join(appointments, appointments.c.id == occurrences.c.appointment_id)
        .where(not_ended)
        .order_by(occurrences.c.id)
        .limit(AT_ONCE)
        .with_for_update(of=appointments, key_share=True)
    )


def _derive(connection: Connection, rows: Sequence[Any]) -> None:
    changed = []
    for row in rows:
        new = instants(period_of(row))
        if (new["begins_at"], new["ends_at"]) != (row.begins_at, row.ends_at):
            changed.append({"this": row.id, **new})
    if changed:
        connection.execute(_DERIVED, changed)


def _reached(connection: Connection, rules: str) -> int:
    of_rules, _, occurrence_id = (_locked(connection, REACHED) or "").partition(" ")
    return int(occurrence_id) if of_rules == rules else 0


def _locked(connection: Connection, name: str) -> str | None:
    """Read a marker so that nobody else works by it meanwhile."""
    this = select(markers.c.value).where(markers.c.name == name).with_for_update()
    value: str | None = connection.scalar(this)
    return value


def _mark(connection: Connection, name: str, value: str) -> None:
    same = markers.c.name == name
    if not connection.execute(update(markers).where(same).values(value=value)).rowcount:
        connection.execute(insert(markers).values(name=name, value=value))
