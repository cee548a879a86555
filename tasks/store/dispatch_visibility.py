"""Who may see which dispatches: as the contacts and appointments that they tell of (L9)."""

from sqlalchemy import ColumnElement, or_, select

from tasks.store.appointment_visibility import contact_shown_to, joined_by
from tasks.store.tables import deliveries, dispatches
from tasks.store.visibility import visible_to


def dispatch_shown_to(viewer: int | None) -> ColumnElement[bool]:
    """Say which dispatches somebody may see, joined with their contacts and appointments."""
    of_contact = or_(dispatches.c.contact_id.is_(None), visible_to(viewer))
    return of_contact & or_(dispatches.c.appointment_id.is_(None), _letter_shown_to(viewer))


def _letter_shown_to(viewer: int | None) -> ColumnElement[bool]:
    """Say which letters of appointments somebody may see.

    Those of a private contact's follow-up are for who may see the contact, and for whom they were
    written to. To who takes part only what guests are told is shown: a colleague's alarm may
    name the contact.
    """
    if viewer is None:
        return contact_shown_to(None)
    told = deliveries.c.dispatch_id == dispatches.c.id
    colleagues = select(deliveries.c.id).where(told, deliveries.c.employee_id.is_not(None))
    own = select(deliveries.c.id).where(told, deliveries.c.employee_id == viewer)
    to_guests = ~colleagues.correlate(dispatches).exists()
    return or_(
        contact_shown_to(viewer),
        own.correlate(dispatches).exists(),
        joined_by(viewer) & to_guests,
    )
