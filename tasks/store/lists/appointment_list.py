"""Which appointments a list has: filtered, searched and sorted (A2, L1-L6, L9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from domain.lists import Listed, Order, Wish
from tasks.store.appointment_visibility import contact_shown_to, shown_to
from tasks.store.lists.filters import address_id, among, case_id, colleagues, where
from tasks.store.lists.matchcodes import by_matchcode
from tasks.store.lists.pages import Filter, Question, Sorting
from tasks.store.tables import (
    appointment_cases,
    appointment_participants,
    appointments,
    cases,
    contact_cases,
    correspondents,
    occurrences,
)

SORTINGS: Mapping[Order, Sorting] = {
    Order.NEWEST: Sorting((appointments.c.begins, appointments.c.id), descending=True),
    Order.OLDEST: Sorting((appointments.c.begins, appointments.c.id)),
    Order.MATCHCODE: Sorting((appointments.c.sort_key, appointments.c.id)),
}


def appointments_asked(connection: Connection, wish: Wish, viewer: int | None) -> Question:
    """Say which appointments a list has; UnknownRecord where it names what is not there."""
    order = wish.ordered(Listed.APPOINTMENTS)
    seen = shown_to(viewer) & appointments.c.deleted_at.is_(None)
    return Question(
        appointments,
        f"{Listed.APPOINTMENTS} {order} {wish.digest}",
        [Filter(seen), *_filters(connection, wish, viewer)],
        SORTINGS[order],
    )


def _filters(connection: Connection, wish: Wish, viewer: int | None) -> list[Filter]:
    filters = [*_by_time(wish), *_by_state(wish), *_by_person(wish, viewer)]
    if wish.term:
        filters.append(by_matchcode(connection, appointments, wish.term))
    # To whom the contact is not shown, neither is what a follow-up has to do with it.
    if wish.address is not None:
        address = address_id(connection, wish.address)
        filters += [among(appointments, *_of_address(address)), Filter(contact_shown_to(viewer))]
    if wish.case is not None:
        of_case = _of_case(case_id(connection, wish.case))
        filters += [among(appointments, *of_case), Filter(contact_shown_to(viewer))]
    if wish.contact is not None:
        follow_ups = where(appointments, appointments.c.contact_id == wish.contact)
        filters += [follow_ups, Filter(contact_shown_to(viewer))]
    return filters


def _of_address(address: int) -> tuple[Select[Any], Select[Any]]:
    """Select what belongs to an address: by a case of it, or by a contact with it."""
    by_case = (
        select(appointment_cases.c.appointment_id)
        .join(cases, cases.c.id == appointment_cases.c.case_id)
        .where(cases.c.address_id == address)
    )
    follow_ups = appointments.alias("follow_ups")
    by_contact = (
        select(follow_ups.c.id)
        .join(correspondents, correspondents.c.contact_id == follow_ups.c.contact_id)
        .where(correspondents.c.address_id == address)
    )
    return by_case, by_contact


def _of_case(case: int) -> tuple[Select[Any], Select[Any]]:
    """Select what belongs to a case: by itself, or by a contact of the case."""
    by_itself = select(appointment_cases.c.appointment_id).where(
        appointment_cases.c.case_id == case
    )
    follow_ups = appointments.alias("follow_ups_of_case")
    by_contact = (
        select(follow_ups.c.id)
        .join(contact_cases, contact_cases.c.contact_id == follow_ups.c.contact_id)
        .where(contact_cases.c.case_id == case)
    )
    return by_itself, by_contact


def _by_person(wish: Wish, viewer: int | None) -> list[Filter]:
    if viewer is None:
        return []
    filters = []
    if wish.own:
        filters.append(_taken_part_in([viewer]))
    if wish.own_teams:
        filters.append(_taken_part_in(colleagues(viewer)))
    return filters


def _taken_part_in(employee_ids: Sequence[int] | Select[Any]) -> Filter:
    joined = appointment_participants.c
    taking_part = select(joined.appointment_id).where(joined.employee_id.in_(employee_ids))
    return among(
        appointments, taking_part, direct=[appointments.c.responsible_id.in_(employee_ids)]
    )


def _by_state(wish: Wish) -> list[Filter]:
    open_ones = ~occurrences.c.done & ~occurrences.c.cancelled
    if wish.only_open:
        return [among(appointments, select(occurrences.c.appointment_id).where(open_ones))]
    if wish.only_done:
        return [Filter(~_has_one(open_ones)), Filter(_has_one(occurrences.c.done))]
    return []


def _has_one(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    its = occurrences.c.appointment_id == appointments.c.id
    return select(occurrences.c.id).where(its, condition).correlate(appointments).exists()


def _by_time(wish: Wish) -> list[Filter]:
    """Keep to those of which an occurrence begins at these times."""
    its = occurrences.c.begins_at
    times = [
        *([its >= wish.since] if wish.since is not None else []),
        *([its < wish.until] if wish.until is not None else []),
    ]
    if not times:
        return []
    begun = select(occurrences.c.appointment_id).where(*times, ~occurrences.c.cancelled)
    return [among(appointments, begun)]
