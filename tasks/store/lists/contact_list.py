"""Which contacts a list has: filtered, searched and sorted (R3, L1-L6, L9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from domain.contacts import ContactStatus
from domain.lists import Listed, Order, Wish
from tasks.store.lists.filters import address_id, among, case_id, colleagues, where
from tasks.store.lists.matchcodes import by_matchcode
from tasks.store.lists.pages import Filter, Question, Sorting
from tasks.store.lists.words import by_words, wanted_words
from tasks.store.tables import contact_cases, contacts, correspondents, publications
from tasks.store.visibility import received_for_employee, received_for_teams_of, visible_to

SORTINGS: Mapping[Order, Sorting] = {
    Order.NEWEST: Sorting((contacts.c.received_at, contacts.c.id), descending=True),
    Order.OLDEST: Sorting((contacts.c.received_at, contacts.c.id)),
    Order.MATCHCODE: Sorting((contacts.c.sort_key, contacts.c.id)),
}
ENDED = (ContactStatus.DONE, ContactStatus.DISCARDED)


def contacts_asked(connection: Connection, wish: Wish, viewer: int | None) -> Question:
    """Say which contacts a list has; UnknownRecord where it names what is not there."""
    order = wish.ordered(Listed.CONTACTS)
    return Question(
        contacts,
        f"{Listed.CONTACTS} {order} {wish.digest}",
        [Filter(visible_to(viewer)), *contact_filters(connection, wish, viewer)],
        SORTINGS[order],
    )


def contact_filters(connection: Connection, wish: Wish, viewer: int | None) -> list[Filter]:
    """Give the conditions of a wish, but who may see a contact."""
    filters = [*_by_time(wish), *_by_status(wish), *_by_person(wish, viewer)]
    if wish.term:
        filters.append(by_matchcode(connection, contacts, wish.term))
    if wish.full_text:
        filters.append(by_words(connection, wanted_words(wish.full_text)))
    if wish.address is not None:
        its = correspondents.c.address_id == address_id(connection, wish.address)
        filters.append(among(contacts, select(correspondents.c.contact_id).where(its)))
    if wish.case is not None:
        its = contact_cases.c.case_id == case_id(connection, wish.case)
        filters.append(among(contacts, select(contact_cases.c.contact_id).where(its)))
    if wish.contact is not None:
        filters.append(where(contacts, contacts.c.answers_id == wish.contact))
    if wish.only_published:
        shown = publications.c.withdrawn_at.is_(None)
        filters.append(among(contacts, select(publications.c.contact_id).where(shown)))
    return filters


def _by_person(wish: Wish, viewer: int | None) -> list[Filter]:
    """Keep to what an employee wrote, got, or receives by an account, or their teams do."""
    if viewer is None:
        return []
    filters = []
    if wish.own:
        filters.append(_of([viewer], received_for_employee(viewer)))
    if wish.own_teams:
        filters.append(_of(colleagues(viewer), received_for_teams_of(viewer)))
    return filters


def _of(employee_ids: Sequence[int] | Select[Any], received: Select[Any]) -> Filter:
    got = correspondents.c.employee_id.in_(employee_ids)
    written = contacts.c.creator_id.in_(employee_ids)
    return among(
        contacts, select(correspondents.c.contact_id).where(got), received, direct=[written]
    )


def _by_status(wish: Wish) -> list[Filter]:
    if wish.only_open:
        return [Filter(contacts.c.status.not_in(ENDED))]
    return [Filter(contacts.c.status == ContactStatus.DONE)] if wish.only_done else []


def _by_time(wish: Wish) -> list[Filter]:
    filters = []
    if wish.since is not None:
        filters.append(Filter(contacts.c.received_at >= wish.since))
    if wish.until is not None:
        filters.append(Filter(contacts.c.received_at < wish.until))
    return filters
