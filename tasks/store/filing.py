"""Understood messages become contacts: identified, threaded, matched to cases, and stored."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, insert, select

from domain.contacts import E_MAIL, ContactStatus
from domain.mail import Mail
from domain.matching import Decision, decide, evidence_of
from tasks.store.bounces import note_bounce
from tasks.store.candidates import candidate_rows, reconsider
from tasks.store.clues import CaseLookup, Matchable
from tasks.store.contact_events import Received, announce_received
from tasks.store.contact_words import Said, enter_words
from tasks.store.guests import Answering, note_replies
from tasks.store.identifying import Correspondence, identify_all
from tasks.store.look_ups import note_arrived
from tasks.store.offers import offer
from tasks.store.tables import (
    attachments,
    case_candidates,
    contact_cases,
    contacts,
    correspondents,
)
from tasks.store.threads import enter_thread_cases, weave_threads

# This is done for every chunk of messages: the statements stand ready.
_CONTACTS_OF = select(contacts.c.fingerprint, contacts.c.id).where(
    contacts.c.fingerprint.in_(bindparam("fingerprints"))
)
_CONTACT = insert(contacts)
_CORRESPONDENT = insert(correspondents)
_ATTACHMENT = insert(attachments)
_CASE = insert(contact_cases)
_CANDIDATE = insert(case_candidates)


@dataclass(frozen=True, slots=True)
class Understood:
    """A message that is ready to become a contact."""

    mail: Mail
    raw_id: int
    fingerprint: str
    received_at: datetime
    account: str  # the e-mail address of the account it came through
    private: bool

    @property
    def message_id(self) -> str:
        """Its Message-ID, or, for one without, a name that stands in for it."""
        return self.mail.message_id or f"{self.fingerprint}@without-message-id.invalid"

    @property
    def family(self) -> tuple[str, ...]:
        """The ids that it brings together: its own first, then those it refers to."""
        mail, bounce = self.mail, self.mail.bounce
        named = (bounce.message_id or "", *bounce.references) if bounce else ()
        ids = (self.message_id, *mail.in_reply_to, *mail.references, *named)
        return tuple(dict.fromkeys(filter(None, ids)))

    def answering(self, contact_id: int) -> Answering:
        """Tell what may answer invitations in it, now that it is a contact."""
        return Answering(contact_id, self.mail, self.received_at, self.account, self.private)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A contact about to be stored."""

    message: Understood
    correspondence: Correspondence
    thread: str
    decision: Decision


def file_contacts(
    connection: Connection, messages: Sequence[Understood], secret: bytes
) -> list[int]:
    """Make a contact of each message, in this transaction; gives the contacts' ids in order.

    secret signs the case tokens. What a message tells of its thread's case also decides
    contacts of that thread that were left open before.
    """
    if not messages:
        return []
    drafts = _decide(connection, messages, secret)
    ids = _insert_contacts(connection, drafts)
    offer(connection, ids)
    enter_words(connection, [_said(*each) for each in zip(ids, messages, strict=True)])
    _insert_what_belongs_to_them(connection, list(zip(ids, drafts, strict=True)))
    for contact_id, message in zip(ids, messages, strict=True):
        if message.mail.bounce:
            note_bounce(connection, contact_id, message.mail.bounce, message.received_at)
        if message.mail.replies:
            note_replies(connection, message.answering(contact_id))
    _note_what_arrived(connection, messages)
    decided = {(d.thread, d.decision.case_id) for d in drafts if d.decision.case_id is not None}
    enter_thread_cases(connection, decided)
    reconsider(connection, {thread for thread, _ in decided})
    _announce(connection, ids, drafts)
    return ids


def _said(contact_id: int, message: Understood) -> Said:
    mail = message.mail
    names = [each.name for each in mail.attachments]
    return Said(contact_id, mail.subject, mail.text, mail.new_text, names)


def _announce(connection: Connection, ids: Sequence[int], drafts: Sequence[_Draft]) -> None:
    received = [
        Received(contact_id, draft.decision.case_id, draft.message.private)
        for contact_id, draft in zip(ids, drafts, strict=True)
    ]
    announce_received(connection, received, max(draft.message.received_at for draft in drafts))


