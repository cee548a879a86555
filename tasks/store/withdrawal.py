"""A published contact is withdrawn by itself when something changes under what customers saw."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.publishing import why_withdrawn
from tasks.store.publication_drafts import open_publication, publishable_of
from tasks.store.tables import contacts, publications


def withdraw_if_unfit(
    connection: Connection, contact_id: int, now: datetime, was: Any | None = None
) -> None:
    """Withdraw a contact that may not be published as it is now, in the changing transaction.

    was is the contact's row before the change: saying something else withdraws it, too. The
    contact must be held.
    """
    shown = open_publication(connection, contact_id)
    if shown is None:
        return
    row = connection.execute(select(contacts).where(contacts.c.id == contact_id)).one()
    because = why_withdrawn(
        publishable_of(connection, row),
        edited=was is not None and _says(was) != _says(row),
        moved=row.main_case_id != shown.case_id,
    )
    if because is not None:
        this = update(publications).where(publications.c.id == shown.id)
        connection.execute(this.values(withdrawn_at=now, withdrawn_because=because))


def _says(contact: Any) -> tuple[str, str, str | None]:
    return contact.matchcode, contact.text, contact.html
