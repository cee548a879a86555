"""Requests to send: judged and queued in one transaction, so that nothing is half queued (X3)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.accounts import TokenPlace
from domain.contacts import NewContact
from domain.delivery import DeliveryStatus, DispatchStatus, deadline_from
from domain.sending import ChannelRules, Judgement, Request, Texts
from domain.services import Service
from domain.tokens import case_token, reply_address
from tasks.store.answering import answered_message
from tasks.store.database import Store
from tasks.store.judging import Docket, Terms
from tasks.store.queues import queue_name
from tasks.store.receiving import let_nobody_file_at_once
from tasks.store.tables import cases, contacts, deliveries, dispatches
from tasks.store.threads import enter_thread_cases, weave_threads
from tasks.store.writing import enter_contact

_KNOWN_AS = update(contacts).where(contacts.c.id == bindparam("this"))


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
        _hold_threads(connection, rules)
        return _Queueing(connection, requests, rules, terms).decisions()

    return store.write(queueing)


def judge_request(store: Store, request: Request, rules: ChannelRules, terms: Terms) -> Judgement:
    """Judge a request as request_dispatch does, and queue nothing."""
    with store.reading() as connection:
        docket = Docket(connection, [request], rules, terms)
        before = _queued_before(connection, [request])
        return Judgement() if before else docket.judgement(request)


def save_and_send(
    store: Store, contact: NewContact, request: Request, rules: ChannelRules, terms: Terms
) -> Decision:
    """Save a contact and queue its dispatch in the same transaction (X3).

    The request's contact_id is that of the new contact, whatever it says; where a dispatch has
    the request's key already, nothing is saved. Where the dispatch is refused, the contact is
    saved all the same: what somebody wrote is not lost.
    """

    def saving(connection: Connection) -> Decision:
        _hold_threads(connection, rules)
        before = _queued_before(connection, [request]).get(request.key)
        contact_id = before.contact_id if before else enter_contact(connection, contact, terms.now)
        wanted = replace(request, contact_id=contact_id)
        return _Queueing(connection, [wanted], rules, terms).decisions()[0]

    return store.write(saving)


def _hold_threads(connection: Connection, rules: ChannelRules) -> None:
    """Hold threads before any contact, in the order of receiving."""
    if rules.leaves_the_house:
        let_nobody_file_at_once(connection)


def _queued_before(connection: Connection, requests: Sequence[Request]) -> dict[str | None, Any]:
    """Find dispatches of the same requests, made in runs that were interrupted since."""
    keys = [request.key for request in requests if request.key is not None]
    if not keys:
        return {}
    query = select(dispatches.c.request_key, dispatches.c.id, dispatches.c.contact_id)
    found = connection.execute(query.where(dispatches.c.request_key.in_(keys)))
    return {row.request_key: row for row in found}


def _case_numbers(connection: Connection, rows: Sequence[Any]) -> dict[int | None, str]:
    ids = {row.main_case_id for row in rows} - {None}
    query = select(cases.c.id, cases.c.number).where(cases.c.id.in_(ids))
    return {row.id: row.number for row in connection.execute(query)} if ids else {}


@dataclass(frozen=True, slots=True)
class _Granted:
    """A request that is granted, at its position, and the dispatch that it becomes."""

    position: int
    contact: Any
    judgement: Judgement
    row: Mapping[str, Any]  # of the table dispatches


class _Queueing:
    """Requests that are decided together, and the rows that are entered for them together."""

    def __init__(
        self,
        connection: Connection,
        requests: Sequence[Request],
        rules: ChannelRules,
        terms: Terms,
    ) -> None:
        self._connection = connection
        self._requests = requests
        self._rules = rules
        self._terms = terms
        self._docket = Docket(connection, requests, rules, terms)
        self._before = _queued_before(connection, requests)
        self._case_numbers = _case_numbers(connection, [*map(self._docket.contact, requests)])
        self._granted: list[_Granted] = []

    def decisions(self) -> list[Decision]:
        decided = [self._decision(*each) for each in enumerate(self._requests)]
        if self._granted:
            for granted, dispatch_id in zip(self._granted, self._enter(), strict=True):
                at = granted.position
                decided[at] = replace(decided[at], dispatch_id=dispatch_id)
        return decided

    def _decision(self, position: int, request: Request) -> Decision:
        contact = self._docket.contact(request)
        before = self._before.get(request.key)
        if before is not None and before.contact_id == contact.id:
            return Decision(contact.id, Judgement(), before.id, contact.private)
        judgement = self._docket.judgement(request)
        if judgement.is_granted:
            row = self._row(request, contact, judgement)
            self._granted.append(_Granted(position, contact, judgement, row))
        return Decision(contact.id, judgement, private=contact.private)

    def _row(self, request: Request, contact: Any, judgement: Judgement) -> dict[str, Any]:
        assert judgement.service
        service, who, now = judgement.service, self._docket.actor(request), self._terms.now
        case = self._case_numbers.get(contact.main_case_id)
        reply_to, token = _way_back(service, case, self._terms.secret)
        written = Texts(contact.matchcode, contact.text, contact.html)
        texts = self._rules.texts(written, who, service, token)
        answered = answered_message(self._connection, contact.answers_id)
        later = max(request.not_before, now) if request.not_before else None
        return {
            "contact_id": contact.id,
            "case_id": contact.main_case_id,
            "employee_id": who.id,
            "message_id": _fresh_id(service.address),
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
            "in_reply_to": answered.message_id,
            "references": list(answered.references),
            "queued_at": now,
            "dated_at": later or now,
            "due_at": later or now,
            "deadline": deadline_from(later, request.deadline) if later else request.deadline,
            "attempts": 0,
            "copy_due": False,
            "request_key": request.key,
        }

    def _enter(self) -> list[int]:
        """Enter dispatches and deliveries, and let answers and bounces find their way back."""
        inserting = insert(dispatches).returning(dispatches.c.id, sort_by_parameter_order=True)
        rows = [dict(each.row) for each in self._granted]
        ids = list(self._connection.scalars(inserting, rows))
        entered = [
            row
            for dispatch_id, each in zip(ids, self._granted, strict=True)
            for row in self._deliveries(dispatch_id, each.judgement)
        ]
        self._connection.execute(insert(deliveries), entered)
        if self._rules.leaves_the_house:
            self._enter_threads()
        return ids

    def _deliveries(self, dispatch_id: int, judgement: Judgement) -> list[dict[str, Any]]:
        return [
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

    def _enter_threads(self) -> None:
        sent = [(each.contact, each.row) for each in self._granted]
        families = [(row["message_id"], *reversed(row["references"])) for _, row in sent]
        threads = weave_threads(self._connection, families)
        of_cases = {
            (threads[row["message_id"]], row["case_id"]) for _, row in sent if row["case_id"]
        }
        enter_thread_cases(self._connection, of_cases)
        # What was received keeps the id that it came with.
        ours = [(contact, row) for contact, row in sent if contact.raw_id is None]
        known = [{"this": contact.id, "message_id": row["message_id"]} for contact, row in ours]
        if known:
            self._connection.execute(_KNOWN_AS, known)


def _way_back(service: Service, case: str | None, secret: bytes) -> tuple[str | None, str | None]:
    """Give the address that answers go to, or else the token for the subject."""
    if case is None:
        return None, None
    try:
        if service.token_place is TokenPlace.REPLY_ADDRESS:
            return reply_address(service.address, case, secret), None
    except ValueError:
        pass  # it would be too long: the subject has room
    try:
        return None, case_token(case, secret)
    except ValueError:  # a number that no token can carry
        return None, None


def _fresh_id(address: str) -> str:
    """Name a dispatch, for ever, by a message id of the sender's domain (RFC 5322, 3.6.4)."""
    return f"{secrets.token_hex(16)}@{address.rpartition('@')[2] or 'kontaktwerk.invalid'}"