def contacts_of(connection: Connection, fingerprints: Iterable[str]) -> dict[str, int]:
    """Tell which of these messages are contacts, and which ones, by fingerprint."""
    found = connection.execute(_CONTACTS_OF, {"fingerprints": set(fingerprints)})
    return {fingerprint: contact_id for fingerprint, contact_id in found}


def _note_what_arrived(connection: Connection, messages: Sequence[Understood]) -> None:
    """Whoever answers a message of ours has got it, and a mail system may confirm it too."""
    now = max(message.received_at for message in messages)
    mails = [message.mail for message in messages]
    answered = {
        (message_id, mail.sender.address)
        for mail in mails
        if mail.sender
        for message_id in mail.in_reply_to
    }
    note_arrived(connection, answered, "its recipient answered it", now)
    confirmed = {
        (mail.confirmation.message_id, recipient)
        for mail in mails
        if mail.confirmation
        for recipient in mail.confirmation.recipients
    }
    note_arrived(connection, confirmed, "a mail system confirmed it", now)


def _decide(connection: Connection, messages: Sequence[Understood], secret: bytes) -> list[_Draft]:
    mails = [message.mail for message in messages]
    correspondences = identify_all(connection, mails, [m.account for m in messages])
    threads = weave_threads(connection, [message.family for message in messages])
    matchables = [
        Matchable.of(message.mail, who.sender, threads[message.message_id], secret)
        for message, who in zip(messages, correspondences, strict=True)
    ]
    lookup = CaseLookup(connection, matchables)
    drafts = []
    for message, who, matchable in zip(messages, correspondences, matchables, strict=True):
        decision = decide(evidence_of(lookup.clues(matchable)))
        if decision.case_id is not None:
            lookup.learn(message.message_id, matchable.thread, decision.case_id)
        drafts.append(_Draft(message, who, matchable.thread, decision))
    return drafts


def _insert_contacts(connection: Connection, drafts: Sequence[_Draft]) -> list[int]:
    rows = [_contact_row(draft.message, draft.decision) for draft in drafts]
    connection.execute(_CONTACT, rows)
    names = [draft.message.fingerprint for draft in drafts]
    id_of = contacts_of(connection, names)
    return [id_of[name] for name in names]


def _contact_row(message: Understood, decision: Decision) -> dict[str, Any]:
    mail = message.mail
    return {
        "fingerprint": message.fingerprint,
        "raw_id": message.raw_id,
        "activity_type": E_MAIL,
        "status": ContactStatus.CREATED,
        "message_id": message.message_id,
        "matchcode": mail.subject,
        "text": mail.text,
        "new_text": mail.new_text,
        "html": mail.html,
        "sent_at": mail.sent_at,
        "received_at": message.received_at,
        "automatic": mail.automatic,
        "defects": list(mail.defects),
        "private": message.private,
        "main_case_id": decision.case_id,
        "verdict": decision.verdict,
    }


def _insert_what_belongs_to_them(
    connection: Connection, drafts: Sequence[tuple[int, _Draft]]
) -> None:
    _insert(
        connection,
        _CORRESPONDENT,
        [{"contact_id": c, **row} for c, draft in drafts for row in draft.correspondence.rows],
    )
    _insert(
        connection,
        _ATTACHMENT,
        [
            {"contact_id": c, "position": position, **asdict(attachment)}
            for c, draft in drafts
            for position, attachment in enumerate(draft.message.mail.attachments)
        ],
    )
    _insert(
        connection,
        _CASE,
        [
            {"contact_id": c, "case_id": draft.decision.case_id}
            for c, draft in drafts
            if draft.decision.case_id is not None
        ],
    )
    _insert(
        connection,
        _CANDIDATE,
        [row for c, draft in drafts for row in candidate_rows(c, draft.decision)],
    )


def _insert(connection: Connection, inserting: Insert, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(inserting, rows)
