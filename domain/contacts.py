"""A contact: one recorded communication."""

from enum import StrEnum

E_MAIL = "e-mail"  # the activity type of what comes by mail


class ContactStatus(StrEnum):
    """Where a contact stands."""

    CREATED = "created"
    DONE = "done"
