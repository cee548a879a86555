"""Changing contacts, for flows, the command line and other programs: each is one change, now.

Refused says all that stands against it; UnknownRecord where there is no such contact, or none that
the employee may see. seen is the version that the employee saw: where others changed the contact
since, it is refused, and said who changed what. Nothing is changed then.
"""

from collections.abc import Collection

from domain.contacts import ContactStatus
from domain.mail import ReceptionKind
from tasks.store import contact_parts, writing
from tasks.store.database import store
from tasks.store.writing import Change


def edit(contact_id: int, employee: str, change: Change, *, seen: int | None = None) -> None:
    """Change what a contact says and whom it is for, until it is sent (X6)."""
    writing.edit_contact(store(), contact_id, employee, change, store().now(), seen=seen)


def set_reception_kind(
    contact_id: int,
    employee: str,
    recipient: int | str,
    kind: ReceptionKind,
    *,
    seen: int | None = None,
) -> None:
    """Set how a contact reaches a recipient, by position or e-mail address, until it is sent."""
    now = store().now()
    contact_parts.set_reception_kind(store(), contact_id, employee, recipient, kind, now, seen=seen)


def set_status(
    contact_id: int, employee: str, status: ContactStatus, *, seen: int | None = None
) -> None:
    """Set where a contact stands."""
    writing.set_status(store(), contact_id, employee, status, store().now(), seen=seen)


def set_main_case(contact_id: int, employee: str, number: str, *, seen: int | None = None) -> None:
    """Give a contact another main case, by its number; its thread learns it too."""
    writing.set_case(store(), contact_id, employee, number, store().now(), seen=seen)


def change_cases(
    contact_id: int,
    employee: str,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    *,
    seen: int | None = None,
) -> None:
    """Let a contact belong to more cases beside its main one or to fewer, by their numbers."""
    now = store().now()
    contact_parts.change_cases(store(), contact_id, employee, add, remove, now, seen=seen)
