"""The employees' inboxes: internal messages, and what Kontaktwerk has to tell them (M4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from domain.errors import UnknownRecord
from domain.sending import Texts
from tasks.store.database import Store, insert_unless_there
from tasks.store.tables import employees, messages

NOT_YOURS = "there is no message {} in your inbox"


@dataclass(frozen=True, slots=True)
class Message:
    """A message in an employee's inbox."""

    id: int
    sender: str | None  # none: Kontaktwerk itself
    contact_id: int | None
    matchcode: str
    text: str
    html: str | None
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """What an employee is told, once for each key."""

    key: str
    employee_id: int
    contact_id: int | None
    texts: Texts
    sender_id: int | None = None


def tell(
    connection: Connection,
    key: str,
    employee_id: int,
    contact_id: int | None,
    texts: Texts,
    now: datetime,
    sender_id: int | None = None,
) -> None:
    """Put a message into an employee's inbox; what has the same key is told once."""
    tell_each(connection, [Note(key, employee_id, contact_id, texts, sender_id)], now)


def tell_each(connection: Connection, notes: Sequence[Note], now: datetime) -> None:
    """Put many messages into inboxes at once, as tell does each."""
    rows = [_note_row(note, now) for note in notes]
    if rows:
        connection.execute(insert_unless_there(connection, messages, "key"), rows)


def _note_row(note: Note, now: datetime) -> dict[str, Any]:
    return {
        "key": note.key,
        "employee_id": note.employee_id,
        "sender_id": note.sender_id,
        "contact_id": note.contact_id,
        "matchcode": note.texts.matchcode,
        "text": note.texts.text,
        "html": note.texts.html,
        "sent_at": now,
    }


def inbox(
    store: Store, employee_id: int, unread_only: bool = False, limit: int = 50
) -> Sequence[Message]:
    """List an employee's messages, the latest first."""
    latest = (messages.c.sent_at.desc(), messages.c.id.desc())
    query = _selecting(employee_id).order_by(*latest).limit(limit)
    if unread_only:
        query = query.where(messages.c.read_at.is_(None))
    with store.reading() as connection:
        return [_message(row) for row in connection.execute(query)]


def show_message(store: Store, employee_id: int, message_id: int) -> Message:
    """Read a message of an employee's; UnknownRecord for others'."""
    with store.reading() as connection:
        this = _selecting(employee_id).where(messages.c.id == message_id)
        row = connection.execute(this).one_or_none()
    if row is None:
        raise UnknownRecord(NOT_YOURS.format(message_id))
    return _message(row)


def mark_read(
    store: Store, employee_id: int, message_id: int, now: datetime, read: bool = True
) -> None:
    """Note that an employee has read a message of theirs, or has not; UnknownRecord for others'."""
    own = (messages.c.id == message_id) & (messages.c.employee_id == employee_id)
    marking = update(messages).where(own).values(read_at=now if read else None)
    if store.write(lambda connection: connection.execute(marking).rowcount) != 1:
        raise UnknownRecord(NOT_YOURS.format(message_id))


def _selecting(employee_id: int) -> Select[Any]:
    return (
        select(messages, employees.c.name.label("sender"))
        .outerjoin(employees, employees.c.id == messages.c.sender_id)
        .where(messages.c.employee_id == employee_id)
    )


def _message(row: Any) -> Message:
    return Message(
        row.id,
        row.sender,
        row.contact_id,
        row.matchcode,
        row.text,
        row.html,
        row.sent_at,
        row.read_at,
    )
