"""Requests to send: judged and queued in one transaction, so that nothing is half queued (X3)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from domain.accounts import TokenPlace
from domain.contacts import NewContact
from domain.delivery import DeliveryStatus, DispatchStatus, deadline_from
from domain.mail import ReceptionKind
from domain.sending import (
    Actor,
    Addressee,
    ChannelRules,
    Judgement,
    Request,
    Sendable,
    Texts,
    judge,
)
from domain.services import Service, in_order
from domain.tokens import case_token, reply_address
from tasks.store.actors import actor
from tasks.store.database import Store
from tasks.store.identifying import SENDER
from tasks.store.queues import last_beat, queue_name, services_of
from tasks.store.receiving import let_nobody_file_at_once
from tasks.store.sent import is_sent
from tasks.store.tables import (
    activity_types,
    addresses,
    cases,
    contacts,
    correspondents,
    deliveries,
    dispatches,
    employees,
    mail_accounts,
    mailboxes,
    persons,
    receipts,
    thread_nodes,
)
from tasks.store.threads import enter_thread_cases, weave_threads
from tasks.store.writing import enter_contact, locked

REFERENCES = 20  # of the latest messages of a thread; RFC 5322 names no limit, header lines do


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which requests are judged and queued."""

    secret: bytes  # signs case tokens
    now: datetime
    region: str = "DE"  # where phone numbers without a country's code are from


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a request; the dispatch's id where it was granted."""

    contact_id: int
    judgement: Judgement
    dispatch_id: int | None = None
    private: bool = False  # whether the contact is


def request_dispatch(store: Store, request: Request, rules: ChannelRules, terms: Terms) -> Decision:
    """Judge a request and, where nothing stands against it, queue the dispatch (X1-X4)."""
    return request_dispatches(store, [request], rules, terms)[0]


def request_dispatches(
    store: Store, requests: Sequence[Request], rules: ChannelRules, terms: Terms
) -> list[Decision]:
    """Judge requests for one channel, each for itself, and queue them in one transaction."""

    def queueing(connection: Connection) -> list[Decision]:
        counter = _opened(connection, rules, terms)
        return [counter.decide(request) for request in requests]

    return store.write(queueing)


def judge_request(store: Store, request: Request, rules: ChannelRules, terms: Terms) -> Judgement:
    """Judge a request as request_dispatch does, and queue nothing."""
    with store.reading() as connection:
        return _Counter(connection, rules, terms).judge(request)


def save_and_send(
    store: Store, contact: NewContact, request: Request, rules: ChannelRules, terms: Terms
) -> Decision:
    """Save a contact and queue its dispatch in the same transaction (X3).

    The request's contact_id is that of the new contact, whatever it says. Where the dispatch is
    refused, the contact is saved all the same: what somebody wrote is not lost.
    """

    def saving(connection: Connection) -> Decision:
        counter = _opened(connection, rules, terms)
        contact_id = enter_contact(connection, contact, terms.now)
        return counter.decide(replace(request, contact_id=contact_id))

    return store.write(saving)


def _opened(connection: Connection, rules: ChannelRules, terms: Terms) -> "_Counter":
    """Open a counter; threads are held before any contact is, in the order of receiving."""
    if rules.leaves_the_house:
        let_nobody_file_at_once(connection)
    return _Counter(connection, rules, terms)


