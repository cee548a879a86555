"""Contacts are published and withdrawn: what customers saw is kept for ever (P1-P4)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from domain.errors import Refused, UnknownRecord
from domain.publishing import (
    Caution,
    Entry,
    Preview,
    ReleasedFile,
    Toggled,
    reasons_not_to_publish,
    reasons_not_to_withdraw,
)
from tasks.store.actors import actor
from tasks.store.contact_holding import locked
from tasks.store.database import Store
from tasks.store.publication_drafts import (
    OPEN,
    Terms,
    cautions_about,
    entry_of,
    files_of_contact,
    open_publication,
    publishable_of,
)
from tasks.store.tables import contacts, publication_files, publications
from tasks.store.visibility import visible_to


def preview(
    store: Store, contact_id: int, employee: str, terms: Terms, files: Collection[int] = ()
) -> Preview:
    """Show what customers would see of a contact, with the attachments at these positions.

    UnknownRecord where there is no such contact that the employee may see.
    """
    with store.reading() as connection:
        viewer = actor(connection, employee)
        allowed = visible_to(viewer.id) & (contacts.c.id == contact_id)
        row = connection.execute(select(contacts).where(allowed)).one_or_none()
        if row is None:
            raise UnknownRecord(f"there is no contact {contact_id} that you may see")
        entry = entry_of(connection, row, terms, files)
        return Preview(
            entry,
            tuple(reasons_not_to_publish(publishable_of(connection, row), viewer, files)),
            cautions_about(connection, row, entry, viewer.id),
            open_publication(connection, contact_id) is not None,
            files_of_contact(connection, contact_id),
        )


def publish(
    store: Store,
    contact_id: int,
    employee: str,
    terms: Terms,
    files: Collection[int] = (),
    confirmed: Collection[Caution] = (),
) -> Toggled:
    """Let customers see a contact as it is now, with the attachments at these positions.

    Where cautions are not among the confirmed ones, or it is published already, nothing is
    changed. Refused names every reason against it; UnknownRecord as for a stranger.
    """

    def publishing(connection: Connection) -> Toggled:
        who = actor(connection, employee)
        row = locked(connection, contact_id, who)
        refusals = reasons_not_to_publish(publishable_of(connection, row), who, files)
        if refusals:
            raise Refused(refusals)
        if open_publication(connection, contact_id) is not None:
            return Toggled(published=True, changed=False)
        entry = entry_of(connection, row, terms, files)
        cautions = cautions_about(connection, row, entry, who.id)
        if not set(cautions) <= set(confirmed):
            return Toggled(published=False, changed=False, cautions=cautions)
        _enter(connection, row, who.id, entry, terms.now)
        return Toggled(published=True, changed=True)

    return store.write(publishing)


def withdraw(store: Store, contact_id: int, employee: str, now: datetime) -> Toggled:
    """Let customers not see a contact any more, whatever became of it (P3).

    Refused where the employee may not; UnknownRecord as for a stranger.
    """

    def withdrawing(connection: Connection) -> Toggled:
        who = actor(connection, employee)
        row = locked(connection, contact_id, who)
        if refusals := reasons_not_to_withdraw(who, row.creator_id):
            raise Refused(refusals)
        shown = update(publications).where(publications.c.contact_id == contact_id, OPEN)
        closed = connection.execute(shown.values(withdrawn_at=now, withdrawer_id=who.id))
        return Toggled(published=False, changed=closed.rowcount > 0)

    return store.write(withdrawing)


def was_published(store: Store, contact_id: int, at: datetime) -> bool:
    """Tell whether customers could see a contact at an instant."""
    then = (
        publications.c.contact_id == contact_id,
        publications.c.published_at <= at,
        or_(OPEN, publications.c.withdrawn_at > at),
    )
    with store.reading() as connection:
        return connection.execute(select(publications.c.id).where(*then)).first() is not None


def _enter(
    connection: Connection, contact: Any, publisher_id: int, entry: Entry, now: datetime
) -> None:
    row = {
        "contact_id": contact.id,
        "case_id": contact.main_case_id,
        "publisher_id": publisher_id,
        "published_at": now,
        "dated_at": entry.dated_at,
        "incoming": entry.incoming,
        "sender": entry.sender,
        "matchcode": entry.matchcode,
        "text": entry.text,
        "html": entry.html,
    }
    inserting = insert(publications).values(**row).returning(publications.c.id)
    publication_id = int(connection.execute(inserting).scalar_one())
    if entry.files:
        _enter_files(connection, publication_id, entry.files)


def _enter_files(
    connection: Connection, publication_id: int, files: Collection[ReleasedFile]
) -> None:
    rows = [
        {
            "publication_id": publication_id,
            "position": each.position,
            "name": each.name,
            "content_type": each.content_type,
            "size": each.size,
        }
        for each in files
    ]
    connection.execute(insert(publication_files), rows)
