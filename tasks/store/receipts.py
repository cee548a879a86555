"""The ledger of a folder's messages: what became of each, and what is still to be done."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select, update

from domain.arrivals import Counts, Place, ReceiptOutcome
from tasks.store.database import Store
from tasks.store.tables import mail_accounts, mailboxes, receipts

# This is asked for every chunk of messages: the statement stands ready.
_EXPLAINED = select(receipts.c.uid, receipts.c.received_at).where(
    receipts.c.mailbox_id == bindparam("folder"),
    receipts.c.uidvalidity == bindparam("validity"),
    receipts.c.uid.in_(bindparam("uids")),
)


def unsettled(store: Store, mailbox_id: int, uidvalidity: int) -> list[int]:
    """List the UIDs that are safely stored, and wait to be marked or moved on the server."""
    query = select(receipts.c.uid).where(
        receipts.c.mailbox_id == mailbox_id,
        receipts.c.uidvalidity == uidvalidity,
        ~receipts.c.settled,
    )
    with store.reading() as connection:
        return list(connection.scalars(query.order_by(receipts.c.uid)))


def settle(store: Store, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> None:
    """Note that messages were marked or moved on the server."""
    these = (
        (receipts.c.mailbox_id == mailbox_id)
        & (receipts.c.uidvalidity == uidvalidity)
        & receipts.c.uid.in_(uids)
    )
    store.write(
        lambda connection: connection.execute(update(receipts).where(these).values(settled=True))
    )


def ledger(
    store: Store, mailbox_id: int, uidvalidity: int, above: int = 0
) -> dict[Place, ReceiptOutcome]:
    """Tell what became of every message of a folder whose UID is above the given one."""
    query = select(receipts.c.uid, receipts.c.received_at, receipts.c.outcome).where(
        receipts.c.mailbox_id == mailbox_id,
        receipts.c.uidvalidity == uidvalidity,
        receipts.c.uid > above,
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return {(row.uid, row.received_at): ReceiptOutcome(row.outcome) for row in rows}


def explained_places(
    connection: Connection, mailbox_id: int, uidvalidity: int, places: Collection[Place]
) -> set[Place]:
    """Tell which of these messages of a folder are explained, in a transaction."""
    if not places:
        return set()
    uids = {uid for uid, _ in places}
    asked = {"folder": mailbox_id, "validity": uidvalidity, "uids": uids}
    known = {(uid, received_at) for uid, received_at in connection.execute(_EXPLAINED, asked)}
    return known.intersection(places)


def counts_since(store: Store, since: datetime) -> dict[int, Counts]:
    """Count what arrived since an instant, by mailbox."""
    query = (
        select(receipts.c.mailbox_id, receipts.c.outcome, func.count().label("messages"))
        .where(receipts.c.received_at >= since)
        .group_by(receipts.c.mailbox_id, receipts.c.outcome)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    with store.reading() as connection:
        for row in connection.execute(query):
            found[row.mailbox_id][row.outcome] = row.messages
    return {mailbox_id: Counts(**by_outcome) for mailbox_id, by_outcome in found.items()}


def days_with_mail(store: Store, account: str, since: datetime) -> set[date]:
    """Tell on which days (in UTC) an account brought mail, since an instant."""
    query = (
        select(receipts.c.received_at)
        .join(mailboxes, mailboxes.c.id == receipts.c.mailbox_id)
        .join(mail_accounts, mail_accounts.c.id == mailboxes.c.account_id)
        .where(mail_accounts.c.name == account, receipts.c.received_at >= since)
    )
    with store.reading() as connection:
        return {received_at.date() for received_at in connection.scalars(query)}
