"""Leases on folders: taken, renewed and given back, each with one UPDATE."""

from datetime import datetime

from sqlalchemy import Connection, or_, update

from domain.arrivals import Position
from domain.errors import LeaseLost
from domain.lease import LEASE_TIME, Lease
from tasks.store.database import Store
from tasks.store.tables import mailboxes


def take_lease(store: Store, mailbox_id: int, now: datetime) -> Lease | None:
    """Take the lease on a folder; None while somebody else has it."""
    free = or_(mailboxes.c.leased_until.is_(None), mailboxes.c.leased_until < now)
    taking = (
        update(mailboxes)
        .where(mailboxes.c.id == mailbox_id, free)
        .values(leased_until=now + LEASE_TIME, lease_token=mailboxes.c.lease_token + 1)
        .returning(mailboxes.c.lease_token)
    )
    token = store.write(lambda connection: connection.scalar(taking))
    return None if token is None else Lease(mailbox_id, token)


def renew_lease(store: Store, lease: Lease, now: datetime) -> None:
    """Keep a lease for another while; LeaseLost where somebody else has taken it."""
    store.write(lambda connection: _change(connection, lease, leased_until=now + LEASE_TIME))


def give_back(store: Store, lease: Lease) -> None:
    """Give a lease back, so that the next one need not wait; a lost one is no matter."""
    mine = (mailboxes.c.id == lease.mailbox_id) & (mailboxes.c.lease_token == lease.token)
    giving = update(mailboxes).where(mine).values(leased_until=None)
    store.write(lambda connection: connection.execute(giving))


def hold(connection: Connection, lease: Lease) -> None:
    """Make sure, in the transaction that stores something, that the lease is still ours."""
    _change(connection, lease, lease_token=lease.token)


def advance(connection: Connection, lease: Lease, position: Position) -> None:
    """Move a folder's high-water mark, in the transaction that stores what lies below it."""
    _change(connection, lease, uidvalidity=position.uidvalidity, last_uid=position.last_uid)


def _change(connection: Connection, lease: Lease, **values: object) -> None:
    mine = (mailboxes.c.id == lease.mailbox_id) & (mailboxes.c.lease_token == lease.token)
    changed = connection.execute(update(mailboxes).where(mine).values(**values))
    if changed.rowcount != 1:
        raise LeaseLost("another shift has taken this folder over")
