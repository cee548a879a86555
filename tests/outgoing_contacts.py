"""Contacts that are written and sent, for tests of the store: usual values, and a worker."""

from datetime import datetime
from typing import Any

from builders import DIRECTORY, NOW, SECRET, enter_directory

from domain.channel_rules import E_MAIL, FAX, MESSAGE, SMS
from domain.contacts import NewContact, NewRecipient
from domain.delivery import Answer, Outcome
from domain.directory import ActivityType, Directory, Employee
from domain.mail import ReceptionKind
from domain.sending import Request
from domain.services import Service
from tasks.store.database import Store
from tasks.store.judging import Terms
from tasks.store.outbox import Ledger
from tasks.store.outcomes import Sent
from tasks.store.parcels import Parcel
from tasks.store.queues import beat, enter_services
from tasks.store.sending import Decision, request_dispatch, save_and_send
from tasks.store.writing import save_contact

ANNA, JONAS, MIA, GUEST = "1001", "1002", "1003", "1004"  # Anna may edit others'; Guest nothing
RULES = {rules.channel: rules for rules in (E_MAIL, SMS, FAX, MESSAGE)}
SERVICES = (
    Service(
        "service",
        "e-mail",
        "service@firm.example",
        signature="Das Team der Firma",
        subject_prefix="[Helpdesk]",
    ),
    Service("gateway", "sms", "+4930123456"),
    Service("gateway", "fax", "fax@firm.example"),
    Service("inbox", "message"),
)
ANNAS = Service("anna", "e-mail", "anna.berger@firm.example")  # the private account also sends
QUEUE = "e-mail/service"
PETRA = NewRecipient("petra@mueller.example")
UWE = NewRecipient("uwe@mueller.example", kind=ReceptionKind.CC)
FRIEDA = NewRecipient("frieda@lindner.example", kind=ReceptionKind.BCC)


def ready(store: Store, *services: Service, now: datetime = NOW) -> None:
    """Enter the directory and services, and let the dispatch shift be alive."""
    guest = Employee(number=GUEST, name="Gast", email="gast@firm.example")
    every = ActivityType(name="everything", options=("e-mail", "sms", "fax"))
    enter_directory(store, DIRECTORY, Directory(employee=(guest,), activity_type=(every,)))
    enter_services(store, services or SERVICES, list(RULES))
    beat(store, now)


def written(*recipients: NewRecipient, **changes: Any) -> NewContact:
    """Give a contact that Jonas writes to Petra, of a type that goes by every channel."""
    usual: dict[str, Any] = {
        "creator": JONAS,
        "matchcode": "Ihr Gerät",
        "text": "Es läuft wieder.",
        "activity_type": "everything",
        "recipients": recipients or (PETRA,),
        "case": "SC-1042",
    }
    return NewContact(**{**usual, **changes})


def saved(store: Store, *recipients: NewRecipient, **changes: Any) -> int:
    """Save such a contact; gives its id."""
    return save_contact(store, written(*recipients, **changes), NOW)


def requested(
    store: Store,
    contact_id: int,
    channel: str = "e-mail",
    employee: str = JONAS,
    now: datetime = NOW,
    **wishes: Any,
) -> Decision:
    """Ask to send a contact."""
    request = Request(channel, contact_id, employee, **wishes)
    return request_dispatch(store, request, RULES[channel], Terms(SECRET, now))


def queued(
    store: Store,
    contact: NewContact | None = None,
    channel: str = "e-mail",
    now: datetime = NOW,
    **wishes: Any,
) -> Decision:
    """Save a contact and queue its dispatch, against which nothing must stand."""
    contact = contact or written()
    request = Request(channel, 0, contact.creator, **wishes)
    decision = save_and_send(store, contact, request, RULES[channel], Terms(SECRET, now))
    assert decision.judgement.is_granted, decision.judgement
    return decision


def answer(outcome: str, **more: Any) -> Answer:
    """Give a service's answer: accepted, refused_for_now, refused_for_good or unknown."""
    return Answer(Outcome(outcome), f"the service said: {outcome}", **more)


def begun(
    store: Store, now: datetime = NOW, queue: str = QUEUE, holder: str = "worker"
) -> tuple[Ledger, Parcel]:
    """Lease the first that is due in a queue, and mark it as being sent."""
    ledger = Ledger(store, holder)
    [parcel] = ledger.claim(queue, 1, now)
    assert ledger.begin(parcel, now)
    return ledger, parcel


def outcome_of(parcel: Parcel, *answers: str | Answer, now: datetime = NOW, **more: Any) -> Sent:
    """Give what became of an attempt: an answer for each who waits, in their order."""
    full = [each if isinstance(each, Answer) else answer(each) for each in answers]
    told = {each.id: said for each, said in zip(parcel.waiting, full, strict=True)}
    return Sent(parcel, now, now, told, **more)


def tried(
    store: Store,
    *answers: str | Answer,
    now: datetime = NOW,
    queue: str = QUEUE,
    **more: Any,
) -> Parcel:
    """Try what is due first, with these answers; gives what was sent."""
    ledger, parcel = begun(store, now, queue)
    ledger.turn(outcome_of(parcel, *answers, now=now, **more), None, now)
    return parcel
