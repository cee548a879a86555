"""What customers would see of a contact, and what it is judged by before they do."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, func, select

from domain.contacts import ContactStatus
from domain.directory import CaseKind
from domain.publishing import Caution, Entry, Publishable, ReleasedFile
from domain.publishing_cautions import Known, Neighbour, Said, cautions
from domain.tokens import without_tokens
from tasks.mail.html import as_text, self_contained
from tasks.store.identifying import SENDER
from tasks.store.tables import (
    addresses,
    attachments,
    cases,
    contact_cases,
    contacts,
    correspondents,
    dispatch_queues,
    dispatches,
    employees,
    mail_addresses,
    persons,
    publications,
    thread_nodes,
)
from tasks.store.visibility import visible_to

NEIGHBOURS = 200  # contacts of the same matter that are compared, the latest ones
COMPARED = 20_000  # characters of each
OPEN = publications.c.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which contacts are published."""

    now: datetime
    secret: bytes  # signs case tokens, by which they are found
    house: str  # how customers know us, where the sending account has no name


def publishable_of(connection: Connection, contact: Any) -> Publishable:
    """Read what publishing a row of the table contacts is judged by."""
    of_case = select(cases.c.kind).where(cases.c.id == contact.main_case_id)
    kind = connection.scalar(of_case)
    of_files = select(attachments.c.position).where(attachments.c.contact_id == contact.id)
    return Publishable(
        contact.creator_id,
        ContactStatus(contact.status),
        contact.private,
        None if kind is None else CaseKind(kind),
        frozenset(connection.scalars(of_files)),
    )


def open_publication(connection: Connection, contact_id: int) -> Any | None:
    """Read the publication by which customers see a contact now."""
    query = select(publications).where(publications.c.contact_id == contact_id, OPEN)
    return connection.execute(query).one_or_none()


def entry_of(
    connection: Connection, contact: Any, terms: Terms, files: Collection[int] = ()
) -> Entry:
    """Give what customers would see of a contact, with the attachments at these positions."""
    incoming, sender = _sender(connection, contact, terms.house)
    written = contact.received_at if incoming else contact.sent_at or contact.received_at
    return Entry(
        written,
        incoming,
        sender,
        without_tokens(contact.matchcode, terms.secret),
        contact.text,
        None if contact.html is None else self_contained(contact.html),
        tuple(each for each in files_of_contact(connection, contact.id) if each.position in files),
    )


def files_of_contact(connection: Connection, contact_id: int) -> tuple[ReleasedFile, ...]:
    """List the attachments that could be released."""
    query = select(attachments).where(attachments.c.contact_id == contact_id)
    return tuple(
        ReleasedFile(row.position, row.name, row.content_type, row.size)
        for row in connection.execute(query.order_by(attachments.c.position))
    )


def cautions_about(
    connection: Connection, contact: Any, entry: Entry, viewer: int
) -> tuple[Caution, ...]:
    """Say what the viewer should think about before customers see this entry of a contact."""
    html = entry.html or ""
    names = (each.name for each in entry.files)
    said = Said(entry.text, (entry.sender, entry.matchcode, as_text(html), html, *names))
    return cautions(said, _neighbours(connection, contact, viewer), _staff(connection))


def _sender(connection: Connection, contact: Any, house: str) -> tuple[bool, str]:
    """Tell whether the customer's side wrote a contact, and the sender's name for customers."""
    if contact.raw_id is None:
        return False, _account_name(connection, contact.id) or house
    known_as = func.coalesce(persons.c.name, addresses.c.name)
    query = (
        select(correspondents, known_as.label("known_as"))
        .outerjoin(persons, persons.c.id == correspondents.c.person_id)
        .outerjoin(addresses, addresses.c.id == correspondents.c.address_id)
        .where(correspondents.c.contact_id == contact.id, correspondents.c.role == SENDER)
    )
    row = connection.execute(query).first()
    if row is not None and row.employee_id is not None:
        return False, house
    return True, (row.name or row.known_as or row.address) if row is not None else ""


def _account_name(connection: Connection, contact_id: int) -> str:
    """Give the name that the account has by which a contact was sent last; "" where it has none."""
    query = (
        select(dispatch_queues.c.settings)
        .join(dispatches, dispatches.c.queue == dispatch_queues.c.name)
        .where(dispatches.c.contact_id == contact_id, dispatches.c.leaves_the_house)
        .order_by(dispatches.c.id.desc())
    )
    settings = connection.scalars(query).first() or {}
    return str(settings.get("sender_name", ""))


def _neighbours(connection: Connection, contact: Any, viewer: int) -> list[Neighbour]:
    published = select(publications.c.id).where(publications.c.contact_id == contacts.c.id, OPEN)
    query = (
        select(
            contacts.c.id,
            contacts.c.private,
            func.substr(contacts.c.new_text, 1, COMPARED).label("text"),
            published.exists().label("published"),
        )
        .where(_of_same_matter(contact), contacts.c.id != contact.id, visible_to(viewer))
        .order_by(contacts.c.received_at.desc(), contacts.c.id.desc())
        .limit(NEIGHBOURS)
    )
    rows = connection.execute(query)
    return [Neighbour(row.id, row.text, row.published, row.private) for row in rows]


def _of_same_matter(contact: Any) -> ColumnElement[bool]:
    """Say which contacts are of the same case, or of the same thread."""
    own = select(thread_nodes.c.thread).where(thread_nodes.c.message_id == contact.message_id)
    same_thread = (
        select(contacts.c.id)
        .join(thread_nodes, thread_nodes.c.message_id == contacts.c.message_id)
        .where(thread_nodes.c.thread.in_(own))
    )
    same_case = select(contact_cases.c.contact_id).where(
        contact_cases.c.case_id == contact.main_case_id
    )
    answered = select(contacts.c.id).where(contacts.c.id == contact.answers_id)
    related: CompoundSelect[Any] = same_thread.union(same_case, answered)
    return contacts.c.id.in_(related)


def _staff(connection: Connection) -> list[Known]:
    emails: defaultdict[int, list[str]] = defaultdict(list)
    theirs = select(mail_addresses).where(mail_addresses.c.employee_id.is_not(None))
    for row in connection.execute(theirs):
        emails[row.employee_id].append(row.address)
    everybody = connection.execute(
        select(employees.c.id, employees.c.name).order_by(employees.c.id)
    )
    return [Known(row.name, tuple(emails[row.id])) for row in everybody]
