"""Contacts that employees write: saved, and changed as long as they may be (X2, X6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from domain.changes import Editing
from domain.contacts import ContactStatus, NewContact, NewRecipient
from domain.errors import Refused
from domain.mail import Automatic
from domain.matching import Verdict
from domain.refusals import Refusal
from domain.sending import reasons_not_to_act
from tasks.mail.html import as_text
from tasks.store.actors import actor
from tasks.store.addressing import enter_recipients, enter_sender
from tasks.store.contact_holding import case_numbered, held, locked, settle
from tasks.store.contact_words import enter_words, read_said, renew_words
from tasks.store.database import Store
from tasks.store.files import enter_files
from tasks.store.identifying import SENDER
from tasks.store.offers import offer
from tasks.store.tables import (
    contact_cases,
    contact_readers,
    contacts,
    correspondents,
    dispatches,
    matchcode_values,
    thread_nodes,
)
from tasks.store.threads import enter_thread_cases
from tasks.store.visibility import readers_of


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed on a contact; what is None stays as it is.

    Text and HTML are one: a plain text alone makes a contact plain, rich text alone is read anew.
    """

    matchcode: str | None = None
    text: str | None = None
    html: str | None = None
    recipients: tuple[NewRecipient, ...] | None = None


def save_contact(store: Store, contact: NewContact, now: datetime) -> int:
    """Save a contact that an employee wrote; gives its id.

    Refused where the employee may not; UnknownRecord where it names what is not there.
    """
    return store.write(lambda connection: enter_contact(connection, contact, now))


def enter_contact(connection: Connection, contact: NewContact, now: datetime) -> int:
    """Save a contact in this transaction, as save_contact does."""
    creator = actor(connection, contact.creator)
    _require(reasons_not_to_act(creator, creator.id))
    answered = locked(connection, contact.answers, creator) if contact.answers else None
    private = bool(answered and answered.private)
    case_id = _case_id(connection, contact)
    row = {
        "creator_id": creator.id,
        "answers_id": contact.answers,
        "activity_type": contact.activity_type,
        "status": ContactStatus.CREATED,
        "matchcode": contact.matchcode,
        **_texts(contact.text, contact.html),
        "received_at": now,
        "automatic": Automatic.NO,
        "defects": [],
        "private": private,
        "main_case_id": case_id,
        "verdict": Verdict.NONE if case_id is None else Verdict.DECIDED,
    }
    created = connection.execute(insert(contacts).values(**row).returning(contacts.c.id))
    contact_id = int(created.scalar_one())
    enter_sender(connection, contact_id, creator)
    enter_recipients(connection, contact_id, contact.recipients)
    enter_files(connection, contact_id, contact.files)
    enter_words(connection, read_said(connection, [contact_id]))
    if case_id is not None:
        belongs = {"contact_id": contact_id, "case_id": case_id}
        connection.execute(insert(contact_cases).values(**belongs))
    if private:
        _enter_readers(connection, contact_id, creator.id, contact.answers)
    return contact_id


def edit_contact(
    store: Store,
    contact_id: int,
    employee: str,
    change: Change,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Change what a contact says and whom it is for; Refused once it was sent (X6).

    seen is the version that the employee saw, here and below: Refused names who changed what since.
    """

    def editing(connection: Connection) -> None:
        this = held(connection, contact_id, Editing(employee, now, seen))
        this.require_to_edit(connection)
        if values := _changed(change):
            connection.execute(update(contacts).where(contacts.c.id == contact_id).values(**values))
            renew_words(connection, contact_id)
        if change.recipients is not None:
            theirs = correspondents.c.contact_id == contact_id, correspondents.c.role != SENDER
            connection.execute(delete(correspondents).where(*theirs))
            enter_recipients(connection, contact_id, change.recipients)
        settle(connection, this, now)

    store.write(editing)


def set_status(
    store: Store,
    contact_id: int,
    employee: str,
    status: ContactStatus,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Set a contact's status, which stays changeable after it was sent (X6)."""

    def setting(connection: Connection) -> None:
        this = held(connection, contact_id, Editing(employee, now, seen))
        this.require_to_act()
        connection.execute(
            update(contacts).where(contacts.c.id == contact_id).values(status=status)
        )
        settle(connection, this, now)

    store.write(setting)


def set_case(
    store: Store,
    contact_id: int,
    employee: str,
    number: str,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Give a contact another main case, which it may get after it was sent, too (X6).

    Answers to what was sent, and the rest of its thread, find the new case from then on.
    """

    def setting(connection: Connection) -> None:
        this = held(connection, contact_id, Editing(employee, now, seen))
        this.require_to_act()
        case_id = case_numbered(connection, number)
        _move_to_case(connection, this.row, case_id)
        sent = update(dispatches).where(dispatches.c.contact_id == contact_id)
        connection.execute(sent.values(case_id=case_id))
        its_own = thread_nodes.c.message_id == this.row.message_id
        of_thread = select(thread_nodes.c.thread).where(its_own)
        enter_thread_cases(
            connection, ((thread, case_id) for thread in connection.scalars(of_thread))
        )
        settle(connection, this, now)

    store.write(setting)


def _move_to_case(connection: Connection, row: Any, case_id: int) -> None:
    left = contact_cases.c.case_id.in_([row.main_case_id, case_id])
    connection.execute(delete(contact_cases).where(contact_cases.c.contact_id == row.id, left))
    connection.execute(insert(contact_cases).values(contact_id=row.id, case_id=case_id))
    values = {"main_case_id": case_id, "verdict": Verdict.DECIDED}
    connection.execute(update(contacts).where(contacts.c.id == row.id).values(**values))
    if row.verdict != Verdict.DECIDED:
        offer(connection, [row.id])


def _require(refusals: Sequence[Refusal]) -> None:
    if refusals:
        raise Refused(refusals)


def _changed(change: Change) -> dict[str, Any]:
    said = change.text is not None or change.html is not None
    values = _texts(change.text, change.html) if said else {}
    return values if change.matchcode is None else values | matchcode_values(change.matchcode)


def _texts(text: str | None, html: str | None) -> dict[str, Any]:
    """Keep rich text with what can be read of it."""
    readable = text or (as_text(html) if html else "")
    return {"text": readable, "new_text": readable, "html": html or None}


def _case_id(connection: Connection, contact: NewContact) -> int | None:
    if contact.case is not None:
        return case_numbered(connection, contact.case)
    if contact.answers is None:
        return None
    query = select(contacts.c.main_case_id).where(contacts.c.id == contact.answers)
    case_id: int | None = connection.scalar(query)
    return case_id


def _enter_readers(
    connection: Connection, contact_id: int, creator_id: int, answers: int | None
) -> None:
    assert answers is not None
    readers = {creator_id, *connection.scalars(readers_of(answers))}
    rows = [{"contact_id": contact_id, "employee_id": reader} for reader in sorted(readers)]
    connection.execute(insert(contact_readers), rows)
