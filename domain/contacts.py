"""A contact: one recorded communication."""

from dataclasses import dataclass
from enum import StrEnum

from domain.mail import ReceptionKind
from domain.outgoing import File

E_MAIL = "e-mail"  # the activity type of what comes by mail


class ContactStatus(StrEnum):
    """Where a contact stands."""

    CREATED = "created"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """Somebody whom a contact written here is for: named by one of these, or by several."""

    email: str = ""
    name: str = ""
    employee: str | None = None  # personnel number
    address: str | None = None  # the number of a company or private party
    person: str | None = None  # the name of a person there
    kind: ReceptionKind = ReceptionKind.TO


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact as an employee writes it."""

    creator: str  # personnel number
    matchcode: str
    text: str = ""
    html: str | None = None  # rich text, where it is rich
    activity_type: str = E_MAIL
    recipients: tuple[NewRecipient, ...] = ()
    files: tuple[File, ...] = ()
    case: str | None = None  # its number
    answers: int | None = None  # the contact that this one answers
