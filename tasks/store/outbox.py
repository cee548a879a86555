"""The outbox: what is due is leased, sent message by message, and its outcomes are recorded.

Each transaction records what became of one dispatch and marks the next one as being sent.
Whoever dies in between leaves one such mark: the next one finds it and sends nothing again that
may have arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from domain.delivery import Answer, DeliveryStatus, DispatchStatus, Outcome, dispatch_status
from domain.lease import LEASE_TIME
from domain.pace import allowance
from tasks.store.database import Store
from tasks.store.outcomes import Sent, record
from tasks.store.parcels import Parcel, parcels_of
from tasks.store.tables import dispatch_queues, dispatches

AT_ONCE = 100  # in one transaction
EXPIRY = "expiry"  # the holder of what is not sent in time
INTERRUPTED = Answer(Outcome.UNKNOWN, "the program ended while it was being sent")

# This is done for every message: the statement stands ready.
_BEGINNING = update(dispatches).where(
    dispatches.c.id == bindparam("this"),
    dispatches.c.holder == bindparam("mine"),
    dispatches.c.due_at <= bindparam("now"),
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A worker's hold on the outbox: what it leases and records carries its name."""

    store: Store
    holder: str  # random, at most 32 characters; fences off a late writer

    def claim(
        self,
        queue: str,
        most: int,
        now: datetime,
        repeatable: bool = False,
        looks_up: frozenset[DeliveryStatus] = frozenset(),
    ) -> list[Parcel]:
        """Lease what is due in a queue, clicks before bulk, within its rate and connections.

        What somebody else left while it was being sent becomes unknown, unless the channel can
        tell a repetition (repeatable), and is looked up where that can be (looks_up).
        """

        def claiming(connection: Connection) -> list[Parcel]:
            rows = _leased(connection, self.holder, queue, most, now)
            parcels = list(zip(rows, parcels_of(connection, rows), strict=True))
            if repeatable:
                return [parcel for _, parcel in parcels]
            for row, parcel in parcels:
                if row.sending_since is not None:
                    answers = {each.id: INTERRUPTED for each in parcel.waiting}
                    sent = Sent(parcel, row.sending_since, now, answers, looks_up=looks_up)
                    record(connection, self.holder, sent)
            return [parcel for row, parcel in parcels if row.sending_since is None]

        return self.store.write(claiming)

    def begin(self, parcel: Parcel, now: datetime) -> bool:
        """Mark a parcel as being sent; False where it is not ours any more, or cancelled."""
        return self.store.write(lambda c: _begin(c, self, parcel, now))

    def turn(self, sent: Sent, following: Parcel | None, now: datetime) -> bool:
        """Record an attempt and begin the next parcel, in one transaction; as begin."""

        def turning(connection: Connection) -> bool:
            record(connection, self.holder, sent)
            return following is not None and _begin(connection, self, following, now)

        return self.store.write(turning)

    def put_back(self, parcel: Parcel) -> None:
        """Undo a beginning after which nothing has gone out."""
        statuses = [each.status for each in parcel.recipients]
        mine = (dispatches.c.id == parcel.id) & (dispatches.c.holder == self.holder)
        values = {"sending_since": None, "holder": None, "leased_until": None}
        putting = update(dispatches).where(mine)
        back = putting.values(status=dispatch_status(statuses), **values)
        self.store.write(lambda connection: connection.execute(back))

    def renew(self, now: datetime) -> None:
        """Keep all that this worker has leased for another while."""
        mine = dispatches.c.holder == self.holder
        keeping = update(dispatches).where(mine).values(leased_until=now + LEASE_TIME)
        self.store.write(lambda connection: connection.execute(keeping))

    def give_back(self) -> None:
        """Give back what was leased and not begun."""
        mine = (dispatches.c.holder == self.holder) & dispatches.c.sending_since.is_(None)
        giving = update(dispatches).where(mine).values(holder=None, leased_until=None)
        self.store.write(lambda connection: connection.execute(giving))


def due_queues(store: Store, now: datetime) -> list[str]:
    """Name the queues in which something is due that nobody works at, and that are not paused."""
    in_queue = dispatches.c.queue == dispatch_queues.c.name
    something = select(dispatches.c.id).where(in_queue, _is_due(now)).exists()
    query = select(dispatch_queues.c.name).where(
        dispatch_queues.c.enabled, _is_not_paused(now), something
    )
    with store.reading() as connection:
        return list(connection.scalars(query))


