"""Who wrote a message and to whom, looked up in the directory (R2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from domain.mail import Mail, MailAddress, ReceptionKind, Recipient
from domain.parties import NOBODY, Identified, Party, PartyKind, identify
from tasks.store.directory import parties_at

SENDER = "from"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A message's sender and recipients, and who they are."""

    sender: Identified
    rows: tuple[Mapping[str, Any], ...]  # of the table correspondents, without the contact


def identify_all(
    connection: Connection, mails: Sequence[Mail], accounts: Sequence[str]
) -> list[Correspondence]:
    """Identify everybody in these messages; accounts gives the address each came through."""
    people = [_people(mail, account) for mail, account in zip(mails, accounts, strict=True)]
    known = parties_at(connection, {who.key for named in people for _, who in named})
    return [_correspondence(named, known) for named in people]


def _people(mail: Mail, account: str) -> list[tuple[str, MailAddress]]:
    sender = [(SENDER, mail.sender)] if mail.sender else []
    return [*sender, *((to.kind.value, to.mailbox) for to in _recipients(mail, account))]


def _recipients(mail: Mail, account: str) -> list[Recipient]:
    """Add the account that got a copy without being named: it was a blind one."""
    here = MailAddress("", account)
    named = {recipient.mailbox.key for recipient in mail.recipients}
    if here.key in named | {_without_tag(key) for key in named}:
        return list(mail.recipients)
    return [*mail.recipients, Recipient(here, ReceptionKind.BCC)]


def _without_tag(address: str) -> str:
    """Take the tag out of an address: a reply to service+token@ reaches service@ (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _correspondence(
    named: Sequence[tuple[str, MailAddress]], known: Mapping[str, Sequence[Party]]
) -> Correspondence:
    found = [(role, who, identify(who, known.get(who.key, ()))) for role, who in named]
    sender = next((who for role, _, who in found if role == SENDER), NOBODY)
    rows = [_row(position, *each) for position, each in enumerate(found)]
    return Correspondence(sender, tuple(rows))


def _row(position: int, role: str, who: MailAddress, found: Identified) -> dict[str, Any]:
    party = found.party
    kind = party.kind if party else None
    return {
        "position": position,
        "role": role,
        "name": who.name,
        "address": who.address,
        "employee_id": party.id if party and kind is PartyKind.EMPLOYEE else None,
        "person_id": party.id if party and kind is PartyKind.PERSON else None,
        "address_id": found.address_id,
        "ambiguous": [candidate.name for candidate in found.ambiguous],
    }
