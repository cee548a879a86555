"""Guests' answers to invitations are noted as their mails are filed, and told to the host."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from domain.appointments import Period
from domain.invitation_texts import AnswerFacts, answer_notice
from domain.mail import InvitationReply, Mail, address_key
from domain.zones import instant
from tasks.settings import settings
from tasks.store.calendars import read_events
from tasks.store.guest_list import answers_what_is
from tasks.store.inbox import tell
from tasks.store.periods import period_of
from tasks.store.tables import (
    appointment_guests,
    appointments,
    guest_answers,
    mail_account_employees,
    mail_accounts,
    occurrences,
)

WHOLE = ""  # instead of an occurrence: the answer is for all of them


@dataclass(frozen=True, slots=True)
class Answering:
    """An e-mail that was filed, and that may answer invitations."""

    contact_id: int
    mail: Mail
    received_at: datetime
    account: str  # the e-mail address of the account that received it
    private: bool


def note_replies(connection: Connection, answering: Answering) -> None:
    """Note what a guest answers, and tell the responsible employee.

    Only who sends the mail can answer, for themselves alone, and only to what they are invited to;
    everything else stays a contact like others.
    """
    sender = answering.mail.sender
    for reply in answering.mail.replies:
        if sender and address_key(reply.guest) == sender.key:
            _note(connection, answering, reply)


def _note(connection: Connection, answering: Answering, reply: InvitationReply) -> None:
    guest = _invited(connection, reply)
    if guest is None:
        return
    times = _times(connection, guest, reply)
    if not times:
        return
    recurrence = WHOLE if reply.recurrence is None else times[0].recurrence.isoformat()
    if reply.answer is not None and not _enter(connection, answering, reply, guest, recurrence):
        return
    event = read_events(connection, [guest.appointment_id])[guest.appointment_id]
    facts = AnswerFacts(
        guest.name or guest.address,
        guest.matchcode,
        reply.answer,
        _to_come(times, answering.received_at),
        reply.comment,
        outdated=not answers_what_is(guest.told, event, reply.sequence),
    )
    key = f"answer:{answering.contact_id}:{guest.id}:{recurrence}"
    _tell(connection, key, answering, guest.responsible_id, facts)


def _tell(
    connection: Connection, key: str, answering: Answering, employee_id: int, facts: AnswerFacts
) -> None:
    """Tell the responsible employee; of what else the mail says, only who may see it (L9)."""
    if _is_shown(connection, answering, employee_id):
        shown, contact_id = facts, answering.contact_id
    else:
        shown, contact_id = replace(facts, comment=""), None
    notice = answer_notice(shown, settings().language)
    tell(connection, key, employee_id, contact_id, notice, answering.received_at)


def _is_shown(connection: Connection, answering: Answering, employee_id: int) -> bool:
    """Whether an employee may see the contact, which is not among what was received yet (R4).

    A private one is for those to whom every account of its address is assigned by name.
    """
    if not answering.private:
        return True
    accounts = select(mail_accounts.c.id).where(mail_accounts.c.address == answering.account)
    named = mail_account_employees.c
    theirs = select(named.account_id).where(named.employee_id == employee_id)
    ids = set(connection.scalars(accounts))
    return bool(ids) and ids <= set(connection.scalars(theirs))


def _invited(connection: Connection, reply: InvitationReply) -> Any:
    its = appointment_guests.c
    of_it = [appointments.c[name] for name in ("matchcode", "sequence", "responsible_id", "zone")]
    query = (
        select(its.id, its.name, its.address, its.told, its.appointment_id, *of_it)
        .join(appointments, appointments.c.id == its.appointment_id)
        .where(appointments.c.uid == reply.uid, appointments.c.deleted_at.is_(None))
        .where(its.key == address_key(reply.guest), its.uninvited_at.is_(None))
    )
    return connection.execute(query).one_or_none()


def _times(connection: Connection, guest: Any, reply: InvitationReply) -> Sequence[Any]:
    """Find what is answered: all occurrences, or the one that is named."""
    its = occurrences.c.appointment_id == guest.appointment_id
    found = connection.execute(select(occurrences).where(its).order_by(occurrences.c.position))
    rows = found.all()
    if reply.recurrence is None:
        return rows
    return [row for row in rows if _is_meant(row.recurrence, guest.zone, reply.recurrence)][:1]


def _to_come(times: Sequence[Any], now: datetime) -> list[Period]:
    """Give the times that still matter; of what is over, all."""
    rows = [each for each in times if each.ends_at > now] or times
    return [period_of(each) for each in rows]


def _is_meant(recurrence: datetime, zone: str, named: date) -> bool:
    if not isinstance(named, datetime):
        return recurrence.date() == named
    if named.tzinfo is None:
        return recurrence == named
    return instant(recurrence, zone) == named


def _enter(
    connection: Connection,
    answering: Answering,
    reply: InvitationReply,
    guest: Any,
    recurrence: str,
) -> bool:
    """Keep an answer, unless a later one is known; gives whether it is news.

    A number or an instant that cannot be yet would hide all answers to come: it is brought down.
    """
    now = answering.received_at
    said = {
        "answer": reply.answer,
        "sequence": min(reply.sequence, guest.sequence),
        "answered_at": min(reply.written_at or now, now),
        "contact_id": answering.contact_id,
    }
    same = (guest_answers.c.guest_id == guest.id) & (guest_answers.c.recurrence == recurrence)
    known = connection.execute(select(guest_answers).where(same)).one_or_none()
    if known is None:
        row = {"guest_id": guest.id, "recurrence": recurrence, **said}
        connection.execute(insert(guest_answers).values(**row))
        return True
    if (known.sequence, known.answered_at) > (said["sequence"], said["answered_at"]):
        return False
    connection.execute(update(guest_answers).where(same).values(**said))
    return known.answer != said["answer"] or bool(reply.comment)
