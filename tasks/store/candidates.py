"""Why a contact belongs to a case, and which others it might belong to, kept on the contact."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.matching import (
    Candidate,
    CaseRef,
    Clues,
    Decision,
    Evidence,
    EvidenceKind,
    Verdict,
    decide,
    evidence_of,
)
from tasks.store.database import insert_unless_there
from tasks.store.offers import offer
from tasks.store.tables import case_candidates, cases, contact_cases, contacts, thread_nodes
from tasks.store.threads import cases_of_threads

# This is done for every chunk of messages: the statements stand ready.
_CANDIDATES_OF = (
    select(case_candidates)
    .where(case_candidates.c.contact_id.in_(bindparam("contacts")))
    .order_by(case_candidates.c.rank)
)
_UNDECIDED = (
    select(contacts.c.id, thread_nodes.c.thread)
    .join(thread_nodes, thread_nodes.c.message_id == contacts.c.message_id)
    .where(thread_nodes.c.thread.in_(bindparam("threads")))
    .where(contacts.c.verdict != Verdict.DECIDED)
    .order_by(contacts.c.id)
)


def candidate_rows(contact_id: int, decision: Decision) -> list[dict[str, Any]]:
    """Write a decision's candidates as rows, the best first."""
    return [
        {
            "contact_id": contact_id,
            "case_id": candidate.case_id,
            "rank": rank,
            "weight": candidate.weight,
            "evidence": [{"kind": e.kind, "detail": e.detail} for e in candidate.evidence],
        }
        for rank, candidate in enumerate(decision.candidates)
    ]


def read_candidates(
    connection: Connection, contact_ids: Iterable[int]
) -> dict[int, list[Candidate]]:
    """Read contacts' candidates, the best first."""
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for row in connection.execute(_CANDIDATES_OF, {"contacts": set(contact_ids)}):
        evidence = (
            Evidence(EvidenceKind(e["kind"]), row.case_id, e["detail"]) for e in row.evidence
        )
        found[row.contact_id].append(Candidate(row.case_id, row.weight, tuple(evidence)))
    return found


def reconsider(connection: Connection, threads: Iterable[str]) -> None:
    """Decide again what was left open in threads of which more is known now.

    A reply may arrive before the message that it answers, and that one may name the case.
    """
    undecided = _undecided(connection, set(threads))
    if not undecided:
        return
    of_threads = cases_of_threads(connection, {thread for _, thread in undecided})
    before = read_candidates(connection, [contact_id for contact_id, _ in undecided])
    for contact_id, thread in undecided:
        known = [e for candidate in before.get(contact_id, ()) for e in candidate.evidence]
        learned = evidence_of(Clues(thread=_refs(connection, of_threads[thread])))
        record_decision(connection, contact_id, decide([*known, *learned]))


def record_decision(connection: Connection, contact_id: int, decision: Decision) -> None:
    """Put a decision in the place of the one before."""
    this = contacts.c.id == contact_id
    values = {"main_case_id": decision.case_id, "verdict": decision.verdict}
    connection.execute(update(contacts).where(this).values(**values))
    connection.execute(delete(case_candidates).where(case_candidates.c.contact_id == contact_id))
    if rows := candidate_rows(contact_id, decision):
        connection.execute(insert(case_candidates), rows)
    if decision.case_id is not None:
        row = {"contact_id": contact_id, "case_id": decision.case_id}
        belonging = insert_unless_there(connection, contact_cases, "contact_id", "case_id")
        connection.execute(belonging.values(**row))
        offer(connection, [contact_id])


def _undecided(connection: Connection, threads: Collection[str]) -> Sequence[tuple[int, str]]:
    found = connection.execute(_UNDECIDED, {"threads": threads}) if threads else ()
    return [(contact_id, thread) for contact_id, thread in found]


def _refs(connection: Connection, case_ids: Iterable[int]) -> tuple[CaseRef, ...]:
    query = select(cases.c.id, cases.c.number).where(cases.c.id.in_(set(case_ids)))
    rows = connection.execute(query.order_by(cases.c.id))
    return tuple(CaseRef(row.id, row.number) for row in rows)
