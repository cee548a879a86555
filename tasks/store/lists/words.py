"""Finding contacts by the words they say, each by its beginning, in the best of their parts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    func,
    literal_column,
    select,
    table,
)

from domain.errors import BadFilter
from domain.search_words import words
from tasks.store.contact_words import PARTS
from tasks.store.lists.pages import Filter
from tasks.store.tables import contacts

MOST_WORDS = 20
RANKS = tuple(range(1, len(PARTS) + 1))  # in how many of the parts, the best first, all words are
WEIGHTS = "ABCD"  # PostgreSQL's names of the parts

_words = table("contact_words", column("rowid"), column("contact_id"), column("words"))


def wanted_words(full_text: str) -> list[str]:
    """Take the words out of what somebody searches for; BadFilter where there are none."""
    wanted = list(dict.fromkeys(words(full_text)))
    if not 1 <= len(wanted) <= MOST_WORDS:
        raise BadFilter(f"search for one word, or up to {MOST_WORDS}")
    return wanted


def by_words(connection: Connection, wanted: Sequence[str], rank: int | None = None) -> Filter:
    """Filter by words: those who have all of them in so many parts, and not in fewer; or in any."""
    ids = _matching(connection, wanted, rank)
    return Filter(contacts.c.id.in_(ids), ids)


def in_index_order(
    ids: Select[Any], conditions: Sequence[ColumnElement[bool]], before: Any
) -> Select[Any]:
    """Select contacts of these, the newest first, on SQLite: its index gives them one by one."""
    joined = ids.with_only_columns(_words.c.rowid).join(contacts, contacts.c.id == _words.c.rowid)
    older = [] if before is None else [_words.c.rowid < before]
    return joined.where(*conditions, *older).order_by(_words.c.rowid.desc())


def _matching(connection: Connection, wanted: Sequence[str], rank: int | None) -> Select[Any]:
    if connection.dialect.name == "sqlite":
        return _matching_on_sqlite(wanted, rank)
    return _matching_on_postgresql(wanted, rank)


def _matching_on_sqlite(wanted: Sequence[str], rank: int | None) -> Select[Any]:
    phrases = " AND ".join(f'"{word}"*' for word in wanted)  # letters and digits only

    def within(parts: Sequence[str]) -> str:
        return f"({{{' '.join(parts)}}} : ({phrases}))"

    better = f" NOT {within(PARTS[: rank - 1])}" if rank and rank > 1 else ""
    query = within(PARTS[:rank]) + better
    return select(_words.c.rowid).where(literal_column("contact_words").match(query))


def _matching_on_postgresql(wanted: Sequence[str], rank: int | None) -> Select[Any]:
    def within(parts: int) -> ColumnElement[bool]:
        query = " & ".join(f"'{word}':*{WEIGHTS[:parts]}" for word in wanted)
        return _words.c.words.op("@@", is_comparison=True)(func.to_tsquery("simple", query))

    better = [~within(rank - 1)] if rank and rank > 1 else []
    return select(_words.c.contact_id).where(within(rank or len(PARTS)), *better)
