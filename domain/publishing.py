"""May customers see this contact in its service call's history? Every reason at once (P1-P4)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.contacts import ContactStatus
from domain.directory import CaseKind
from domain.refusals import Refusal
from domain.sending import Actor, reasons_not_to_act

PUBLISHABLE = frozenset({ContactStatus.CREATED, ContactStatus.DONE})


class PublishingReason(StrEnum):
    """Why customers may not see a contact; domain/publishing_wording.py has the sentences."""

    NO_SERVICE_CALL = "no_service_call"
    STATUS_FORBIDS = "status_forbids"
    IS_PRIVATE = "is_private"
    FILE_UNKNOWN = "file_unknown"


class CautionKind(StrEnum):
    """What to think about before customers see a contact."""

    REPEATS_UNPUBLISHED = "repeats_unpublished"
    QUOTES_UNKNOWN = "quotes_unknown"
    NAMES_EMPLOYEE = "names_employee"


class Withdrawn(StrEnum):
    """Why a contact was withdrawn by itself: something changed under what customers saw."""

    EDITED = "edited"
    MOVED = "moved"
    PRIVATE = "private"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning before a contact is published, to be confirmed."""

    kind: CautionKind
    about: str = ""  # the contact that is repeated, or the employee who is named


@dataclass(frozen=True, slots=True)
class Publishable:
    """A contact, as far as publishing it is judged."""

    creator_id: int | None  # none: it was received
    status: ContactStatus
    private: bool
    main_case: CaseKind | None  # the kind of its main case
    files: frozenset[int] = frozenset()  # the positions of its attachments


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """An attachment that customers get."""

    position: int  # among the contact's attachments, from 0
    name: str
    content_type: str
    size: int  # bytes
    content: bytes | None = None  # where it was asked for


@dataclass(frozen=True, slots=True)
class Entry:
    """What customers see of a contact."""

    dated_at: datetime
    incoming: bool  # whether the customer's side wrote it
    sender: str
    matchcode: str
    text: str
    html: str | None  # sanitised, without anything to be loaded
    files: tuple[ReleasedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What customers would see of a contact, and what stands against it."""

    entry: Entry
    refusals: tuple[Refusal, ...]
    cautions: tuple[Caution, ...]
    published: bool  # whether it is published now
    files: tuple[ReleasedFile, ...]  # all that could be released


@dataclass(frozen=True, slots=True)
class Toggled:
    """How a contact stands after somebody wanted to publish or to withdraw it (P3)."""

    published: bool
    changed: bool
    cautions: tuple[Caution, ...] = ()  # to be confirmed before it is published


@dataclass(frozen=True, slots=True)
class ServiceHistory:
    """A service call's communication, as its customer sees it; the oldest first."""

    case_number: str
    entries: tuple[Entry, ...]


def reasons_not_to_publish(
    contact: Publishable, actor: Actor, files: Collection[int] = ()
) -> list[Refusal]:
    """Say why an employee may not publish a contact with these files (X2, P1, P2, P4)."""
    unknown = (each for each in sorted(set(files)) if each not in contact.files)
    return [
        *reasons_not_to_act(actor, contact.creator_id),
        *reasons_to_hide(contact),
        *(Refusal(PublishingReason.FILE_UNKNOWN, str(each)) for each in unknown),
    ]


def reasons_not_to_withdraw(actor: Actor, creator_id: int | None) -> list[Refusal]:
    """Say why an employee may not withdraw a contact: nothing but permissions forbids it (P3)."""
    return reasons_not_to_act(actor, creator_id)


def reasons_to_hide(contact: Publishable) -> Iterator[Refusal]:
    """Say why no customer may see a contact, whoever publishes it (P1, P2, P4)."""
    if contact.main_case is not CaseKind.SERVICE_CALL:
        yield Refusal(PublishingReason.NO_SERVICE_CALL)
    if contact.status not in PUBLISHABLE:
        yield Refusal(PublishingReason.STATUS_FORBIDS)
    if contact.private:
        yield Refusal(PublishingReason.IS_PRIVATE)


def why_withdrawn(contact: Publishable, edited: bool, moved: bool) -> Withdrawn | None:
    """Say why a published contact is withdrawn by itself; none: it stays as it is.

    edited: it says something else than before; moved: its main case is another one.
    """
    if contact.private:
        return Withdrawn.PRIVATE
    if moved or contact.main_case is not CaseKind.SERVICE_CALL:
        return Withdrawn.MOVED
    if contact.status not in PUBLISHABLE:
        return Withdrawn.STATUS
    return Withdrawn.EDITED if edited else None
