"""Appointments that are booked: judged as a whole, saved, and armed at once (A1-A4)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.appointment_words import reasons_against_guests, reasons_against_words
from domain.appointments import (
    BookingReason,
    NewAppointment,
    Period,
    reasons_against_alarm,
    reasons_against_period,
)
from domain.errors import Refused
from domain.recurrence import begins, reasons_against_rule
from domain.refusals import Refusal
from domain.sending import PERMISSION, Actor
from tasks.store.actors import actor
from tasks.store.arming import arm
from tasks.store.conflicts import Conflict, Demand, conflicts_of
from tasks.store.database import Store
from tasks.store.informed import hold_wishes
from tasks.store.invitations import tell_guests
from tasks.store.naming import (
    cases_named,
    employees_named,
    equipment_named,
    reasons_against_contact,
)
from tasks.store.periods import alarm_row, period_row, placed
from tasks.store.related import invite, relate
from tasks.store.tables import (
    appointment_cases,
    appointment_equipment,
    appointment_participants,
    appointments,
    occurrences,
)
from tasks.store.zone_rules import heed_zone_rules


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment that is saved, and what is in two places at a time by it."""

    id: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """An appointment that nothing stands against, with all that it names found."""

    new: NewAppointment
    creator: Actor
    responsible_id: int
    participant_ids: tuple[int, ...]
    equipment_ids: tuple[int, ...]
    case_ids: tuple[int, ...]
    periods: tuple[Period, ...]  # of each occurrence

    def demand(self, now: datetime, appointment_id: int | None = None) -> Demand:
        """Say whom and what it needs, and when; what is over is in nobody's way."""
        times = [(each.begins_at, each.ends_at) for each in self.periods if each.ends_at > now]
        taking_part = (self.responsible_id, *self.participant_ids)
        return Demand(times, taking_part, self.equipment_ids, appointment_id)


def book(store: Store, new: NewAppointment, employee: str, now: datetime) -> Booked:
    """Save an appointment and arm its alarms; Refused says all that stands against it.

    Booked again with the same key, it is the same one, as it is by now.
    """

    def booking(connection: Connection) -> Booked:
        heed_zone_rules(connection)
        known = _with_key(connection, new.key)
        if known is not None:
            return Booked(known, ())
        plan = _plan(connection, new, employee)
        appointment_id = _enter(connection, plan, now)
        tell_guests(connection, appointment_id, now)
        demand = plan.demand(now, appointment_id)
        return Booked(appointment_id, conflicts_of(connection, demand, plan.creator.id))

    return store.write(booking)


def look_before(
    store: Store, new: NewAppointment, employee: str, now: datetime
) -> tuple[Conflict, ...]:
    """Judge an appointment as book does, and save nothing: what would be in two places."""
    with store.reading() as connection:
        plan = _plan(connection, new, employee)
        return conflicts_of(connection, plan.demand(now), plan.creator.id)


def _with_key(connection: Connection, key: str | None) -> int | None:
    if key is None:
        return None
    found: int | None = connection.scalar(
        select(appointments.c.id).where(appointments.c.key == key)
    )
    return found


def _plan(connection: Connection, new: NewAppointment, employee: str) -> _Plan:
    """Find all that an appointment names; Refused says all that stands against it."""
    creator = actor(connection, employee)
    responsible = employees_named(connection, [new.responsible])
    participants = employees_named(connection, new.participants)
    used, concerned = equipment_named(connection, new.equipment), cases_named(connection, new.cases)
    found = (responsible, participants, used, concerned)
    refusals = [
        *_reasons_against(new, creator),
        *(refusal for named in found for refusal in named.refusals),
        *reasons_against_contact(connection, new.contact_id, creator.id),
    ]
    if refusals:
        raise Refused(tuple(dict.fromkeys(refusals)))
    [responsible_id] = responsible.ids
    others = tuple(each for each in participants.ids if each != responsible_id)
    periods = tuple(new.period.beginning(each) for each in begins(new.period, new.rule))
    return _Plan(new, creator, responsible_id, others, used.ids, concerned.ids, periods)


def _reasons_against(new: NewAppointment, creator: Actor) -> list[Refusal]:
    """Judge what can be judged without knowing whom it names."""
    permitted = PERMISSION in creator.permissions
    wrong_period = reasons_against_period(new.period)
    return [
        *([] if permitted else [Refusal(BookingReason.NO_PERMISSION)]),
        *wrong_period,
        *reasons_against_words(new.matchcode, new.place, new.text),
        *reasons_against_guests(new.guests),
        *reasons_against_rule(new.period, new.rule),
        *reasons_against_alarm(new.alarm, new.period, series=new.rule is not None),
    ]


def _enter(connection: Connection, plan: _Plan, now: datetime) -> int:
    creating = insert(appointments).values(**_row(plan, now)).returning(appointments.c.id)
    appointment_id = int(connection.execute(creating).scalar_one())
    relate(connection, appointment_participants, appointment_id, plan.participant_ids)
    relate(connection, appointment_equipment, appointment_id, plan.equipment_ids)
    relate(connection, appointment_cases, appointment_id, plan.case_ids)
    invite(connection, appointment_id, plan.new.guests)
    hold_wishes(connection, (plan.responsible_id, *plan.participant_ids))
    arm(connection, _enter_occurrences(connection, appointment_id, plan), now)
    return appointment_id


def _row(plan: _Plan, now: datetime) -> dict[str, Any]:
    new = plan.new
    return {
        "uid": f"{secrets.token_hex(16)}@kontaktwerk",
        "sequence": 0,
        "key": new.key,
        "creator_id": plan.creator.id,
        "responsible_id": plan.responsible_id,
        "contact_id": new.contact_id,
        "matchcode": new.matchcode,
        "text": new.text,
        "place": new.place,
        "priority": new.priority,
        **period_row(new.period),
        "rule": new.rule,
        "created_at": now,
        "changed_at": now,
    }


def _enter_occurrences(connection: Connection, appointment_id: int, plan: _Plan) -> list[int]:
    state = {"changed": False, "done": False, "cancelled": False, **alarm_row(plan.new.alarm)}
    rows = [
        {
            "appointment_id": appointment_id,
            "position": position,
            "recurrence": period.begins,
            **placed(period),
            **state,
        }
        for position, period in enumerate(plan.periods)
    ]
    connection.execute(insert(occurrences), rows)  # asking for ids at once takes thrice the time
    mine = select(occurrences.c.id).where(occurrences.c.appointment_id == appointment_id)
    return list(connection.scalars(mine.order_by(occurrences.c.position)))
