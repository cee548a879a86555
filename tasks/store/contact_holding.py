"""The frame of every change to a contact: held, judged, and noted (X2, X6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.changes import Editing, Facts, differences
from domain.errors import Refused, UnknownRecord
from domain.refusals import Refusal
from domain.sending import Actor, reasons_not_to_act, reasons_not_to_edit
from tasks.store.actors import actor
from tasks.store.identifying import SENDER
from tasks.store.record_changes import Record, note, reasons_as_stale
from tasks.store.sent import is_sent
from tasks.store.tables import cases, contact_cases, contact_changes, contacts, correspondents
from tasks.store.visibility import visible_to
from tasks.store.withdrawal import withdraw_if_unfit


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that nobody else changes meanwhile, and who changes it."""

    row: Any
    editor: Actor
    before: Facts
    stale: Sequence[Refusal]

    @property
    def id(self) -> int:
        """The contact's id."""
        return int(self.row.id)

    def require_to_act(self) -> None:
        """Refuse what stays possible after the contact was sent, where anything is against it."""
        self._require(reasons_not_to_act(self.editor, self.row.creator_id))

    def require_to_edit(self, connection: Connection) -> None:
        """Refuse what is possible only until the contact is sent, where anything is against it."""
        sent = is_sent(connection, self.id)
        self._require(reasons_not_to_edit(self.editor, self.row.creator_id, sent))

    def _require(self, refusals: Sequence[Refusal]) -> None:
        if against := (*refusals, *self.stale):
            raise Refused(against)


def held(connection: Connection, contact_id: int, editing: Editing) -> Held:
    """Hold a contact to change it; UnknownRecord where there is none that the editor may see."""
    editor = actor(connection, editing.employee)
    row = locked(connection, contact_id, editor)
    stale = reasons_as_stale(connection, Record(contact_changes, contact_id), editing)
    return Held(row, editor, read_facts(connection, contact_id), stale)


def settle(connection: Connection, this: Held, now: datetime) -> None:
    """Note what is different about a contact now; nothing where nothing is.

    What customers see of it is withdrawn where it may not be seen any more.
    """
    note_since(connection, this.id, this.before, this.editor.id, now)
    withdraw_if_unfit(connection, this.id, now, was=this.row)


def note_since(
    connection: Connection, contact_id: int, before: Facts, employee_id: int | None, now: datetime
) -> None:
    """Note what is different about a contact since these facts were read."""
    different = differences(before, read_facts(connection, contact_id))
    note(connection, Record(contact_changes, contact_id), different, employee_id, now)


def locked(connection: Connection, contact_id: int, viewer: Actor) -> Any:
    """Read a contact so that nobody else changes it meanwhile; UnknownRecord as for a stranger."""
    allowed = visible_to(viewer.id) & (contacts.c.id == contact_id)
    query = select(contacts).where(allowed).with_for_update(of=contacts)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no contact {contact_id} that you may see")
    return row


def case_numbered(connection: Connection, number: str) -> int:
    """Find a case by its number, in whichever letters; UnknownRecord where there is none."""
    query = select(cases.c.id).where(cases.c.number == number.strip().upper())
    case_id: int | None = connection.scalar(query)
    if case_id is None:
        raise UnknownRecord(f"there is no case {number}")
    return case_id


def read_facts(connection: Connection, contact_id: int) -> Facts:
    """Read what is noted of a contact where it changes."""
    row = connection.execute(select(contacts).where(contacts.c.id == contact_id)).one()
    numbers = _case_numbers(connection, row)
    main = numbers.pop(row.main_case_id, None)
    return {
        "matchcode": row.matchcode,
        "text": row.text,
        "html": row.html,
        "recipients": _recipients(connection, contact_id),
        "status": row.status,
        "main_case": main,
        "verdict": row.verdict,
        "cases": ", ".join(numbers.values()) or None,
    }


def _case_numbers(connection: Connection, row: Any) -> dict[int, str]:
    """Read the numbers of a contact's cases, the main one among them, by their ids."""
    beside = select(contact_cases.c.case_id).where(contact_cases.c.contact_id == row.id)
    its = cases.c.id.in_(beside) | (cases.c.id == row.main_case_id)
    query = select(cases.c.id, cases.c.number).where(its).order_by(cases.c.number)
    return {each.id: each.number for each in connection.execute(query)}


def _recipients(connection: Connection, contact_id: int) -> str | None:
    its = (correspondents.c.contact_id == contact_id) & (correspondents.c.role != SENDER)
    query = select(correspondents).where(its).order_by(correspondents.c.position)
    found = connection.execute(query).all()
    return "; ".join(f"{each.role}: {_shown(each)}" for each in found) or None


def _shown(recipient: Any) -> str:
    if not recipient.address:
        return str(recipient.name)
    named = f"{recipient.name} <{recipient.address}>"
    return named if recipient.name else str(recipient.address)
