"""Contacts that are published, for tests: by which terms, and what customers see of them."""

from builders import NOW, SECRET
from outgoing_contacts import JONAS, saved
from sqlalchemy import select, update

from domain.publishing import Entry, Toggled
from tasks.store.database import Store
from tasks.store.publication_drafts import Terms
from tasks.store.publishing import publish
from tasks.store.service_history import service_history
from tasks.store.tables import contacts

HOUSE = "Firma GmbH"
TERMS = Terms(NOW, SECRET, HOUSE)


def published(store: Store, contact_id: int, employee: str = JONAS, **more: object) -> Toggled:
    """Publish a contact, whatever is to be thought about."""
    first = publish(store, contact_id, employee, TERMS)
    if not first.cautions:
        return first
    return publish(store, contact_id, employee, TERMS, confirmed=first.cautions)


def shown_contact(store: Store, **changes: object) -> int:
    """Save a contact and publish it; gives its id."""
    contact_id = saved(store, **changes)
    assert published(store, contact_id).changed
    return contact_id


def seen(store: Store, case: str = "SC-1042") -> list[Entry]:
    """Give what the customer of a service call sees."""
    return list(service_history(store, case).entries)


def texts_seen(store: Store, case: str = "SC-1042") -> list[str]:
    """Give the texts that the customer sees."""
    return [each.text for each in seen(store, case)]


def make_private(store: Store, contact_id: int) -> None:
    """Let a contact be private, which nothing does by itself."""
    with store.writing() as connection:
        this = update(contacts).where(contacts.c.id == contact_id)
        connection.execute(this.values(private=True))


def received_id(store: Store, subject: str) -> int:
    """Find a contact by its matchcode."""
    with store.reading() as connection:
        query = select(contacts.c.id).where(contacts.c.matchcode == subject)
        return int(connection.execute(query).scalar_one())
