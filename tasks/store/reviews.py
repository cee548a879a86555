"""Contacts whose case was ambiguous, decided by a person."""

from sqlalchemy import Connection, select

from domain.errors import UnknownRecord
from domain.matching import Decision, Verdict
from tasks.store.candidates import read_candidates, reconsider, record_decision
from tasks.store.contact_holding import note_since, read_facts
from tasks.store.database import Store
from tasks.store.tables import cases, contacts, thread_nodes
from tasks.store.threads import enter_thread_cases
from tasks.store.visibility import visible_to


def decide_review(store: Store, contact_id: int, case_number: str, viewer: int | None) -> None:
    """Give a contact its case; its thread learns it too. The evidence of before is kept.

    UnknownRecord: no such case, or no undecided contact that the viewer may see.
    """
    now = store.now()

    def deciding(connection: Connection) -> None:
        case_id = connection.scalar(select(cases.c.id).where(cases.c.number == case_number))
        if case_id is None:
            raise UnknownRecord(f"there is no case {case_number}")
        thread = _thread_of_undecided(connection, contact_id, viewer)
        before = read_facts(connection, contact_id)
        candidates = tuple(read_candidates(connection, [contact_id]).get(contact_id, ()))
        decision = Decision(Verdict.DECIDED, case_id, candidates)
        record_decision(connection, contact_id, decision)
        note_since(connection, contact_id, before, viewer, now)
        enter_thread_cases(connection, [(thread, case_id)])
        reconsider(connection, [thread])

    store.write(deciding)


def _thread_of_undecided(connection: Connection, contact_id: int, viewer: int | None) -> str:
    query = (
        select(thread_nodes.c.thread)
        .join(contacts, contacts.c.message_id == thread_nodes.c.message_id)
        .where(contacts.c.id == contact_id, contacts.c.verdict != Verdict.DECIDED)
        .where(visible_to(viewer))
        .with_for_update(of=contacts)
    )
    thread: str | None = connection.scalar(query)
    if thread is None:
        raise UnknownRecord(f"there is no undecided contact {contact_id} that you may see")
    return thread
