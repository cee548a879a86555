"""Who may see which appointments: follow-ups of private contacts are hidden here (L9)."""

from sqlalchemy import ColumnElement, or_, select

from tasks.store.record_changes import Record
from tasks.store.tables import (
    appointment_changes,
    appointment_participants,
    appointments,
    contacts,
)
from tasks.store.visibility import visible_to


def shown_to(viewer: int | None) -> ColumnElement[bool]:
    """Say which appointments somebody may see.

    A follow-up of a private contact is for those who may see the contact, and for those who take
    part in it; with no employee named, nothing private is shown.
    """
    if viewer is None:
        return contact_shown_to(None)
    return or_(contact_shown_to(viewer), joined_by(viewer))


def contact_shown_to(viewer: int | None) -> ColumnElement[bool]:
    """Say of which appointments somebody may see the contact, or there is none."""
    allowed = (contacts.c.id == appointments.c.contact_id) & visible_to(viewer)
    seen = select(contacts.c.id).where(allowed).correlate(appointments).exists()
    return or_(appointments.c.contact_id.is_(None), seen)


def joined_by(employee_id: int) -> ColumnElement[bool]:
    """Say in which appointments an employee takes part, the responsible one among them."""
    theirs = appointment_participants.c.employee_id == employee_id
    joined = select(appointment_participants.c.appointment_id).where(theirs)
    return or_(appointments.c.responsible_id == employee_id, appointments.c.id.in_(joined))


def record_of(appointment_id: int, contact_shown: bool = True) -> Record:
    """Give the record of an appointment's changes; whose contact is hidden, its cases are (L9)."""
    hidden = frozenset() if contact_shown else frozenset({"cases"})
    return Record(appointment_changes, appointment_id, hidden)
