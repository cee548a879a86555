"""The thread of a message that is answered, as the answer's header names it (RFC 5322, 3.6.4)."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tasks.store.tables import contacts, thread_nodes

MOST = 20  # references; RFC 5322 names no limit, header lines do


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered, and those of its thread up to it, the oldest first."""

    message_id: str | None = None
    references: tuple[str, ...] = ()


def answered_message(connection: Connection, contact_id: int | None) -> Answered:
    """Find what an answer to a contact refers to; nothing where there is no message."""
    if contact_id is None:
        return Answered()
    query = select(contacts.c.message_id, thread_nodes.c.thread).join(
        thread_nodes, thread_nodes.c.message_id == contacts.c.message_id
    )
    answered = connection.execute(query.where(contacts.c.id == contact_id)).one_or_none()
    if answered is None:
        return Answered()
    at = func.coalesce(contacts.c.sent_at, contacts.c.received_at)
    of_thread = (
        select(contacts.c.message_id)
        .join(thread_nodes, thread_nodes.c.message_id == contacts.c.message_id)
        .where(thread_nodes.c.thread == answered.thread, contacts.c.id <= contact_id)
        .order_by(at.desc(), contacts.c.id.desc())
    )
    latest = list(connection.scalars(of_thread.limit(MOST)))
    earlier = [each for each in reversed(latest) if each != answered.message_id]
    return Answered(answered.message_id, (*earlier, answered.message_id))
