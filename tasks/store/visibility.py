"""Who may see which contacts: the one place that hides private ones (R3, R4, R5, L9)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, or_, select

from tasks.store.tables import (
    contact_readers,
    contacts,
    mail_account_employees,
    mail_account_teams,
    mailboxes,
    receipts,
    team_members,
)


def visible_to(employee_id: int | None) -> ColumnElement[bool]:
    """Say which contacts somebody may see (R4, R5, L9).

    A private one is for the employees who are assigned by name to an account that received it,
    and, where it was written here, for its readers; with no employee named, nothing private is
    shown. domain/audience.py states the same rule.
    """
    if employee_id is None:
        return ~contacts.c.private
    # Looked up for each private contact: what an account received may be very much.
    received = received_for_employee(employee_id).where(receipts.c.contact_id == contacts.c.id)
    readable = _readable_by(employee_id).where(contact_readers.c.contact_id == contacts.c.id)
    return or_(
        ~contacts.c.private,
        received.correlate(contacts).exists(),
        readable.correlate(contacts).exists(),
    )


def in_view_of(employee_id: int) -> ColumnElement[bool]:
    """Say what stands in the views of an employee and of their teams (R3)."""
    own = or_(
        contacts.c.creator_id == employee_id,
        contacts.c.id.in_(received_for_employee(employee_id)),
        contacts.c.id.in_(received_for_teams_of(employee_id)),
    )
    return own & visible_to(employee_id)


def received_for_employee(employee_id: int) -> Select[Any]:
    """Select what the accounts received that an employee is assigned to by name."""
    own = mail_account_employees.c.employee_id == employee_id
    return _received_for(select(mail_account_employees.c.account_id).where(own))


def received_for_teams_of(employee_id: int) -> Select[Any]:
    """Select what the accounts received that an employee's teams are assigned to."""
    accounts = (
        select(mail_account_teams.c.account_id)
        .join(team_members, team_members.c.team_id == mail_account_teams.c.team_id)
        .where(team_members.c.employee_id == employee_id)
    )
    return _received_for(accounts)


def readers_of(contact_id: int) -> Select[Any]:
    """Select the employees by name who may see a contact although it is private."""
    return select(readers_of_each([contact_id]).subquery().c.employee_id)


def readers_of_each(contact_ids: Collection[int]) -> CompoundSelect[Any]:
    """Select each contact's readers: contact_id and employee_id, as readers_of does for one."""
    received = (
        select(receipts.c.contact_id, mail_account_employees.c.employee_id)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .join(mail_account_employees, mail_account_employees.c.account_id == mailboxes.c.account_id)
        .where(receipts.c.contact_id.in_(contact_ids))
    )
    readers = select(contact_readers.c.contact_id, contact_readers.c.employee_id)
    return received.union(readers.where(contact_readers.c.contact_id.in_(contact_ids)))


def _readable_by(employee_id: int) -> Select[Any]:
    own = contact_readers.c.employee_id == employee_id
    return select(contact_readers.c.contact_id).where(own)


def _received_for(account_ids: Select[Any]) -> Select[Any]:
    return (
        select(receipts.c.contact_id)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .where(mailboxes.c.account_id.in_(account_ids), receipts.c.contact_id.is_not(None))
    )