class _Counter:
    """Where requests of one transaction are taken; what they have in common is read once."""

    def __init__(self, connection: Connection, rules: ChannelRules, terms: Terms) -> None:
        self._connection = connection
        self._rules = rules
        self._terms = terms
        self._actors: dict[str, Actor] = {}

    def decide(self, request: Request) -> Decision:
        who = self._actor(request.employee)
        contact = locked(self._connection, request.contact_id, who)
        queued = self._queued_before(request)
        if queued is not None:
            return Decision(contact.id, Judgement(), queued, contact.private)
        judgement = self._judgement(request, contact, who)
        if not judgement.is_granted:
            return Decision(contact.id, judgement, private=contact.private)
        dispatch_id = self._queue(request, contact, who, judgement)
        return Decision(contact.id, judgement, dispatch_id, contact.private)

    def judge(self, request: Request) -> Judgement:
        who = self._actor(request.employee)
        contact = locked(self._connection, request.contact_id, who)
        if self._queued_before(request) is not None:
            return Judgement()
        return self._judgement(request, contact, who)

    def _judgement(self, request: Request, contact: Any, who: Actor) -> Judgement:
        sendable = self._sendable(contact)
        services = in_order(self._services, self._answered_by(contact.answers_id), who.id)
        return judge(request, sendable, who, services, self._beat, self._rules, self._terms.now)

    def _queued_before(self, request: Request) -> int | None:
        """Find the dispatch of the same request, made in a run that was interrupted since."""
        if request.key is None:
            return None
        same = (dispatches.c.request_key == request.key) & (
            dispatches.c.contact_id == request.contact_id
        )
        return self._connection.scalar(select(dispatches.c.id).where(same))

    def _actor(self, number: str) -> Actor:
        if number not in self._actors:
            self._actors[number] = actor(self._connection, number)
        return self._actors[number]

    @cached_property
    def _services(self) -> list[Service]:
        return services_of(self._connection, self._rules.channel)

    @cached_property
    def _beat(self) -> datetime | None:
        return last_beat(self._connection)

    @cached_property
    def _options(self) -> Mapping[str, Sequence[str]]:
        rows = self._connection.execute(select(activity_types))
        return {row.name: row.options for row in rows}

    def _answered_by(self, answers_id: int | None) -> str | None:
        """Name the account that the answered contact came by."""
        if answers_id is None:
            return None
        query = (
            select(mail_accounts.c.name)
            .join(mailboxes, mailboxes.c.account_id == mail_accounts.c.id)
            .join(receipts, receipts.c.mailbox_id == mailboxes.c.id)
            .where(receipts.c.contact_id == answers_id)
        )
        return self._connection.scalar(query.order_by(receipts.c.id))

    def _sendable(self, contact: Any) -> Sendable:
        return Sendable(
            contact.creator_id,
            frozenset(self._options.get(contact.activity_type, ())),
            contact.matchcode,
            contact.text,
            _addressees(self._connection, contact.id),
            is_sent(self._connection, contact.id),
            self._terms.region,
        )

    def _queue(self, request: Request, contact: Any, who: Actor, judgement: Judgement) -> int:
        assert judgement.service
        service = judgement.service
        case = self._case_number(contact.main_case_id)
        reply_to, token = self._way_back(service, case)
        texts = self._rules.texts(
            Texts(contact.matchcode, contact.text, contact.html), who, service, token
        )
        message_id = _fresh_id(service.address)
        answered, references = self._thread(contact.answers_id)
        later = request.not_before
        row = {
            "contact_id": contact.id,
            "case_id": contact.main_case_id,
            "employee_id": who.id,
            "message_id": message_id,
            "channel": self._rules.channel,
            "queue": queue_name(service),
            "leaves_the_house": self._rules.leaves_the_house,
            "status": DispatchStatus.QUEUED,
            "priority": request.priority,
            "sender_name": service.sender_name or who.name,
            "sender_address": service.address,
            "reply_to": reply_to,
            "matchcode": texts.matchcode,
            "text": texts.text,
            "html": texts.html,
            "in_reply_to": answered,
            "references": references,
            "queued_at": self._terms.now,
            "due_at": later or self._terms.now,
            "deadline": deadline_from(later, request.deadline) if later else request.deadline,
            "attempts": 0,
            "copy_due": False,
            "request_key": request.key,
        }
        inserted = insert(dispatches).values(**row).returning(dispatches.c.id)
        dispatch_id = int(self._connection.execute(inserted).scalar_one())
        self._enter_deliveries(dispatch_id, judgement)
        if self._rules.leaves_the_house:
            self._enter_thread(contact, message_id, references)
        return dispatch_id

    def _enter_deliveries(self, dispatch_id: int, judgement: Judgement) -> None:
        rows = [
            {
                "dispatch_id": dispatch_id,
                "position": each.position,
                "name": each.name,
                "kind": each.kind,
                "address": each.to,
                "employee_id": each.employee_id,
                "status": DeliveryStatus.QUEUED,
                "changed_at": self._terms.now,
                "look_ups": 0,
            }
            for each in judgement.destinations
        ]
        self._connection.execute(insert(deliveries), rows)

    def _case_number(self, case_id: int | None) -> str | None:
        if case_id is None:
            return None
        return self._connection.scalar(select(cases.c.number).where(cases.c.id == case_id))

    def _way_back(self, service: Service, case: str | None) -> tuple[str | None, str | None]:
        """Give the address that answers go to, or else the token for the subject."""
        if case is None:
            return None, None
        try:
            if service.token_place is TokenPlace.REPLY_ADDRESS:
                return reply_address(service.address, case, self._terms.secret), None
        except ValueError:
            pass  # it would be too long: the subject has room
        try:
            return None, case_token(case, self._terms.secret)
        except ValueError:  # a number that no token can carry
            return None, None

    def _thread(self, answers_id: int | None) -> tuple[str | None, list[str]]:
        """Give the answered message's id, and those of its thread before it, the oldest first."""
        if answers_id is None:
            return None, []
        query = select(contacts.c.message_id, thread_nodes.c.thread).join(
            thread_nodes, thread_nodes.c.message_id == contacts.c.message_id
        )
        row = self._connection.execute(query.where(contacts.c.id == answers_id)).one_or_none()
        if row is None:
            return None, []
        at = func.coalesce(contacts.c.sent_at, contacts.c.received_at)
        of_thread = (
            select(contacts.c.message_id)
            .join(thread_nodes, thread_nodes.c.message_id == contacts.c.message_id)
            .where(thread_nodes.c.thread == row.thread, contacts.c.id <= answers_id)
            .order_by(at.desc(), contacts.c.id.desc())
        )
        latest = list(self._connection.scalars(of_thread.limit(REFERENCES)))
        earlier = [each for each in reversed(latest) if each != row.message_id]
        return row.message_id, [*earlier, row.message_id]

    def _enter_thread(self, contact: Any, message_id: str, references: Sequence[str]) -> None:
        """Let answers and bounces find their way back."""
        threads = weave_threads(self._connection, [(message_id, *reversed(references))])
        if contact.main_case_id is not None:
            enter_thread_cases(self._connection, [(threads[message_id], contact.main_case_id)])
        if contact.raw_id is None:  # what was received keeps the id that it came with
            this = contacts.c.id == contact.id
            self._connection.execute(update(contacts).where(this).values(message_id=message_id))


