"""Which messages belong together, whatever order they arrive in."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weaving:
    """What has to change so that related messages stand in one thread."""

    threads: Mapping[str, str]  # message id -> thread, for every id that was asked about
    new: Sequence[str]  # message ids that had no thread yet
    merged: Mapping[str, str]  # thread that ends -> thread that it becomes part of


def weave(families: Iterable[Sequence[str]], known: Mapping[str, str]) -> Weaving:
    """Bring messages together that refer to each other, directly or by an id never seen.

    A family is the ids that one message names: its own, In-Reply-To, References. known gives
    the thread of each id that has one. Which ids end up together does not depend on the order.
    """
    families = [family for family in families if family]
    roots = _Forest()
    for family in families:
        for message_id in family:
            roots.join(family[0], message_id)
            if message_id in known:
                roots.join(message_id, _label(known[message_id]))
    return _outcome(roots, [message_id for family in families for message_id in family], known)


def _outcome(roots: "_Forest", ids: Sequence[str], known: Mapping[str, str]) -> Weaving:
    olds = defaultdict(set)
    for message_id in ids:
        if message_id in known:
            olds[roots.of(message_id)].add(known[message_id])
    names = {root: min(old) for root, old in olds.items()}
    for message_id in ids:
        names.setdefault(roots.of(message_id), _name(message_id))
    threads = {message_id: names[roots.of(message_id)] for message_id in ids}
    merged = {old: names[root] for root, group in olds.items() for old in group}
    return Weaving(
        threads,
        [message_id for message_id in threads if message_id not in known],
        {old: name for old, name in merged.items() if old != name},
    )


def _label(thread: str) -> str:
    return f"\0{thread}"  # no message id can be taken for it


def _name(message_id: str) -> str:
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


class _Forest:
    """Disjoint sets of names (union-find with path halving)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, name: str) -> str:
        parent = self._parent.setdefault(name, name)
        while parent != name:
            grandparent = self._parent[parent]
            self._parent[name] = grandparent
            name, parent = parent, grandparent
        return name

    def join(self, one: str, other: str) -> None:
        self._parent[self.of(one)] = self.of(other)
