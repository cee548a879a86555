"""Whom a contact written here is from, and whom it is for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from domain.contacts import NewRecipient
from domain.errors import UnknownRecord
from domain.mail import MailAddress
from domain.parties import Party, PartyKind, identify
from domain.sending import Actor
from tasks.store.directory import parties_at
from tasks.store.identifying import SENDER
from tasks.store.tables import addresses, correspondents, employees, mail_addresses, persons

_NOBODY: Mapping[str, Any] = {
    "employee_id": None,
    "person_id": None,
    "address_id": None,
    "ambiguous": [],
}


def enter_sender(connection: Connection, contact_id: int, sender: Actor) -> None:
    """Note who wrote a contact."""
    row = {"role": SENDER, "name": sender.name, "address": "", **_NOBODY, "employee_id": sender.id}
    connection.execute(insert(correspondents).values(contact_id=contact_id, position=0, **row))


def enter_recipients(
    connection: Connection, contact_id: int, recipients: Sequence[NewRecipient]
) -> None:
    """Note whom a contact is for, in their order; UnknownRecord names who is not there."""
    known = parties_at(connection, {_mailbox(each).key for each in recipients if each.email})
    rows = [
        {
            "contact_id": contact_id,
            "position": position,
            "role": each.kind,
            **_recipient(connection, each, known.get(_mailbox(each).key, ())),
        }
        for position, each in enumerate(recipients, 1)
    ]
    if rows:
        connection.execute(insert(correspondents), rows)


def _recipient(
    connection: Connection, recipient: NewRecipient, known: Sequence[Party]
) -> dict[str, Any]:
    """Say who a recipient is: named by number, or else found by the e-mail address."""
    named = _named(connection, recipient)
    if named:
        return {**_NOBODY, **named, "address": recipient.email or _email(connection, named)}
    found = identify(_mailbox(recipient), known)
    party = found.party
    return {
        "name": recipient.name or (party.name if party else ""),
        "address": recipient.email,
        "employee_id": party.id if party and party.kind is PartyKind.EMPLOYEE else None,
        "person_id": party.id if party and party.kind is PartyKind.PERSON else None,
        "address_id": found.address_id,
        "ambiguous": [candidate.name for candidate in found.ambiguous],
    }


def _mailbox(recipient: NewRecipient) -> MailAddress:
    return MailAddress(recipient.name, recipient.email)


def _named(connection: Connection, recipient: NewRecipient) -> dict[str, Any]:
    """Find whom a recipient names by number; nothing where only an e-mail address is given."""
    if recipient.employee is not None:
        return _found(connection, employees, "employee_id", number=recipient.employee)
    if recipient.address is None:
        return {}
    company = _found(connection, addresses, "address_id", number=recipient.address)
    if recipient.person is None:
        return company
    key = {"address_id": company["address_id"], "name": recipient.person}
    return {**company, **_found(connection, persons, "person_id", **key)}


def _found(connection: Connection, table: Table, column: str, **key: Any) -> dict[str, Any]:
    same = [table.c[name] == value for name, value in key.items()]
    row = connection.execute(select(table).where(*same)).one_or_none()
    if row is None:
        kind, named = column.removesuffix("_id"), key.get("name") or key["number"]
        raise UnknownRecord(f"there is no {kind} {named} that could be a recipient")
    return {"name": row.name, column: row.id}


def _email(connection: Connection, named: Mapping[str, Any]) -> str:
    """Give the first e-mail address of somebody who is named by number; "" where none is known."""
    owner = next((each for each in ("employee_id", "person_id", "address_id") if each in named), "")
    if not owner:
        return ""
    own = select(mail_addresses.c.address).where(mail_addresses.c[owner] == named[owner])
    return connection.scalar(own.order_by(mail_addresses.c.id)) or ""
