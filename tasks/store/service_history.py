"""What customers see of a service call, and all that they ever saw of a contact (P4, L9)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from domain.directory import CaseKind
from domain.errors import UnknownRecord
from domain.publishing import PUBLISHABLE, Entry, ReleasedFile, ServiceHistory, Withdrawn
from tasks.store.database import Store
from tasks.store.files import files_of
from tasks.store.publication_drafts import OPEN
from tasks.store.tables import (
    cases,
    contacts,
    employees,
    publication_files,
    publications,
)
from tasks.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Publication:
    """A time at which customers could see a contact, and what of it."""

    id: int
    case_number: str
    publisher: str
    published_at: datetime
    withdrawn_at: datetime | None  # none: customers see it now
    withdrawer: str | None  # none: it was withdrawn by itself, if it was
    because: Withdrawn | None  # why by itself
    entry: Entry


def service_history(store: Store, case_number: str, with_files: bool = False) -> ServiceHistory:
    """Read a service call's communication as its customer sees it, the oldest first (P4).

    Nobody in particular looks, so nothing private is in it. UnknownRecord where there is no such
    service call. With files, the released ones come with their bytes.
    """
    number = case_number.strip().upper()
    with store.reading() as connection:
        called = select(cases.c.number).where(cases.c.number == number, _IS_SERVICE_CALL)
        if connection.scalar(called) is None:
            raise UnknownRecord(f"there is no service call {case_number}")
        rows = connection.execute(_seen_by_customers(number)).all()
        files = _files(connection, [row.id for row in rows])
    if with_files:
        files = {row.id: _with_bytes(store, row.contact_id, files[row.id]) for row in rows}
    return ServiceHistory(number, tuple(_entry(row, files.get(row.id, ())) for row in rows))


def publications_of(store: Store, contact_id: int, viewer: int | None = None) -> list[Publication]:
    """List all publications that a contact ever had, the latest first.

    UnknownRecord where there is no such contact that the viewer may see.
    """
    allowed = visible_to(viewer) & (contacts.c.id == contact_id)
    with store.reading() as connection:
        if connection.scalar(select(contacts.c.id).where(allowed)) is None:
            raise UnknownRecord(f"there is no contact {contact_id} that you may see")
        rows = connection.execute(_all_of(contact_id)).all()
        files = _files(connection, [row.id for row in rows])
    return [
        Publication(
            row.id,
            row.case_number,
            row.publisher,
            row.published_at,
            row.withdrawn_at,
            row.withdrawer,
            Withdrawn(row.withdrawn_because) if row.withdrawn_because else None,
            _entry(row, files.get(row.id, ())),
        )
        for row in rows
    ]


_IS_SERVICE_CALL = cases.c.kind == CaseKind.SERVICE_CALL


def _seen_by_customers(case_number: str) -> Select[Any]:
    """Select what customers see: what is published, and may be as the contact is now.

    A change that forbids it withdraws it, too; this does not rely on it, for a case's kind
    changes with the directory.
    """
    return (
        select(publications)
        .join(contacts, contacts.c.id == publications.c.contact_id)
        .join(cases, cases.c.id == publications.c.case_id)
        .where(
            OPEN,
            cases.c.number == case_number,
            _IS_SERVICE_CALL,
            contacts.c.main_case_id == publications.c.case_id,
            contacts.c.status.in_(PUBLISHABLE),
            visible_to(None),
        )
        .order_by(publications.c.dated_at, publications.c.contact_id)
    )


def _all_of(contact_id: int) -> Select[Any]:
    publishers, withdrawers = employees.alias("publishers"), employees.alias("withdrawers")
    return (
        select(
            publications,
            cases.c.number.label("case_number"),
            publishers.c.name.label("publisher"),
            withdrawers.c.name.label("withdrawer"),
        )
        .join(cases, cases.c.id == publications.c.case_id)
        .join(publishers, publishers.c.id == publications.c.publisher_id)
        .outerjoin(withdrawers, withdrawers.c.id == publications.c.withdrawer_id)
        .where(publications.c.contact_id == contact_id)
        .order_by(publications.c.id.desc())
    )


def _entry(row: Any, files: Collection[ReleasedFile]) -> Entry:
    return Entry(
        row.dated_at, row.incoming, row.sender, row.matchcode, row.text, row.html, tuple(files)
    )


def _files(
    connection: Connection, publication_ids: Collection[int]
) -> Mapping[int, list[ReleasedFile]]:
    released = publication_files.c.publication_id.in_(publication_ids)
    query = select(publication_files).where(released).order_by(publication_files.c.position)
    found: defaultdict[int, list[ReleasedFile]] = defaultdict(list)
    for row in connection.execute(query):
        file = ReleasedFile(row.position, row.name, row.content_type, row.size)
        found[row.publication_id].append(file)
    return found


def _with_bytes(
    store: Store, contact_id: int, released: Collection[ReleasedFile]
) -> list[ReleasedFile]:
    """Add the bytes of released files; a contact's files lie in the order of their positions."""
    contents = files_of(store, contact_id) if released else ()
    return [replace(each, content=contents[each.position].content) for each in released]
