"""Threads in the database: message ids that belong together, and the cases they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.threads import weave
from tasks.store.tables import thread_cases, thread_nodes

# This is done for every chunk of messages: the statements stand ready.
_CASES_OF = select(thread_cases).where(thread_cases.c.thread.in_(bindparam("threads")))
_THREADS_OF = select(thread_nodes).where(thread_nodes.c.message_id.in_(bindparam("ids")))
_NODE = insert(thread_nodes)
_CASE = insert(thread_cases)


def weave_threads(connection: Connection, families: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Enter messages' ids with those they refer to; gives the thread of each id."""
    ids = {message_id for family in families for message_id in family}
    weaving = weave(families, _threads_of(connection, ids))
    for gone, kept in weaving.merged.items():
        _merge(connection, gone, kept)
    if weaving.new:
        rows = [{"message_id": m, "thread": weaving.threads[m]} for m in weaving.new]
        connection.execute(_NODE, rows)
    return weaving.threads


def cases_of_threads(connection: Connection, threads: Iterable[str]) -> defaultdict[str, set[int]]:
    """Tell which cases each thread belongs to."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    if wanted := set(threads):
        for thread, case_id in connection.execute(_CASES_OF, {"threads": wanted}):
            found[thread].add(case_id)
    return found


def enter_thread_cases(connection: Connection, pairs: Iterable[tuple[str, int]]) -> None:
    """Note that threads belong to cases."""
    wanted = set(pairs)
    known = cases_of_threads(connection, {thread for thread, _ in wanted})
    rows = [
        {"thread": thread, "case_id": case_id}
        for thread, case_id in sorted(wanted)
        if case_id not in known[thread]
    ]
    if rows:
        connection.execute(_CASE, rows)


def _threads_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found = connection.execute(_THREADS_OF, {"ids": set(ids)})
    return {message_id: thread for message_id, thread in found}


def _merge(connection: Connection, gone: str, kept: str) -> None:
    moving = update(thread_nodes).where(thread_nodes.c.thread == gone)
    connection.execute(moving.values(thread=kept))
    taken_over = cases_of_threads(connection, [gone])[gone]
    connection.execute(delete(thread_cases).where(thread_cases.c.thread == gone))
    enter_thread_cases(connection, ((kept, case_id) for case_id in taken_over))
