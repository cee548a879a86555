"""Contacts as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.changes import Changed
from domain.contacts import ContactStatus
from domain.errors import UnknownRecord
from domain.mail import Attachment, FailedRecipient, TransferEncoding
from domain.matching import Candidate, Verdict
from tasks.store.candidates import read_candidates
from tasks.store.database import Store
from tasks.store.identifying import SENDER
from tasks.store.raw import read_raw
from tasks.store.record_changes import Record, history_of
from tasks.store.tables import (
    addresses,
    attachments,
    bounced_recipients,
    cases,
    contact_changes,
    contacts,
    correspondents,
    employees,
    persons,
    thread_nodes,
)
from tasks.store.visibility import in_view_of, visible_to


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact, as a list shows it."""

    id: int
    received_at: datetime
    sender: str
    matchcode: str
    case_number: str | None
    verdict: Verdict
    automatic: str
    private: bool
    status: ContactStatus


_LISTED = (  # of a contact's columns: its texts are much to read
    contacts.c.id,
    contacts.c.received_at,
    contacts.c.matchcode,
    contacts.c.verdict,
    contacts.c.automatic,
    contacts.c.private,
    contacts.c.status,
)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """The sender or a recipient of a contact, and who that is."""

    role: str  # from, or the reception kind
    name: str
    address: str
    known_as: str | None
    ambiguous: Sequence[str]  # names of those it might be


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """A contact with all that hangs on it."""

    line: ContactLine
    sent_at: datetime | None
    text: str
    new_text: str
    html: str | None
    message_id: str | None
    thread: str | None  # none: it was written here and not sent yet
    defects: Sequence[str]
    correspondents: Sequence[Correspondent]
    attachments: Sequence[Attachment]
    bounced: Sequence[FailedRecipient]
    candidates: Sequence[Candidate]
    case_numbers: Mapping[int, str]  # of the candidates, by case id
    changes: Sequence[Changed]  # the oldest first
    version: int  # what a change names as seen


def list_contacts(
    store: Store, viewer: int | None = None, own: bool = False, limit: int = 50
) -> list[ContactLine]:
    """List contacts, the latest first: all that the viewer may see, or the own view's only."""
    allowed = in_view_of(viewer) if own and viewer is not None else visible_to(viewer)
    return _lines(store, allowed, limit)


def list_reviews(store: Store, viewer: int | None = None, limit: int = 50) -> list[ContactLine]:
    """List the contacts whose case a person has to choose, the latest first."""
    return _lines(store, visible_to(viewer) & (contacts.c.verdict == Verdict.REVIEW), limit)


def show_contact(store: Store, contact_id: int, viewer: int | None = None) -> ContactDetails:
    """Read one contact; UnknownRecord where there is none that the viewer may see."""
    allowed = visible_to(viewer) & (contacts.c.id == contact_id)
    with store.reading() as connection:
        history = history_of(connection, Record(contact_changes, contact_id))
        row = connection.execute(_selecting(contacts).where(allowed)).one_or_none()
        if row is None:
            raise UnknownRecord(f"there is no contact {contact_id} that you may see")
        candidates = read_candidates(connection, [contact_id]).get(contact_id, [])
        return ContactDetails(
            _line(row),
            row.sent_at,
            row.text,
            row.new_text,
            row.html,
            row.message_id,
            row.thread,
            row.defects,
            _correspondents(connection, contact_id),
            _attachments(connection, contact_id),
            _bounced(connection, contact_id),
            candidates,
            _case_numbers(connection, candidates),
            history.changes,
            history.version,
        )


def raw_of_contact(store: Store, contact_id: int, viewer: int | None = None) -> bytes:
    """Read a contact's message as it came; UnknownRecord as in show_contact."""
    allowed = visible_to(viewer) & (contacts.c.id == contact_id)
    with store.reading() as connection:
        raw_id = connection.scalar(select(contacts.c.raw_id).where(allowed))
        if raw_id is None:
            raise UnknownRecord(f"there is no contact {contact_id} that you may see")
        return read_raw(connection, raw_id)


def _selecting(*what: Any) -> Select[Any]:
    is_sender = (correspondents.c.contact_id == contacts.c.id) & (correspondents.c.role == SENDER)
    return (
        select(
            *what,
            cases.c.number.label("case_number"),
            thread_nodes.c.thread,
            correspondents.c.name.label("sender_name"),
            correspondents.c.address.label("sender_address"),
        )
        .outerjoin(thread_nodes, thread_nodes.c.message_id == contacts.c.message_id)
        .outerjoin(cases, cases.c.id == contacts.c.main_case_id)
        .outerjoin(correspondents, is_sender)
    )


def read_contact_lines(connection: Connection, ids: Sequence[int]) -> list[ContactLine]:
    """Read the lines of contacts, in this order."""
    rows = connection.execute(_selecting(*_LISTED).where(contacts.c.id.in_(ids)))
    lines = {row.id: _line(row) for row in rows}
    return [lines[id_] for id_ in ids]


def _lines(store: Store, allowed: ColumnElement[bool], limit: int) -> list[ContactLine]:
    newest = (contacts.c.received_at.desc(), contacts.c.id.desc())
    with store.reading() as connection:
        query = _selecting(*_LISTED).where(allowed).order_by(*newest).limit(limit)
        return [_line(row) for row in connection.execute(query)]


def _line(row: Any) -> ContactLine:
    return ContactLine(
        row.id,
        row.received_at,
        row.sender_name or row.sender_address or "",
        row.matchcode,
        row.case_number,
        Verdict(row.verdict),
        row.automatic,
        row.private,
        ContactStatus(row.status),
    )


def _correspondents(connection: Connection, contact_id: int) -> list[Correspondent]:
    known_as = func.coalesce(employees.c.name, persons.c.name, addresses.c.name)
    query = (
        select(correspondents, known_as.label("known_as"))
        .outerjoin(employees, employees.c.id == correspondents.c.employee_id)
        .outerjoin(persons, persons.c.id == correspondents.c.person_id)
        .outerjoin(addresses, addresses.c.id == correspondents.c.address_id)
        .where(correspondents.c.contact_id == contact_id)
        .order_by(correspondents.c.position)
    )
    return [
        Correspondent(row.role, row.name, row.address, row.known_as, row.ambiguous)
        for row in connection.execute(query)
    ]


def _attachments(connection: Connection, contact_id: int) -> list[Attachment]:
    query = select(attachments).where(attachments.c.contact_id == contact_id)
    return [
        Attachment(
            row.name,
            row.content_type,
            row.size,
            row.start,
            row.end,
            TransferEncoding(row.encoding),
            row.content_id,
            row.inline,
        )
        for row in connection.execute(query.order_by(attachments.c.position))
    ]


def _bounced(connection: Connection, contact_id: int) -> list[FailedRecipient]:
    query = select(bounced_recipients).where(bounced_recipients.c.contact_id == contact_id)
    return [
        FailedRecipient(row.address, row.status, row.permanent, row.reason)
        for row in connection.execute(query.order_by(bounced_recipients.c.position))
    ]


def _case_numbers(connection: Connection, candidates: Sequence[Candidate]) -> dict[int, str]:
    ids = {candidate.case_id for candidate in candidates}
    query = select(cases.c.id, cases.c.number).where(cases.c.id.in_(ids))
    return {row.id: row.number for row in connection.execute(query)}
