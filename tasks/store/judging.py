"""What requests to send are judged by, read for many of them at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from domain.errors import UnknownRecord
from domain.mail import ReceptionKind
from domain.sending import Actor, Addressee, ChannelRules, Judgement, Request, Sendable, judge
from domain.services import in_order
from tasks.store.actors import actor
from tasks.store.identifying import SENDER
from tasks.store.queues import last_beat, services_of
from tasks.store.sent import sent_among
from tasks.store.tables import (
    activity_types,
    addresses,
    attachments,
    contacts,
    correspondents,
    employees,
    mail_accounts,
    mailboxes,
    persons,
    receipts,
)
from tasks.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which requests are judged and queued."""

    secret: bytes  # signs case tokens
    now: datetime
    region: str = "DE"  # where phone numbers without a country's code are from


class Docket:
    """Requests for one channel, with all that judges them; their contacts are held meanwhile.

    UnknownRecord where one names an employee who is not there, or a contact they may not see.
    """

    def __init__(
        self,
        connection: Connection,
        requests: Sequence[Request],
        rules: ChannelRules,
        terms: Terms,
    ) -> None:
        numbers = dict.fromkeys(request.employee for request in requests)
        self._actors = {number: actor(connection, number) for number in numbers}
        self._contacts = _contacts(connection, requests, self._actors)
        ids = [contact.id for contact in self._contacts.values()]
        self._addressees = _addressees(connection, ids)
        self._files = _files(connection, ids)
        self._sent = sent_among(connection, ids)
        self._accounts = _answered_accounts(connection, self._contacts.values())
        self._options = _options(connection)
        self._services = services_of(connection, rules.channel)
        self._last_beat = last_beat(connection)
        self._rules = rules
        self._terms = terms

    def actor(self, request: Request) -> Actor:
        """Tell who acts."""
        return self._actors[request.employee]

    def contact(self, request: Request) -> Any:
        """Give the row of the contact that is to be sent."""
        return self._contacts[request.employee, request.contact_id]

    def judgement(self, request: Request) -> Judgement:
        """Judge a request; one that is granted counts against the next for its contact."""
        contact, who = self.contact(request), self.actor(request)
        answered_by = self._accounts.get(contact.answers_id)
        services = in_order(self._services, answered_by, who.id)
        if contact.private and self._rules.leaves_the_house:  # else its answer would be for all
            own = (s for s in services if s.name == answered_by or who.id in s.employees)
            services = list(own)
        sendable = self._sendable(contact)
        judged = judge(
            request, sendable, who, services, self._last_beat, self._rules, self._terms.now
        )
        if judged.is_granted and self._rules.leaves_the_house:
            self._sent.add(contact.id)
        return judged

    def _sendable(self, contact: Any) -> Sendable:
        return Sendable(
            contact.creator_id,
            self._options.get(contact.activity_type, frozenset()),
            contact.matchcode,
            contact.text,
            tuple(self._addressees[contact.id]),
            self._files.get(contact.id, 0),
            contact.id in self._sent,
            self._terms.region,
        )


def _contacts(
    connection: Connection, requests: Sequence[Request], actors: dict[str, Actor]
) -> dict[tuple[str, int], Any]:
    """Read the contacts that each employee may see, so that nobody changes them meanwhile."""
    found: dict[tuple[str, int], Any] = {}
    for number, who in actors.items():
        ids = sorted({each.contact_id for each in requests if each.employee == number})
        allowed = visible_to(who.id) & contacts.c.id.in_(ids)
        query = select(contacts).where(allowed).order_by(contacts.c.id)
        rows = connection.execute(query.with_for_update(of=contacts))
        found |= {(number, row.id): row for row in rows}
        for contact_id in ids:
            if (number, contact_id) not in found:
                raise UnknownRecord(f"there is no contact {contact_id} that you may see")
    return found


def _options(connection: Connection) -> dict[str, frozenset[str]]:
    rows = connection.execute(select(activity_types))
    return {row.name: frozenset(row.options) for row in rows}


def _files(connection: Connection, contact_ids: Collection[int]) -> dict[int, int]:
    query = select(attachments.c.contact_id, func.count()).group_by(attachments.c.contact_id)
    rows = connection.execute(query.where(attachments.c.contact_id.in_(contact_ids)))
    return {contact_id: number for contact_id, number in rows}


def _answered_accounts(connection: Connection, rows: Collection[Any]) -> dict[int | None, str]:
    """Name the accounts that answered contacts came by, each the first one."""
    answered = {row.answers_id for row in rows} - {None}
    if not answered:
        return {}
    query = (
        select(receipts.c.contact_id, mail_accounts.c.name)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .join(mail_accounts, mail_accounts.c.id == mailboxes.c.account_id)
        .where(receipts.c.contact_id.in_(answered))
        .order_by(receipts.c.id.desc())
    )
    return {row.contact_id: row.name for row in connection.execute(query)}


def _addressees(
    connection: Connection, contact_ids: Collection[int]
) -> defaultdict[int, list[Addressee]]:
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
        .where(correspondents.c.contact_id.in_(contact_ids), correspondents.c.role != SENDER)
        .order_by(correspondents.c.position)
    )
    found: defaultdict[int, list[Addressee]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.contact_id].append(_addressee(row))
    return found


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
