"""New zone rules: the instants of what is still to come are derived anew, and its alarms.

What is meant is what clocks on the wall will show, and a government may change when they do. Only
zones whose rules are others than before are looked at, a few occurrences in each transaction.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, or_, select, update

from domain.zones import RULES, ZoneRules, is_zone
from tasks.store.arming import arm_again, lock_appointments
from tasks.store.database import Store, insert_unless_there
from tasks.store.periods import instants, period_of
from tasks.store.tables import appointments, markers, occurrences

AT_ONCE = 100  # occurrences in one transaction
MARGIN = timedelta(days=2)  # by which rules may differ, and more
FOLLOWED = "zone_rules"  # the newest rules that anybody had; held by all who work by rules
PRINTS = "zone_rules_prints"  # the fingerprints of those
LEFT = "zone_rules_left"  # the zones that have still to be derived by those
REACHED = "zone_rules_reached"  # how far the first of these is
ALL = "*"  # zones
NONE = ""  # older than any rules

_DERIVED = (
    update(occurrences)
    .where(occurrences.c.id == bindparam("this"))
    .values({name: bindparam(name) for name in ("begins_at", "ends_at", "span")})
)


def follow_some(store: Store, now: datetime, rules: ZoneRules = RULES) -> int | None:
    """Derive the next few instants to come by newer zone rules, what begins first before the rest.

    Gives how many occurrences were looked at; None where nothing is left. Rules go forward only: a
    machine that still has older ones changes nothing back. Several machines share the work, few by
    few.
    """
    return store.write(lambda connection: _follow_some(connection, rules, now))


def heed_zone_rules(connection: Connection, rules: ZoneRules = RULES) -> None:
    """Have it derived again, by whoever has newer rules, what this transaction books or moves.

    Called before anything else in it: until its end nobody takes what is derived for complete.
    """
    if _followed(connection, shared=True) > rules.version:
        _mark(connection, LEFT, ALL)
        _forget(connection, REACHED)


def _follow_some(connection: Connection, rules: ZoneRules, now: datetime) -> int | None:
    left = _left(connection, rules, now)
    if not left:
        return None
    zone, reached = left[0], _reached(connection)
    rows = connection.execute(_to_come(zone, reached, now)).all()
    if rows:
        _derive(connection, rows)
        _mark(connection, REACHED, f"{rows[-1].id} {rows[-1].begins_at.isoformat()}")
    else:
        _mark(connection, LEFT, " ".join(left[1:]))
        _forget(connection, REACHED)
    return len(rows)


def _left(connection: Connection, rules: ZoneRules, now: datetime) -> list[str]:
    """Give the zones that have still to be derived by these rules; nobody else does meanwhile."""
    followed = _followed(connection)
    left = ALL if followed == NONE else _value(connection, LEFT) or ""
    if followed > rules.version:
        return []
    if followed == rules.version and left != ALL:
        return left.split()
    zones = [zone for zone in _used(connection, now) if is_zone(zone)]
    if left != ALL:
        differing = _differing(connection, rules) | set(left.split())
        zones = [zone for zone in zones if zone in differing]
    if followed != rules.version:
        _mark(connection, PRINTS, json.dumps(rules.fingerprints()))
    _mark(connection, FOLLOWED, rules.version)
    _mark(connection, LEFT, " ".join(zones))
    _forget(connection, REACHED)
    return zones


def _differing(connection: Connection, rules: ZoneRules) -> set[str]:
    """Give the zones whose rules are others than those that were followed before."""
    before = json.loads(_value(connection, PRINTS) or "{}")
    return {zone for zone, print_ in rules.fingerprints().items() if before.get(zone) != print_}


def _used(connection: Connection, now: datetime) -> list[str]:
    query = select(occurrences.c.zone).where(occurrences.c.ends_at > now - MARGIN).distinct()
    return sorted(connection.scalars(query))


def _to_come(zone: str, reached: tuple[int, datetime] | None, now: datetime) -> Select[Any]:
    """Select what has not ended yet by any rules, what begins first before the rest."""
    its = occurrences.c
    query = select(occurrences).where(its.zone == zone, its.ends_at > now - MARGIN)
    if reached:
        id_, begins_at = reached
        of_then = and_(its.begins_at == begins_at, its.id > id_)
        query = query.where(or_(its.begins_at > begins_at, of_then))
    return query.order_by(its.begins_at, its.id).limit(AT_ONCE)


def _derive(connection: Connection, rows: Sequence[Any]) -> None:
    """Derive what these rules make of occurrences, and let alarms follow."""
    concerned = [row for row in rows if _changes(row) or row.alarm_at is not None]
    if not concerned:
        return
    mine = {row.appointment_id for row in concerned}
    lock_appointments(connection, appointments.c.id.in_(mine))
    # Only now: whoever edited one of them was waited for, and may have moved it.
    ids = [row.id for row in concerned]
    found = connection.execute(select(occurrences).where(occurrences.c.id.in_(ids))).all()
    changed = [{"this": row.id, **instants(period_of(row))} for row in found if _changes(row)]
    if changed:
        connection.execute(_DERIVED, changed)
    arm_again(connection, ids)


def _changes(row: Any) -> bool:
    """Whether the rules put an occurrence to other instants than it has."""
    new = instants(period_of(row))
    return (new["begins_at"], new["ends_at"]) != (row.begins_at, row.ends_at)


def _reached(connection: Connection) -> tuple[int, datetime] | None:
    """Tell which occurrence was the last, and when it began by the rules before."""
    id_, _, begins_at = (_value(connection, REACHED) or "").partition(" ")
    return (int(id_), datetime.fromisoformat(begins_at)) if begins_at else None


def _followed(connection: Connection, shared: bool = False) -> str:
    """Tell the newest rules that anybody had; who is the first of all is waited for as well."""
    named = select(markers.c.value).where(markers.c.name == FOLLOWED)
    locking = named.with_for_update(read=shared)
    followed: str | None = connection.scalar(locking)
    if followed is None:
        first = {"name": FOLLOWED, "value": NONE}
        connection.execute(insert_unless_there(connection, markers, "name"), first)
        followed = connection.execute(locking).scalar_one()
    return followed


def _value(connection: Connection, name: str) -> str | None:
    """Read a marker so that nobody else works by it meanwhile."""
    this = select(markers.c.value).where(markers.c.name == name).with_for_update()
    value: str | None = connection.scalar(this)
    return value


def _mark(connection: Connection, name: str, value: str) -> None:
    same = markers.c.name == name
    if not connection.execute(update(markers).where(same).values(value=value)).rowcount:
        connection.execute(insert(markers).values(name=name, value=value))


def _forget(connection: Connection, name: str) -> None:
    connection.execute(delete(markers).where(markers.c.name == name))
