"""The transaction that turns a chunk of a folder's messages into contacts (R1, R5, R6).

Raw messages, contacts, receipts and the folder's high-water mark are committed together, or
not at all: whoever dies in between has done nothing, and the next one does it once.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from domain.arrivals import Arrival, Chunk, Counts, Listed, Place, Position, ReceiptOutcome
from domain.audience import is_private
from domain.lease import Lease
from domain.mail import Mail
from domain.quarantine import QuarantineReason, Trouble
from tasks.store.accounts import assignment_of
from tasks.store.database import Store
from tasks.store.filing import Understood, contacts_of, file_contacts
from tasks.store.leases import advance, hold
from tasks.store.offers import offer
from tasks.store.quarantine import Confined, confine, release
from tasks.store.raw import keep_raw, sha256
from tasks.store.receipts import explained_places
from tasks.store.tables import contacts, receipts

WITHHELD = Trouble(
    QuarantineReason.NOT_DELIVERED, "the server lists the message, but does not hand it over"
)
_RECEIPT = insert(receipts)
FILING_LOCK = 7_104_202  # on PostgreSQL; any number, the same for everybody


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that was looked at: understood, or in trouble."""

    arrival: Arrival
    fingerprint: str
    mail: Mail | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which a chunk is received."""

    secret: bytes  # signs case tokens
    now: datetime
    lease: Lease | None = None  # with it, the folder's high-water mark moves along


def receive(store: Store, chunk: Chunk, opened: Sequence[Opened], terms: Terms) -> Counts:
    """Store a chunk of messages, each opened; what was received before is left out.

    LeaseLost: another shift is at it, and nothing is stored.
    """
    return store.write(lambda connection: _receive(connection, chunk, opened, terms))


def receive_confined(store: Store, confined: Confined, opened: Opened, secret: bytes) -> None:
    """Make a contact of a quarantined message, now that it can be understood (R6)."""

    def releasing(connection: Connection) -> None:
        let_nobody_file_at_once(connection)
        contact_of = contacts_of(connection, [opened.fingerprint])
        if opened.fingerprint not in contact_of:
            raw_ids = _keep(connection, [opened])
            understood = _understood(opened, confined.address, raw_ids, confined.private)
            [contact_id] = file_contacts(connection, [understood], secret)
            contact_of = {opened.fingerprint: contact_id}
        elif not confined.private:
            _open_to_everybody(connection, contact_of.values())
        release(connection, confined.id, contact_of[opened.fingerprint])

    store.write(releasing)


def _receive(
    connection: Connection, chunk: Chunk, opened: Sequence[Opened], terms: Terms
) -> Counts:
    let_nobody_file_at_once(connection)
    if terms.lease and chunk.upto:
        advance(connection, terms.lease, Position(chunk.uidvalidity, chunk.upto))
    elif terms.lease:
        hold(connection, terms.lease)
    private = is_private(assignment_of(connection, chunk.mailbox.id))
    explained = explained_places(connection, chunk.mailbox.id, chunk.uidvalidity, chunk.places)
    opened = [each for each in opened if each.arrival.place not in explained]
    rows = [
        *_file(connection, chunk, opened, private, terms),
        *_confine_withheld(connection, chunk, explained, terms.now),
        *(_row(o, ReceiptOutcome.SKIPPED) for o in chunk.skipped if o.place not in explained),
    ]
    _insert_receipts(connection, chunk, private, rows)
    return Counts.of(row["outcome"] for row in rows)


def _file(
    connection: Connection, chunk: Chunk, opened: Sequence[Opened], private: bool, terms: Terms
) -> list[dict[str, Any]]:
    """Make contacts of what is new, and set apart what is in trouble; gives receipts for all."""
    known = contacts_of(connection, [each.fingerprint for each in opened])
    if known and not private:
        _open_to_everybody(connection, known.values())
    troubled = [each for each in opened if each.trouble and each.fingerprint not in known]
    whole = [each for each in opened if not each.trouble or each.fingerprint in known]
    new = _once_each(each for each in whole if each.fingerprint not in known)
    raw_ids = _keep(connection, list(new.values()))
    understood = [_understood(o, chunk.mailbox.address, raw_ids, private) for o in new.values()]
    filed = zip(new, file_contacts(connection, understood, terms.secret), strict=True)
    return [
        *_explain(whole, new, known | dict(filed)),
        *_confine_troubled(connection, troubled, terms.now),
    ]


def _once_each(opened: Iterable[Opened]) -> dict[str, Opened]:
    """Leave out what is a copy of one before, by fingerprint."""
    first: dict[str, Opened] = {}
    for each in opened:
        first.setdefault(each.fingerprint, each)
    return first


def _explain(
    opened: Iterable[Opened], new: Mapping[str, Opened], contact_of: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for each in opened:
        is_new = new.get(each.fingerprint) is each
        outcome = ReceiptOutcome.IMPORTED if is_new else ReceiptOutcome.DUPLICATE
        yield _row(each.arrival, outcome, contact_id=contact_of[each.fingerprint])


def _confine_troubled(
    connection: Connection, troubled: Sequence[Opened], now: datetime
) -> Iterator[dict[str, Any]]:
    raw_ids = _keep(connection, troubled)
    for each in troubled:
        assert each.trouble
        confined = confine(connection, each.trouble, now, raw_ids[each.fingerprint])
        yield _row(each.arrival, ReceiptOutcome.QUARANTINED, quarantine_id=confined)


def _confine_withheld(
    connection: Connection, chunk: Chunk, explained: Container[Place], now: datetime
) -> Iterator[dict[str, Any]]:
    for listed in chunk.withheld:
        if listed.place not in explained:
            confined = confine(connection, WITHHELD, now)
            yield _row(listed, ReceiptOutcome.QUARANTINED, quarantine_id=confined)


def let_nobody_file_at_once(connection: Connection) -> None:
    """Weave threads one transaction at a time; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(FILING_LOCK)))


