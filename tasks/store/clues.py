"""What points from a message to cases, looked up for a whole chunk of messages at once (R2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, union

from domain.mail import Mail
from domain.matching import CaseRef, Clues
from domain.parties import Identified, PartyKind
from domain.subjects import case_numbers_in
from domain.tokens import cases_signed_in
from tasks.store.tables import cases, contact_cases, contacts, dispatches
from tasks.store.threads import cases_of_threads

Case = Any  # a row of the table cases
MOST_OPEN = 20  # open cases of one sender; a person has to choose among so many anyway

# This is asked for every chunk of messages: the statements stand ready.
_BY_NUMBER = select(cases).where(cases.c.number.in_(bindparam("wanted")))
_BY_ID = select(cases).where(cases.c.id.in_(bindparam("wanted")))
_OPEN_OF = (
    select(cases)
    .where(cases.c.open, cases.c.address_id.in_(bindparam("companies")))
    .order_by(cases.c.id)
)
_OF_MESSAGES = union(
    select(contacts.c.message_id, contact_cases.c.case_id)
    .join(contact_cases, contact_cases.c.contact_id == contacts.c.id)
    .where(contacts.c.message_id.in_(bindparam("received"))),
    select(dispatches.c.message_id, dispatches.c.case_id).where(
        dispatches.c.message_id.in_(bindparam("sent")), dispatches.c.case_id.is_not(None)
    ),
)


@dataclass(frozen=True, slots=True)
class Matchable:
    """A message about to be matched: what it says, who sent it, and its thread."""

    mail: Mail
    sender: Identified
    thread: str
    signed: tuple[str, ...]  # numbers of cases whose valid token it carries
    named: tuple[str, ...]  # case numbers in its subject

    @classmethod
    def of(cls, mail: Mail, sender: Identified, thread: str, secret: bytes) -> "Matchable":
        """Read what a message says of cases."""
        places = [mail.subject, *(to.mailbox.address for to in mail.recipients)]
        signed = {number: None for place in places for number in cases_signed_in(place, secret)}
        return cls(mail, sender, thread, tuple(signed), case_numbers_in(mail.subject))

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids of the messages that it answers directly."""
        return self.mail.in_reply_to or self.mail.references[-1:]

    @property
    def bounced(self) -> tuple[str, ...]:
        """The id of the message whose bounce it is."""
        bounce = self.mail.bounce
        return (bounce.message_id,) if bounce and bounce.message_id else ()


class CaseLookup:
    """The cases that a chunk of messages may belong to.

    It learns: a message that is decided tells those after it in the same chunk.
    """

    def __init__(self, connection: Connection, messages: Sequence[Matchable]) -> None:
        self._of_message = _cases_of_messages(
            connection, {m for message in messages for m in (*message.answers, *message.bounced)}
        )
        self._of_thread = cases_of_threads(connection, {message.thread for message in messages})
        self._open = _open_cases(connection, {message.sender for message in messages})
        numbers = {number for m in messages for number in (*m.signed, *m.named)}
        self._by_number = {case.number: case for case in _read(connection, _BY_NUMBER, numbers)}
        ids = {
            i for group in (self._of_message, self._of_thread) for v in group.values() for i in v
        }
        self._by_id = {case.id: case for case in _read(connection, _BY_ID, ids)}
        self._by_id |= {case.id: case for case in self._by_number.values()}
        self._by_id |= {case.id: case for found in self._open.values() for case in found}

    def learn(self, message_id: str, thread: str, case_id: int) -> None:
        """Note to which case a message of this chunk belongs."""
        self._of_message[message_id].add(case_id)
        self._of_thread[thread].add(case_id)

    def clues(self, message: Matchable) -> Clues:
        """Give everything that points from a message to cases."""
        named = self._numbered(message.named)
        return Clues(
            tokens=tuple(_ref(case) for case in self._numbered(message.signed)),
            bounce_of=self._cases_of(message.bounced),
            replied_to=self._cases_of(message.answers),
            thread=self._refs(self._of_thread[message.thread]),
            numbers_from_participant=tuple(
                _ref(case, "subject") for case in named if _takes_part(message.sender, case)
            ),
            numbers_from_stranger=tuple(
                _ref(case, "subject") for case in named if not _takes_part(message.sender, case)
            ),
            senders_open_cases=tuple(_ref(case) for case in self._open.get(message.sender, ())),
        )

    def _numbered(self, numbers: Iterable[str]) -> list[Case]:
        return [self._by_number[number] for number in numbers if number in self._by_number]

    def _cases_of(self, message_ids: Iterable[str]) -> tuple[CaseRef, ...]:
        return tuple(
            _ref(self._by_id[case_id], message_id)
            for message_id in message_ids
            for case_id in sorted(self._of_message[message_id])
        )

    def _refs(self, case_ids: Iterable[int]) -> tuple[CaseRef, ...]:
        return tuple(_ref(self._by_id[case_id]) for case_id in sorted(case_ids))


def _ref(case: Case, detail: str = "") -> CaseRef:
    return CaseRef(case.id, case.number, detail)


def _takes_part(sender: Identified, case: Case) -> bool:
    """Whether the sender is the case's owner, its person, or of its company."""
    if sender.party and sender.party.kind is PartyKind.EMPLOYEE:
        return bool(sender.party.id == case.owner_id)
    return sender.address_id is not None and bool(sender.address_id == case.address_id)


def _read(connection: Connection, query: Select[Any], wanted: Collection[Any]) -> Sequence[Case]:
    return connection.execute(query, {"wanted": wanted}).all() if wanted else ()


def _cases_of_messages(connection: Connection, ids: set[str]) -> defaultdict[str, set[int]]:
    """Find the cases of messages, received or sent, by message id."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    if ids:
        for message_id, case_id in connection.execute(_OF_MESSAGES, {"received": ids, "sent": ids}):
            found[message_id].add(case_id)
    return found


def _open_cases(
    connection: Connection, senders: Iterable[Identified]
) -> dict[Identified, list[Case]]:
    """Find senders' open cases: a person's own, or, where they have none, their company's."""
    outside = [s for s in senders if s.address_id is not None]
    company_ids = {sender.address_id for sender in outside}
    of_company: defaultdict[int, list[Case]] = defaultdict(list)
    for case in connection.execute(_OPEN_OF, {"companies": company_ids}):
        of_company[case.address_id].append(case)
    return {sender: _own(sender, of_company[sender.address_id or 0]) for sender in outside}


def _own(sender: Identified, company_cases: list[Case]) -> list[Case]:
    if sender.party is None or sender.party.kind is not PartyKind.PERSON:
        return company_cases[:MOST_OPEN]
    own = [case for case in company_cases if case.person_id == sender.party.id]
    return (own or [case for case in company_cases if case.person_id is None])[:MOST_OPEN]
