"""Searching for a part of the matchcode, whatever the letters' case and umlauts (L2)."""

from typing import Any

from sqlalchemy import Connection, Select, Table, column, literal_column, select, table

from tasks.store.lists.pages import Filter

SHORTEST = 3  # letters that an index of trigrams can find


def by_matchcode(connection: Connection, listed: Table, term: str) -> Filter:
    """Filter by a part of the matchcode, folded; wildcards mean themselves."""
    found = listed.c.search_key.contains(term, autoescape=True)
    if len(term) < SHORTEST:
        return Filter(found)
    if connection.dialect.name == "sqlite":
        return Filter(found, _by_trigrams(listed, term))
    return Filter(found, select(listed.c.id).where(found))


def _by_trigrams(listed: Table, term: str) -> Select[Any]:
    name = f"{listed.name}_trigrams"
    trigrams = table(name, column("rowid"))
    phrase = '"' + term.replace('"', '""') + '"'
    return select(trigrams.c.rowid).where(literal_column(name).match(phrase))
