"""The words of contacts, by which they are found: what is new apart from what is quoted.

SQLite keeps them in an FTS5 table, PostgreSQL as tsvectors; both get the same folded words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, select, text

from domain.search_words import words
from tasks.store.tables import attachments, contacts

PARTS = ("matchcode", "new_text", "files", "quoted")
MOST = 100_000  # characters of a text whose words can be found

_LEAVE = {
    "sqlite": text("DELETE FROM contact_words WHERE rowid = :id"),
    "postgresql": text("DELETE FROM contact_words WHERE contact_id = :id"),
}
_ENTER = {
    "sqlite": text(
        "INSERT INTO contact_words (rowid, matchcode, new_text, files, quoted) "
        "VALUES (:id, :matchcode, :new_text, :files, :quoted)"
    ),
    "postgresql": text(
        "INSERT INTO contact_words (contact_id, words) VALUES (:id, "
        "setweight(to_tsvector('simple', :matchcode), 'A') || "
        "setweight(to_tsvector('simple', :new_text), 'B') || "
        "setweight(to_tsvector('simple', :files), 'C') || "
        "setweight(to_tsvector('simple', :quoted), 'D'))"
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a contact says."""

    contact_id: int
    matchcode: str
    text: str  # the whole of it
    new_text: str
    file_names: Sequence[str]


def enter_words(connection: Connection, said: Sequence[Said]) -> None:
    """Enter the words of contacts that have none yet."""
    _write(connection, _ENTER, [_row(each) for each in said])


def renew_words(connection: Connection, contact_id: int) -> None:
    """Enter a contact's words anew: its matchcode, its text or its files have changed."""
    _write(connection, _LEAVE, [{"id": contact_id}])
    enter_words(connection, read_said(connection, [contact_id]))


def read_said(connection: Connection, contact_ids: Sequence[int]) -> list[Said]:
    """Read what contacts say."""
    of_contacts = select(contacts.c.id, contacts.c.matchcode, contacts.c.text, contacts.c.new_text)
    of_files = select(attachments.c.contact_id, attachments.c.name)
    names: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(of_files.where(attachments.c.contact_id.in_(contact_ids))):
        names[row.contact_id].append(row.name)
    found = connection.execute(of_contacts.where(contacts.c.id.in_(contact_ids)))
    return [Said(row.id, row.matchcode, row.text, row.new_text, names[row.id]) for row in found]


def _write(
    connection: Connection,
    statement: Mapping[str, TextClause],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    if rows:
        connection.execute(statement[connection.dialect.name], rows)


def _row(said: Said) -> dict[str, Any]:
    return {
        "id": said.contact_id,
        "matchcode": _words(said.matchcode),
        "new_text": _words(said.new_text),
        "files": _words(" ".join(said.file_names)),
        "quoted": _words(quoted_part(said.text, said.new_text)),
    }


def quoted_part(whole: str, new: str) -> str:
    """Give what a text repeats of earlier ones."""
    before, _, after = whole.partition(new) if new else ("", "", whole)
    return f"{before} {after}"


def _words(said: str) -> str:
    return " ".join(words(said[:MOST]))