def expire(store: Store, now: datetime) -> int:
    """Let dispatches fail whose own deadline has passed, some at a time; gives how many."""

    def expiring(connection: Connection) -> int:
        waiting = dispatches.c.due_at.is_not(None) & dispatches.c.sending_since.is_(None)
        late = waiting & _is_free(now) & (dispatches.c.deadline <= now)
        rows = connection.execute(_locking(late).limit(AT_ONCE)).all()
        _lease(connection, EXPIRY, rows, now)
        for parcel in parcels_of(connection, rows):
            too_late = Answer(
                Outcome.FOR_GOOD, f"not sent by its deadline, {parcel.deadline:%Y-%m-%d %H:%M} UTC"
            )
            answers = {each.id: too_late for each in parcel.waiting}
            record(connection, EXPIRY, Sent(parcel, now, now, answers))
        return len(rows)

    return store.write(expiring)


def settle_interrupted(store: Store, now: datetime) -> int:
    """Record what was interrupted in queues that nobody works at any more as unknown."""

    def settling(connection: Connection) -> int:
        gone = select(dispatch_queues.c.name).where(~dispatch_queues.c.enabled)
        left = dispatches.c.sending_since.is_not(None) & dispatches.c.queue.in_(gone)
        rows = connection.execute(_locking(left & _is_free(now)).limit(AT_ONCE)).all()
        _lease(connection, EXPIRY, rows, now)
        for row, parcel in zip(rows, parcels_of(connection, rows), strict=True):
            answers = {each.id: INTERRUPTED for each in parcel.waiting}
            record(connection, EXPIRY, Sent(parcel, row.sending_since, now, answers))
        return len(rows)

    return store.write(settling)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """What is left by who died is due for a decision, in time or not."""
    in_time = or_(
        dispatches.c.deadline.is_(None),
        dispatches.c.deadline > now,
        dispatches.c.sending_since.is_not(None),
    )
    return (dispatches.c.due_at <= now) & _is_free(now) & in_time


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(dispatches.c.leased_until.is_(None), dispatches.c.leased_until < now)


def _is_not_paused(now: datetime) -> ColumnElement[bool]:
    paused_until = dispatch_queues.c.paused_until
    return or_(paused_until.is_(None), paused_until <= now)


def _locking(condition: ColumnElement[bool]) -> Any:
    return select(dispatches).where(condition).with_for_update(skip_locked=True, of=dispatches)


def _leased(
    connection: Connection, holder: str, queue: str, most: int, now: datetime
) -> Sequence[Any]:
    """Lease what is due in a queue, as much of it as its pace and its connections allow."""
    this = dispatch_queues.c.name == queue
    locking = select(dispatch_queues).where(this, dispatch_queues.c.enabled, _is_not_paused(now))
    settings = connection.execute(locking.with_for_update()).one_or_none()
    if settings is None or _others(connection, holder, queue, now) >= settings.connections:
        return []
    allowed, _ = allowance(settings.next_turn_at, now, settings.per_minute, most)
    due = _locking((dispatches.c.queue == queue) & _is_due(now))
    order = (dispatches.c.priority, dispatches.c.due_at, dispatches.c.id)
    rows = connection.execute(due.order_by(*order).limit(allowed)).all()
    if rows:
        _, next_turn = allowance(settings.next_turn_at, now, settings.per_minute, len(rows))
        connection.execute(update(dispatch_queues).where(this).values(next_turn_at=next_turn))
        _lease(connection, holder, rows, now)
    return rows


def _lease(connection: Connection, holder: str, rows: Sequence[Any], now: datetime) -> None:
    leasing = update(dispatches).where(dispatches.c.id.in_([row.id for row in rows]))
    connection.execute(leasing.values(holder=holder, leased_until=now + LEASE_TIME))


def _others(connection: Connection, holder: str, queue: str, now: datetime) -> int:
    """Count the others who work at a queue."""
    leased = dispatches.c.holder.is_not(None) & (dispatches.c.leased_until >= now)
    others = leased & (dispatches.c.holder != holder)
    query = select(func.count(dispatches.c.holder.distinct()))
    return connection.scalar(query.where(dispatches.c.queue == queue, others)) or 0


def _begin(connection: Connection, ledger: Ledger, parcel: Parcel, now: datetime) -> bool:
    """Only what is ours still, and was neither cancelled nor put off meanwhile."""
    values = {
        "sending_since": now,
        "leased_until": now + LEASE_TIME,
        "status": DispatchStatus.SENDING,
    }
    mine = {"this": parcel.id, "mine": ledger.holder, "now": now}
    return connection.execute(_BEGINNING, {**mine, **values}).rowcount == 1