def _open_to_everybody(connection: Connection, contact_ids: Iterable[int]) -> None:
    """A contact that reaches an account which is not private is not private any more (R5)."""
    these = contacts.c.id.in_(set(contact_ids))
    opening = update(contacts).where(these, contacts.c.private).values(private=False)
    offer(connection, connection.scalars(opening.returning(contacts.c.id)).all())


def _keep(connection: Connection, opened: Sequence[Opened]) -> dict[str, int]:
    """Keep raw messages; gives their ids by fingerprint."""
    digests = {each.fingerprint: sha256(each.arrival.raw) for each in opened}
    raw = {digests[each.fingerprint]: each.arrival.raw for each in opened}
    ids = keep_raw(connection, raw)
    return {name: ids[digest] for name, digest in digests.items()}


def _understood(
    opened: Opened, account: str, raw_ids: Mapping[str, int], private: bool
) -> Understood:
    assert opened.mail
    return Understood(
        opened.mail,
        raw_ids[opened.fingerprint],
        opened.fingerprint,
        opened.arrival.received_at,
        account,
        private,
    )


def _row(
    message: Listed | Arrival,
    outcome: ReceiptOutcome,
    contact_id: int | None = None,
    quarantine_id: int | None = None,
) -> dict[str, Any]:
    return {
        "uid": message.uid,
        "received_at": message.received_at,
        "outcome": outcome,
        "contact_id": contact_id,
        "quarantine_id": quarantine_id,
    }


def _insert_receipts(
    connection: Connection, chunk: Chunk, private: bool, rows: Sequence[dict[str, Any]]
) -> None:
    common = {
        "mailbox_id": chunk.mailbox.id,
        "uidvalidity": chunk.uidvalidity,
        "private": private,
    }
    if rows:
        connection.execute(
            _RECEIPT,
            [
                {**common, **row, "settled": not chunk.settles or row["contact_id"] is None}
                for row in rows
            ],
        )
