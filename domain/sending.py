"""May this contact be sent? One answer, with every reason against it and every question (X1-X4)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.mail import ReceptionKind
from domain.refusals import Refusal
from domain.services import Service

PERMISSION = "crm.contacts"  # Office | CRM | Kontaktmanagement
EDIT_OTHERS = "crm.contacts.edit_others"  # Office | CRM | Kontakte ändern (auch fremde)
ALIVE = timedelta(seconds=30)  # how old the dispatch shift's last sign of life may be


class Reason(StrEnum):
    """Why a contact is not sent; domain/wording.py has the sentences."""

    NOT_CONFIGURED = "not_configured"
    SERVICE_UNKNOWN = "service_unknown"
    NOT_RUNNING = "not_running"
    NO_PERMISSION = "no_permission"
    NOT_THE_AUTHOR = "not_the_author"
    NO_OPTION = "no_option"
    ALREADY_SENT = "already_sent"
    NO_MAIN_RECIPIENT = "no_main_recipient"
    NO_RECIPIENT = "no_recipient"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    NO_EMPLOYEE = "no_employee"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    CONTROL_CHARACTERS = "control_characters"
    DEADLINE_TOO_EARLY = "deadline_too_early"


class Ask(StrEnum):
    """What a person may be asked before a contact is sent."""

    EMPTY_SUBJECT = "empty_subject"
    EMPTY_TEXT = "empty_text"
    WITHOUT_FILES = "without_files"
    WHICH_RECIPIENT = "which_recipient"
    WHICH_NUMBER = "which_number"


@dataclass(frozen=True, slots=True)
class Choice:
    """A recipient to choose: the position on the contact, and the name."""

    position: int
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something to confirm, to choose or to correct."""

    ask: Ask
    about: str = ""  # the number that is not valid, say
    choices: tuple[Choice, ...] = ()


class Priority(StrEnum):
    """Who goes first."""

    CLICK = "1_click"  # a person waits for it
    BULK = "2_bulk"


@dataclass(frozen=True, slots=True)
class Request:
    """An employee's wish to send a contact over a channel."""

    channel: str
    contact_id: int
    employee: str  # the acting employee's personnel number
    service: str | None = None  # by which account or gateway; None: the one that suits
    recipient: int | None = None  # the chosen one's position on the contact
    number: str | None = None  # entered or corrected at sending
    confirmed: frozenset[Ask] = frozenset()
    not_before: datetime | None = None
    deadline: datetime | None = None
    priority: Priority = Priority.CLICK
    key: str | None = None  # asked again with the same key, it is not sent again


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting employee."""

    id: int
    permissions: frozenset[str]
    teams: frozenset[int] = frozenset()
    name: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A recipient of a contact, with all the ways to reach them."""

    position: int
    name: str
    kind: ReceptionKind
    email: str = ""
    mobile: str = ""
    fax: str = ""
    employee_id: int | None = None
    personnel_number: str = ""


@dataclass(frozen=True, slots=True)
class Sendable:
    """A contact, as far as sending it is judged."""

    creator_id: int | None  # none: it was received
    options: frozenset[str]  # of its activity type
    matchcode: str
    text: str  # what can be read of it
    addressees: tuple[Addressee, ...]
    files: int = 0
    sent: bool = False  # by a dispatch that left the house and counts as sent (E3)
    region: str = "DE"  # where a phone number without a country's code is from


@dataclass(frozen=True, slots=True)
class Destination:
    """One recipient of a dispatch, and where it is delivered."""

    position: int
    name: str
    kind: ReceptionKind
    to: str  # an e-mail address, a number in international form, or a personnel number
    employee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a channel's own rules found."""

    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    destinations: tuple[Destination, ...] = ()
    remark: str = ""  # worth knowing before it is sent


@dataclass(frozen=True, slots=True)
class Texts:
    """What a contact says."""

    matchcode: str
    text: str
    html: str | None = None  # where it is rich text


def as_written(texts: Texts, _actor: Actor, _service: Service, _token: str | None) -> Texts:
    """Leave a contact's texts as their author wrote them."""
    return texts


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What a channel demands of a contact, and what it adds to it."""

    channel: str
    leaves_the_house: bool  # then a contact goes out once, and is not edited afterwards (E3, X6)
    findings: Callable[[Request, Sendable], Findings]
    texts: Callable[[Texts, Actor, Service, str | None], Texts] = as_written


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to a request."""

    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    destinations: tuple[Destination, ...] = ()
    service: Service | None = None
    remark: str = ""

    @property
    def is_granted(self) -> bool:
        """Whether the contact may go out as things stand."""
        return not self.refusals and not self.questions


def judge(
    request: Request,
    contact: Sendable,
    actor: Actor,
    services: Collection[Service],
    last_beat: datetime | None,
    rules: ChannelRules,
    now: datetime,
) -> Judgement:
    """Judge a request, naming every unmet condition and every open question at once (X4).

    The services are those of the channel that are configured; of them, the first one that the
    employee may use is taken where the request names none. last_beat is the dispatch shift's
    last sign of life.
    """
    usable = [service for service in services if service.is_for(actor.id, actor.teams)]
    chosen = [s for s in usable if request.service in (None, s.name)]
    found = rules.findings(request, contact)
    refusals = (
        *_service_refusals(request, bool(usable), bool(chosen), last_beat, now),
        *reasons_not_to_act(actor, contact.creator_id),
        *_time_refusals(request, now),
        *found.refusals,
    )
    return Judgement(
        refusals, found.questions, found.destinations, next(iter(chosen), None), found.remark
    )


def is_alive(last_beat: datetime | None, now: datetime) -> bool:
    """Tell whether the dispatch shift works, by its last sign of life (X1)."""
    return last_beat is not None and now - last_beat <= ALIVE


def reasons_not_to_act(actor: Actor, creator_id: int | None) -> list[Refusal]:
    """Say why an employee may neither change nor send a contact; empty means they may (X2)."""
    refusals = []
    if PERMISSION not in actor.permissions:
        refusals.append(Refusal(Reason.NO_PERMISSION))
    if EDIT_OTHERS not in actor.permissions and creator_id != actor.id:
        refusals.append(Refusal(Reason.NOT_THE_AUTHOR))
    return refusals


def reasons_not_to_edit(actor: Actor, creator_id: int | None, sent: bool) -> list[Refusal]:
    """Say why a contact's text, matchcode and recipients must stay as they are (X2, X6)."""
    refusals = reasons_not_to_act(actor, creator_id)
    return [*refusals, Refusal(Reason.ALREADY_SENT)] if sent else refusals


def _service_refusals(
    request: Request, usable: bool, chosen: bool, last_beat: datetime | None, now: datetime
) -> Sequence[Refusal]:
    refusals = []
    if not usable:
        refusals.append(Refusal(Reason.NOT_CONFIGURED, request.channel))
    elif not chosen:
        refusals.append(Refusal(Reason.SERVICE_UNKNOWN, request.service or ""))
    if not is_alive(last_beat, now):
        refusals.append(Refusal(Reason.NOT_RUNNING, request.channel))
    return refusals


def _time_refusals(request: Request, now: datetime) -> Sequence[Refusal]:
    earliest = max(now, request.not_before or now)
    if request.deadline is not None and request.deadline <= earliest:
        return [Refusal(Reason.DEADLINE_TOO_EARLY)]
    return []
