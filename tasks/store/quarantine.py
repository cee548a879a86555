"""Messages that are no contact yet: kept as they came, with the reason, and tried again (R6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from domain.arrivals import ReceiptOutcome
from domain.audience import is_private_contact
from domain.errors import UnknownRecord
from domain.quarantine import QuarantineReason, Trouble, next_try
from tasks.store.database import Store
from tasks.store.raw import keep_raw, read_raw, sha256
from tasks.store.tables import (
    mail_account_employees,
    mail_accounts,
    mailboxes,
    quarantine,
    raw_messages,
    receipts,
)


@dataclass(frozen=True, slots=True)
class Confined:
    """A quarantined message, as lists show it; what it says is not shown."""

    id: int
    mailbox_id: int
    account: str
    address: str  # the account's e-mail address
    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    reason: QuarantineReason
    detail: str
    attempts: int
    next_try_at: datetime
    size: int | None  # bytes; none where the server never handed it over
    sha256: str | None
    private: bool

    def __str__(self) -> str:
        return f"quarantined message {self.id} of {self.account}/{self.folder}"


def confine(
    connection: Connection, trouble: Trouble, now: datetime, raw_id: int | None = None
) -> int:
    """Quarantine a message, in this transaction; the same bytes are there only once."""
    if raw_id is not None:
        known: int | None = connection.scalar(
            select(quarantine.c.id).where(quarantine.c.raw_id == raw_id)
        )
        if known is not None:
            return known
    row = {
        "raw_id": raw_id,
        "reason": trouble.reason,
        "detail": trouble.detail,
        "attempts": 1,
        "next_try_at": next_try(1, now),
    }
    inserting = insert(quarantine).values(**row).returning(quarantine.c.id)
    return int(connection.execute(inserting).scalar_one())


def confined(store: Store) -> tuple[Confined, ...]:
    """List what is in quarantine, the oldest first."""
    oldest = (quarantine.c.id, receipts.c.id)
    with store.reading() as connection:
        rows = connection.execute(_selecting().order_by(*oldest)).all()
    return tuple(_confined(list(group)) for _, group in groupby(rows, lambda row: row.id))


def confined_bytes(store: Store, quarantine_id: int) -> bytes:
    """Read a quarantined message, byte for byte as it came; b"" where it was never handed over."""
    with store.reading() as connection:
        query = select(quarantine.c.raw_id).where(quarantine.c.id == quarantine_id)
        raw_id = connection.scalar(query)
        return read_raw(connection, raw_id) if raw_id is not None else b""


def show_confined(store: Store, quarantine_id: int, viewer: int | None) -> bytes:
    """Read a quarantined message for an employee; UnknownRecord where it is not for them (L9)."""
    own = select(mail_account_employees.c.account_id).where(
        mail_account_employees.c.employee_id == viewer
    )
    visible = or_(~receipts.c.private, mailboxes.c.account_id.in_(own))
    query = (
        select(receipts.c.id)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .where(receipts.c.quarantine_id == quarantine_id, visible)
    )
    with store.reading() as connection:
        if connection.scalar(query.limit(1)) is None:
            raise UnknownRecord(f"there is no quarantined message {quarantine_id} that you may see")
    return confined_bytes(store, quarantine_id)


def keep_handed_over(store: Store, quarantine_id: int, raw: bytes) -> None:
    """Keep the bytes of a message that the server had withheld, now that it handed them over."""

    def keeping(connection: Connection) -> None:
        digest = sha256(raw)
        raw_id = keep_raw(connection, {digest: raw})[digest]
        kept_elsewhere = select(quarantine.c.id).where(quarantine.c.raw_id == raw_id)
        if connection.scalar(kept_elsewhere) is None:
            this = quarantine.c.id == quarantine_id
            connection.execute(update(quarantine).where(this).values(raw_id=raw_id))

    store.write(keeping)


def postpone(store: Store, quarantine_id: int, trouble: Trouble, now: datetime) -> None:
    """Note a try that failed, and when the next one is due."""
    this = quarantine.c.id == quarantine_id

    def noting(connection: Connection) -> None:
        attempts = connection.scalar(select(quarantine.c.attempts).where(this)) or 0
        values = {
            "reason": trouble.reason,
            "detail": trouble.detail,
            "attempts": attempts + 1,
            "next_try_at": next_try(attempts + 1, now),
        }
        connection.execute(update(quarantine).where(this).values(**values))

    store.write(noting)


def release(connection: Connection, quarantine_id: int, contact_id: int) -> None:
    """Note, in this transaction, which contact a quarantined message has become."""
    this = quarantine.c.id == quarantine_id
    connection.execute(update(quarantine).where(this).values(next_try_at=None))
    explaining = update(receipts).where(receipts.c.quarantine_id == quarantine_id)
    connection.execute(
        explaining.values(outcome=ReceiptOutcome.IMPORTED, contact_id=contact_id, settled=False)
    )


def _selecting() -> Any:
    return (
        select(
            quarantine,
            receipts.c.mailbox_id,
            receipts.c.uidvalidity,
            receipts.c.uid,
            receipts.c.received_at,
            receipts.c.private,
            mailboxes.c.folder,
            mail_accounts.c.name.label("account"),
            mail_accounts.c.address,
            raw_messages.c.size,
            raw_messages.c.sha256,
        )
        .join(receipts, receipts.c.quarantine_id == quarantine.c.id)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .join(mail_accounts, mail_accounts.c.id == mailboxes.c.account_id)
        .outerjoin(raw_messages, raw_messages.c.id == quarantine.c.raw_id)
        .where(quarantine.c.next_try_at.is_not(None))
    )


def _confined(rows: Sequence[Any]) -> Confined:
    """Make one of a message's receipts; it is private only where all of them are (R5)."""
    row = rows[0]
    return Confined(
        row.id,
        row.mailbox_id,
        row.account,
        row.address,
        row.folder,
        row.uidvalidity,
        row.uid,
        row.received_at,
        QuarantineReason(row.reason),
        row.detail,
        row.attempts,
        row.next_try_at,
        row.size,
        row.sha256,
        is_private_contact(receipt.private for receipt in rows),
    )
