"""The cases that a contact belongs to beside its main one, and how it reaches whom (X6)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from domain.changes import ChangeReason, Editing
from domain.errors import Refused, UnknownRecord
from domain.mail import ReceptionKind, address_key
from domain.refusals import Refusal
from tasks.store.contact_holding import Held, case_numbered, held, settle
from tasks.store.database import Store, insert_unless_there
from tasks.store.identifying import SENDER
from tasks.store.tables import contact_cases, correspondents


def change_cases(
    store: Store,
    contact_id: int,
    employee: str,
    add: Collection[str],
    remove: Collection[str],
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Let a contact belong to more cases or to fewer, by their numbers; its main case stays (X6).

    UnknownRecord where there is no such case; Refused where the main one would be removed.
    """

    def changing(connection: Connection) -> None:
        this = held(connection, contact_id, Editing(employee, now, seen))
        this.require_to_act()
        joined = {case_numbered(connection, number) for number in add}
        left = {case_numbered(connection, number): number for number in remove}
        if main := left.get(this.row.main_case_id):
            raise Refused((Refusal(ChangeReason.MAIN_CASE_STAYS, main),))
        theirs = contact_cases.c.case_id.in_(left) & (contact_cases.c.contact_id == contact_id)
        connection.execute(delete(contact_cases).where(theirs))
        if rows := [{"contact_id": contact_id, "case_id": each} for each in sorted(joined)]:
            adding = insert_unless_there(connection, contact_cases, "contact_id", "case_id")
            connection.execute(adding, rows)
        settle(connection, this, now)

    store.write(changing)


def set_reception_kind(
    store: Store,
    contact_id: int,
    employee: str,
    recipient: int | str,
    kind: ReceptionKind,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Set how a contact reaches a recipient; Refused once it was sent (X6).

    The recipient is named by the position on the contact, or by the e-mail address. UnknownRecord
    where there is none.
    """

    def setting(connection: Connection) -> None:
        this = held(connection, contact_id, Editing(employee, now, seen))
        this.require_to_edit(connection)
        setting_it = update(correspondents).where(_meant(connection, this, recipient))
        connection.execute(setting_it.values(role=kind))
        settle(connection, this, now)

    store.write(setting)


def _meant(connection: Connection, this: Held, recipient: int | str) -> ColumnElement[bool]:
    """Say which recipient is meant, who may have one address several times."""
    theirs = (correspondents.c.contact_id == this.id) & (correspondents.c.role != SENDER)
    named = recipient if isinstance(recipient, int) else address_key(recipient)
    found = connection.execute(select(correspondents).where(theirs)).all()
    keys = [(each.position, address_key(each.address)) for each in found]
    meant = [position for position, key in keys if named and named in (position, key)]
    if not meant:
        raise UnknownRecord(f"contact {this.id} has no recipient {recipient}")
    return theirs & correspondents.c.position.in_(meant)
