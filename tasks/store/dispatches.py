"""Dispatches as people follow them: their status, recipients and history (X5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from domain.delivery import DeliveryStatus, DispatchStatus, Outcome
from domain.errors import UnknownRecord
from domain.mail import ReceptionKind
from tasks.store.database import Store
from tasks.store.dispatch_visibility import dispatch_shown_to
from tasks.store.tables import (
    appointments,
    attempts,
    contacts,
    deliveries,
    dispatches,
    employees,
)

# A list has no use for the texts, which are most of a row.
_LONG = ("text", "html", "references", "calendar")
_LISTED = [column for column in dispatches.c if column.name not in _LONG]
_followed = contacts.alias()  # the contact whose follow-up an appointment is
_IS_PRIVATE = func.coalesce(contacts.c.private, _followed.c.private)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach a recipient, or what was learnt of it later."""

    began_at: datetime
    ended_at: datetime
    outcome: Outcome
    answer: str
    reference: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One recipient, and how the delivery fares."""

    id: int
    name: str
    kind: ReceptionKind
    to: str
    status: DeliveryStatus
    changed_at: datetime | None
    reason: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """A dispatch, as a list shows it."""

    id: int
    contact_id: int | None
    appointment_id: int | None  # that it tells of, where it is of no contact
    channel: str
    queue: str | None
    status: DispatchStatus
    matchcode: str
    employee: str | None
    queued_at: datetime
    due_at: datetime | None
    attempts: int
    private: bool
    deliveries: Sequence[DeliveryLine]

    @property
    def about(self) -> str:
        """Name what it tells of; empty: nothing that is here."""
        if self.contact_id:
            return f"contact {self.contact_id}"
        return f"appointment {self.appointment_id}" if self.appointment_id else ""


@dataclass(frozen=True, slots=True)
class DispatchDetails:
    """A dispatch with all that happened to it."""

    line: DispatchLine
    message_id: str
    text: str
    deadline: datetime | None
    history: Sequence[tuple[DeliveryLine, Attempt]]  # the oldest first


def list_dispatches(
    store: Store,
    viewer: int | None = None,
    statuses: Iterable[DispatchStatus] | None = None,
    contact_id: int | None = None,
    limit: int = 50,
) -> list[DispatchLine]:
    """List dispatches that the viewer may see, the latest first: all, or those in these states."""
    wanted = dispatch_shown_to(viewer)
    if statuses is not None:
        wanted &= dispatches.c.status.in_(list(statuses))
    if contact_id is not None:
        wanted &= dispatches.c.contact_id == contact_id
    latest = (dispatches.c.queued_at.desc(), dispatches.c.id.desc())
    with store.reading() as connection:
        rows = connection.execute(_selecting().where(wanted).order_by(*latest).limit(limit)).all()
        return _lines(connection, rows)


def show_dispatch(store: Store, dispatch_id: int, viewer: int | None = None) -> DispatchDetails:
    """Read one dispatch; UnknownRecord where there is none that the viewer may see."""
    wanted = dispatch_shown_to(viewer) & (dispatches.c.id == dispatch_id)
    with store.reading() as connection:
        row = connection.execute(_selecting().where(wanted)).one_or_none()
        if row is None:
            raise UnknownRecord(f"there is no dispatch {dispatch_id} that you may see")
        [line] = _lines(connection, [row])
        history = _history(connection, line.deliveries)
        this = select(dispatches.c.text).where(dispatches.c.id == dispatch_id)
        text = connection.scalar(this) or ""
        return DispatchDetails(line, row.message_id, text, row.deadline, history)


def _selecting() -> Select[Any]:
    return (
        select(*_LISTED, employees.c.name.label("employee"), _IS_PRIVATE.label("private"))
        .outerjoin(contacts, contacts.c.id == dispatches.c.contact_id)
        .outerjoin(appointments, appointments.c.id == dispatches.c.appointment_id)
        .outerjoin(_followed, _followed.c.id == appointments.c.contact_id)
        .outerjoin(employees, employees.c.id == dispatches.c.employee_id)
    )


def _lines(connection: Connection, rows: Sequence[Any]) -> list[DispatchLine]:
    of_these = deliveries.c.dispatch_id.in_([row.id for row in rows])
    found: dict[int, list[DeliveryLine]] = defaultdict(list)
    for each in connection.execute(
        select(deliveries).where(of_these).order_by(deliveries.c.position, deliveries.c.id)
    ):
        found[each.dispatch_id].append(_delivery(each))
    return [_line(row, found[row.id]) for row in rows]


def _line(row: Any, recipients: Sequence[DeliveryLine]) -> DispatchLine:
    return DispatchLine(
        row.id,
        row.contact_id,
        row.appointment_id,
        row.channel,
        row.queue,
        DispatchStatus(row.status),
        row.matchcode,
        row.employee,
        row.queued_at,
        row.due_at,
        row.attempts,
        bool(row.private),
        recipients,
    )


def _delivery(row: Any) -> DeliveryLine:
    return DeliveryLine(
        row.id,
        row.name,
        ReceptionKind(row.kind),
        row.address,
        DeliveryStatus(row.status),
        row.changed_at,
        row.reason,
        row.reference,
    )


def _history(
    connection: Connection, recipients: Sequence[DeliveryLine]
) -> list[tuple[DeliveryLine, Attempt]]:
    by_id = {each.id: each for each in recipients}
    query = select(attempts).where(attempts.c.delivery_id.in_(by_id)).order_by(attempts.c.id)
    return [
        (
            by_id[row.delivery_id],
            Attempt(row.began_at, row.ended_at, Outcome(row.outcome), row.answer, row.reference),
        )
        for row in connection.execute(query)
    ]