def _fresh_id(address: str) -> str:
    """Name a dispatch, for ever, by a message id of the sender's domain (RFC 5322, 3.6.4)."""
    return f"{secrets.token_hex(16)}@{address.rpartition('@')[2] or 'kontaktwerk.invalid'}"


def _addressees(connection: Connection, contact_id: int) -> tuple[Addressee, ...]:
    query = (
        select(
            correspondents,
            func.coalesce(employees.c.name, persons.c.name, addresses.c.name).label("known_as"),
            employees.c.number.label("personnel_number"),
            employees.c.mobile.label("employee_mobile"),
            persons.c.mobile.label("person_mobile"),
            addresses.c.mobile.label("address_mobile"),
            persons.c.fax.label("person_fax"),
            addresses.c.fax.label("address_fax"),
        )
        .outerjoin(employees, employees.c.id == correspondents.c.employee_id)
        .outerjoin(persons, persons.c.id == correspondents.c.person_id)
        .outerjoin(addresses, addresses.c.id == correspondents.c.address_id)
        .where(correspondents.c.contact_id == contact_id, correspondents.c.role != SENDER)
        .order_by(correspondents.c.position)
    )
    return tuple(_addressee(row) for row in connection.execute(query))


def _addressee(row: Any) -> Addressee:
    return Addressee(
        row.position,
        row.name or row.known_as or "",
        ReceptionKind(row.role),
        row.address,
        row.employee_mobile or row.person_mobile or row.address_mobile or "",
        row.person_fax or row.address_fax or "",
        row.employee_id,
        row.personnel_number or "",
    )
