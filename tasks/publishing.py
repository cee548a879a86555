"""Publishing contacts, for flows, the command line and other programs: each is one change, now."""

from collections.abc import Collection
from datetime import datetime

from domain.publishing import Caution, Preview, ServiceHistory, Toggled
from domain.publishing_texts import our_side
from tasks.settings import settings
from tasks.store import publishing
from tasks.store import service_history as histories
from tasks.store.database import store
from tasks.store.directory import employee_by_number
from tasks.store.publication_drafts import Terms
from tasks.store.service_history import Publication


def preview(contact_id: int, employee: str, files: Collection[int] = ()) -> Preview:
    """Show what customers would see of a contact, and what stands against it."""
    return publishing.preview(store(), contact_id, employee, _terms(), files)


def publish(
    contact_id: int,
    employee: str,
    files: Collection[int] = (),
    confirmed: Collection[Caution] = (),
) -> Toggled:
    """Let customers see a contact, with the attachments at these positions.

    Cautions that are not among the confirmed ones are given back, and nothing is changed then;
    Refused says all that stands against it.
    """
    return publishing.publish(store(), contact_id, employee, _terms(), files, confirmed)


def withdraw(contact_id: int, employee: str) -> Toggled:
    """Let customers not see a contact any more."""
    return publishing.withdraw(store(), contact_id, employee, store().now())


def publish_or_withdraw(
    contact_id: int,
    employee: str,
    files: Collection[int] = (),
    confirmed: Collection[Caution] = (),
    seen_at: datetime | None = None,
) -> Toggled:
    """Do the one of publish and withdraw that is not as it was (P3).

    seen_at is when the employee saw how it was, and decides which it is; so that the same click
    is the same wish, however often it is done. Left out: now.
    """
    if publishing.was_published(store(), contact_id, seen_at or store().now()):
        return withdraw(contact_id, employee)
    return publish(contact_id, employee, files, confirmed)


def service_history(case_number: str, employee: str, with_files: bool = False) -> ServiceHistory:
    """Read a service call's communication as its customer sees it; the employee must be one."""
    employee_by_number(store(), employee)
    return histories.service_history(store(), case_number, with_files)


def publications_of(contact_id: int, employee: str) -> list[Publication]:
    """List all publications that a contact ever had, the latest first."""
    return histories.publications_of(store(), contact_id, employee_by_number(store(), employee))


def _terms() -> Terms:
    house = settings().company or our_side(settings().language)
    return Terms(store().now(), settings().token_secret, house)
