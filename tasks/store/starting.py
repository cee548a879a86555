"""Received contacts start workflows, or move them on: each contact is offered to them once (W1).

Which ones wait is in tasks/store/offers.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import OperationalError

from domain.errors import Refused
from domain.transitions import Leave
from domain.wording import Language, refusal_sentences
from domain.workflows import Advance, Start
from domain.zones import wall
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.entering import Entrance, OpenRun, begin_visits, locked_cases, start_run
from tasks.store.leaving import Left, leave
from tasks.store.offered import Offered, fitting_advance, fitting_start
from tasks.store.offers import locked_offers, looked_at, offers
from tasks.store.running import OpenVisit, Running
from tasks.store.runs import REFUSED, kept_id
from tasks.store.tables import cases, contacts, incoming_events
from tasks.store.visited import read_visits, selecting_contacts
from tasks.store.workflows import Version

BY_CONTACT = "contact_received"  # the outcome of a step that a contact moves on from


@dataclass(frozen=True, slots=True)
class _Terms:
    """When contacts are offered, and in which language reasons are kept."""

    language: Language
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class _Move:
    """What a contact does to a workflow of its case, if anything."""

    version: Version
    run: OpenRun | None
    entry: Start | Advance | None = None
    visit: OpenVisit | None = None  # that it moves on from
    refused: Refused | None = None

    @property
    def must_wait(self) -> bool:
        """Whether the step has not created its todos yet: each visit creates them (W1)."""
        return self.visit is not None and self.visit.is_to_be_planned


def start_or_advance(store: Store, now: datetime, most: int) -> int:
    """Offer received contacts to the workflows; gives how many steps were entered.

    Of each case one contact at a time is offered, so that the next one meets what that has begun.
    Where something of it makes trouble, each is offered by itself, so that the others go on.
    """
    terms = _Terms(settings().language, wall(now, settings().zone).date(), now)
    try:
        return store.write(lambda connection: _offer(connection, offers(connection, most), terms))
    except OperationalError:
        raise  # the database does not answer, which is no contact's fault
    except Exception:  # noqa: BLE001 - the faulty one is found, and kept with its reason
        waiting = store.write(lambda connection: offers(connection, most))
    return sum(_offer_alone(store, each, terms) for each in waiting)


def _offer_alone(store: Store, contact_id: int, terms: _Terms) -> int:
    """Offer a contact; a faulty one leaves the queue, and is kept with its reason."""

    def offering(connection: Connection) -> int:
        return _offer(connection, locked_offers(connection, [contact_id]), terms)

    try:
        return store.write(offering)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - it is kept with its reason
        reason = f"a fault of this program: {type(error).__name__}"
    store.write(lambda connection: _give_up(connection, contact_id, reason, terms))
    return 0


def _offer(connection: Connection, waiting: Sequence[int], terms: _Terms) -> int:
    rows = _told(connection, waiting)
    first = list({row.case_id: row for row in reversed(rows)}.values())
    staying = {row.contact_id for row in rows} - {row.contact_id for row in first}
    entered = 0
    if first:
        locked_cases(connection, {row.case_number for row in first})
        running = Running.of(connection, [row.case_id for row in first])
        for row in first:
            moves = _moves(Offered(row, terms.today), running)
            if any(move.must_wait for move in moves):
                staying.add(row.contact_id)
            else:
                entered += sum(_follow(connection, move, row, terms) for move in moves)
    looked_at(connection, [each for each in waiting if each not in staying])
    return entered


def _told(connection: Connection, contact_ids: Sequence[int]) -> Sequence[Any]:
    """Read those that anybody may see, of open cases, in their order."""
    if not contact_ids:
        return []
    these = contacts.c.id.in_(contact_ids) & ~contacts.c.private & cases.c.open
    return connection.execute(selecting_contacts().where(these).order_by(contacts.c.id)).all()


def _moves(offered: Offered, running: Running) -> list[_Move]:
    mine = running.of_case(offered.row.case_id)
    return [_move(version, run, offered, running) for version, run in mine]


def _move(version: Version, run: OpenRun | None, offered: Offered, running: Running) -> _Move:
    try:
        advance = fitting_advance(version.workflow, offered, running.steps(run))
        if run and advance:
            return _Move(version, run, advance, running.inside[run.id, advance.inside])
        return _Move(version, run, fitting_start(version.workflow, offered, run is not None))
    except Refused as refused:
        return _Move(version, run, refused=refused)


def _follow(connection: Connection, move: _Move, row: Any, terms: _Terms) -> int:
    """Do what a contact does to a workflow; where a condition failed, keep why."""
    if move.refused:
        reason = " ".join(refusal_sentences(move.refused.refusals, terms.language))
        name = move.version.workflow.name
        asked = {"contact": row.contact_id, "case": row.case_number, "workflow": name}
        _keep(connection, f"contact:{row.contact_id}:{name}", asked, reason, terms.now)
    elif move.entry is None:
        return 0
    elif move.visit:
        [visit] = read_visits(connection, [move.visit.id], terms.today)
        left = Left(visit, Leave(move.entry.enter, BY_CONTACT), row.contact_id)
        leave(connection, [left], terms.language, terms.now)
    else:
        own = move.run or start_run(connection, row.case_id, move.version.id, terms.now)
        key = f"contact:{row.contact_id}:{move.version.workflow.name}"
        entrance = Entrance(own.id, move.entry.enter, key, row.contact_id)
        begin_visits(connection, [entrance], terms.now)
    return int(move.entry is not None)


def _give_up(connection: Connection, contact_id: int, reason: str, terms: _Terms) -> None:
    if locked_offers(connection, [contact_id]):
        its = select(cases.c.number).join(contacts, contacts.c.main_case_id == cases.c.id)
        number = connection.scalar(its.where(contacts.c.id == contact_id))
        asked = {"contact": contact_id, "case": number}
        _keep(connection, f"contact:{contact_id}", asked, reason, terms.now)
        looked_at(connection, [contact_id])


def _keep(
    connection: Connection, asking: str, asked: dict[str, Any], reason: str, now: datetime
) -> None:
    """Keep why a contact entered nothing, in the place of what was kept of it before."""
    row = {
        "id": kept_id(asking),
        "occurred_at": now,
        "handled_at": now,
        "payload": asked,
        "outcome": REFUSED,
        "reason": reason,
    }
    connection.execute(delete(incoming_events).where(incoming_events.c.id == row["id"]))
    connection.execute(insert(incoming_events).values(**row))
