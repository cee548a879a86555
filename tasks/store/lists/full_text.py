"""Contacts found by words: what says them in the subject first, what only quotes them last.

So a quoted history never outranks what is new. Among equals the newest is first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from domain.errors import BadFilter
from domain.hit_marks import Excerpt, excerpt
from domain.lists import Listed, Wish, require_sense
from domain.page_keys import page_key, read_page_key
from tasks.store.contacts import ContactLine, read_contact_lines
from tasks.store.database import Store
from tasks.store.lists.contact_list import contact_filters
from tasks.store.lists.pages import Filter, PageOfIds, Question, Sorting, read_page
from tasks.store.lists.reading import Page
from tasks.store.lists.words import RANKS, by_words, in_index_order, wanted_words
from tasks.store.tables import contacts
from tasks.store.visibility import visible_to

NEWEST = Sorting((contacts.c.id,), descending=True)


@dataclass(frozen=True, slots=True)
class Hit:
    """A contact that was found, and where it says the words."""

    line: ContactLine
    excerpt: Excerpt | None  # none: only an attachment's name has them


def search_contacts(
    store: Store,
    wish: Wish,
    viewer: int | None = None,
    limit: int = 50,
    key: str | None = None,
    openly: bool = False,
) -> Page[Hit]:
    """Find contacts that somebody may see by words, each by its beginning (L6, L9).

    Openly, only those that everybody may see: others read it too.
    """
    require_sense(Listed.CONTACTS, wish, viewer is not None)
    wanted = wanted_words(wish.full_text)
    with store.reading() as connection:
        filters = contact_filters(connection, replace(wish, full_text=""), viewer)
        filters.append(Filter(visible_to(None if openly else viewer)))
        found = _ranked(connection, wish, wanted, filters, limit, key)
        lines = read_contact_lines(connection, found.ids)
        texts = _texts(connection, found.ids)
        hits = [Hit(line, _excerpt(texts[line.id], wanted)) for line in lines]
    return Page(tuple(hits), found.next)


def _ranked(
    connection: Connection,
    wish: Wish,
    wanted: Sequence[str],
    filters: Sequence[Filter],
    limit: int,
    key: str | None,
) -> PageOfIds:
    """Fill a page rank by rank; a page key says in which rank it goes on, and where."""
    rank, inner = _resumed(key)
    ids: list[int] = []
    while rank in RANKS:
        asked = _question(connection, wish, wanted, filters, rank)
        reading = _newest_first if _are_newest_first(connection, filters) else read_page
        page = reading(connection, asked, limit - len(ids), inner)
        ids += page.ids
        if page.next:
            return PageOfIds(tuple(ids), f"{rank}.{page.next}")
        rank, inner = rank + 1, None
        if len(ids) == limit and rank in RANKS:
            return PageOfIds(tuple(ids), f"{rank}.")
    return PageOfIds(tuple(ids), None)


def _are_newest_first(connection: Connection, filters: Sequence[Filter]) -> bool:
    """Whether the index of words gives the hits in their order, and is the only one to ask."""
    return connection.dialect.name == "sqlite" and all(each.ids is None for each in filters)


def _newest_first(
    connection: Connection, asked: Question, limit: int, key: str | None
) -> PageOfIds:
    """Read a page as read_page does: the index stops where the page is full."""
    *others, found = asked.filters
    assert found.ids is not None
    before = read_page_key(key, asked.name, [int])[0] if key else None
    query = in_index_order(found.ids, [each.condition for each in others], before)
    ids = connection.scalars(query.limit(limit + 1)).all()
    more = page_key(asked.name, [ids[limit - 1]]) if len(ids) > limit else None
    return PageOfIds(tuple(ids[:limit]), more)


def _question(
    connection: Connection,
    wish: Wish,
    wanted: Sequence[str],
    filters: Sequence[Filter],
    rank: int,
) -> Question:
    """Ask for what has all words within the best parts, and not within fewer."""
    name = f"{Listed.CONTACTS} words {rank} {wish.digest}"
    found = by_words(connection, wanted, rank)
    return Question(contacts, name, [*filters, found], NEWEST)


def _resumed(key: str | None) -> tuple[int, str | None]:
    if not key:
        return RANKS[0], None
    rank, _, inner = key.partition(".")
    if rank not in {str(each) for each in RANKS}:
        raise BadFilter("the page key is none: take it from the list as it is")
    return int(rank), inner or None


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, Sequence[str]]:
    """Read what contacts say, what is best to show first."""
    its = contacts.c
    query = select(its.id, its.new_text, its.matchcode, its.text).where(its.id.in_(ids))
    rows = connection.execute(query)
    return {row.id: (row.new_text, row.matchcode, row.text) for row in rows}


def _excerpt(said: Sequence[str], wanted: Sequence[str]) -> Excerpt | None:
    shown = (excerpt(text, wanted, whole_beginnings=True) for text in said)
    return next(filter(None, shown), None)
