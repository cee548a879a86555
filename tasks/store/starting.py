"""Received contacts start workflows, or move them on: each contact is offered to them once (W1).

Which ones wait is in tasks/store/offers.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.errors import Refused
from domain.transitions import Leave
from domain.wording import Language, refusal_sentences
from domain.workflow_facts import Facts, TitledFacts
from domain.workflow_texts import holds
from domain.workflows import Advance, Start, Workflow
from domain.zones import wall
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.entering import Entrance, OpenRun, begin_visits, locked_cases, open_runs, start_run
from tasks.store.leaving import Left, leave
from tasks.store.offers import looked_at, offers
from tasks.store.runs import LONGEST_ID, REFUSED
from tasks.store.tables import cases, contacts, incoming_events, step_visits
from tasks.store.visited import case_facts, contact_facts, read_visits, selecting_contacts
from tasks.store.workflows import Version, latest_versions, versions

BY_CONTACT = "contact_received"  # the outcome of a step that a contact moves on from


def start_or_advance(store: Store, now: datetime, most: int) -> int:
    """Offer received contacts to the workflows; gives how many steps were entered.

    Of each case one contact at a time is offered, so that the next one meets what that has begun.
    """
    language, zone = settings().language, settings().zone
    today = wall(now, zone).date()
    return store.write(lambda connection: _offer(connection, most, language, today, now))


@dataclass(frozen=True, slots=True)
class _Running:
    """What runs for cases, locked: runs by case and workflow, and the visits not left yet."""

    latest: Mapping[str, Version]
    runs: Mapping[tuple[int, str], OpenRun]
    versions: Mapping[int, Version]
    inside: Mapping[tuple[int, str], int]  # visits, by run and step

    @classmethod
    def of(cls, connection: Connection, case_ids: Sequence[int]) -> "_Running":
        """Read it, so that nobody else moves those cases meanwhile."""
        runs = open_runs(connection, case_ids)
        is_open = step_visits.c.left_at.is_(None)
        mine = step_visits.c.run_id.in_([run.id for run in runs.values()])
        query = select(step_visits).where(mine, is_open).order_by(step_visits.c.id.desc())
        visits = connection.execute(query.with_for_update(key_share=True))
        return cls(
            latest_versions(connection),
            runs,
            versions(connection, {run.version_id for run in runs.values()}),
            {(row.run_id, row.step): row.id for row in visits},
        )

    def of_case(self, case_id: int) -> Iterator[tuple[Version, OpenRun | None]]:
        """Give the workflows that a case is in, or could start, each in the version to go by."""
        names = {name for case, name in self.runs if case == case_id} | self.latest.keys()
        for name in sorted(names):
            run = self.runs.get((case_id, name))
            yield (self.versions[run.version_id], run) if run else (self.latest[name], None)


@dataclass(frozen=True, slots=True)
class _Offered:
    """A contact, and what is known for conditions about it."""

    row: Any
    today: date

    def facts(self, workflow: Workflow, step: str) -> Facts:
        """Give the facts, with the step that it would enter."""
        return Facts(
            workflow=TitledFacts(workflow.name, workflow.title),
            step=TitledFacts(step, workflow.steps[step].title),
            now_date=self.today,
            contact=contact_facts(self.row),
            **case_facts(self.row),
        )

    def passes(self, entry: Start | Advance, workflow: Workflow) -> bool:
        """Whether the condition of an entry holds; Refused: it cannot be answered."""
        facts = self.facts(workflow, entry.enter)
        return entry.condition is None or holds(entry.condition, facts)


def _offer(
    connection: Connection, most: int, language: Language, today: date, now: datetime
) -> int:
    waiting = offers(connection, most)
    rows = _told(connection, waiting)
    first = list({row.case_id: row for row in reversed(rows)}.values())
    later = {row.contact_id for row in rows} - {row.contact_id for row in first}
    looked_at(connection, [each for each in waiting if each not in later])
    if not first:
        return 0
    locked_cases(connection, {row.case_number for row in first})
    running = _Running.of(connection, [row.case_id for row in first])
    offered = [_Offered(row, today) for row in first]
    return sum(_offer_one(connection, each, running, language, now) for each in offered)


def _told(connection: Connection, contact_ids: Sequence[int]) -> Sequence[Any]:
    """Read those that anybody may see, of open cases, in their order."""
    if not contact_ids:
        return []
    these = contacts.c.id.in_(contact_ids) & ~contacts.c.private & cases.c.open
    return connection.execute(selecting_contacts().where(these).order_by(contacts.c.id)).all()


def _offer_one(
    connection: Connection, offered: _Offered, running: _Running, language: Language, now: datetime
) -> int:
    """Offer a contact to each workflow; where a condition fails, that is kept with its reason."""
    entered = 0
    for version, run in running.of_case(offered.row.case_id):
        try:
            advance = _advance(version, run, running, offered) if run else None
            start = None if advance else _start(version, run, offered)
        except Refused as refused:
            _keep(connection, offered, version.workflow.name, refused, language, now)
            continue
        if run and advance:
            visit_id = running.inside[run.id, advance.inside]
            _move_on(connection, visit_id, advance, offered, language, now)
        elif start:
            own = run or start_run(connection, offered.row.case_id, version.id, now)
            key = f"contact:{offered.row.contact_id}:{version.workflow.name}"
            entrance = Entrance(own.id, start.enter, key, offered.row.contact_id)
            begin_visits(connection, [entrance], now)
        entered += bool(advance or start)
    return entered


def _advance(
    version: Version, run: OpenRun, running: _Running, offered: _Offered
) -> Advance | None:
    possible = (
        each for each in version.workflow.advances if (run.id, each.inside) in running.inside
    )
    return next((each for each in possible if offered.passes(each, version.workflow)), None)


def _start(version: Version, run: OpenRun | None, offered: _Offered) -> Start | None:
    kind = offered.row.case_kind
    possible = (
        each
        for each in version.workflow.starts
        if each.case_kind == kind and (run is None or not each.unless_running)
    )
    return next((each for each in possible if offered.passes(each, version.workflow)), None)


def _move_on(
    connection: Connection,
    visit_id: int,
    advance: Advance,
    offered: _Offered,
    language: Language,
    now: datetime,
) -> None:
    [visit] = read_visits(connection, [visit_id], offered.today)
    by = Leave(advance.enter, BY_CONTACT)
    leave(connection, [Left(visit, by, offered.row.contact_id)], language, now)


def _keep(
    connection: Connection,
    offered: _Offered,
    workflow: str,
    refused: Refused,
    language: Language,
    now: datetime,
) -> None:
    row = {
        "id": f"contact:{offered.row.contact_id}:{workflow}"[:LONGEST_ID],
        "occurred_at": now,
        "handled_at": now,
        "payload": {"case": offered.row.case_number, "workflow": workflow},
        "outcome": REFUSED,
        "reason": " ".join(refusal_sentences(refused.refusals, language)),
    }
    connection.execute(insert(incoming_events).values(**row))
