"""The indexes that searches need, each database's own: trigrams of matchcodes, and words.

A later migration that makes one of the tables anew on SQLite calls follow() again afterwards: a
table's triggers go with it.
"""

from alembic import op

TABLES = ("contacts", "appointments", "todos")


def create() -> None:
    """Make all of them, empty."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            op.execute(
                f"CREATE VIRTUAL TABLE {table}_trigrams USING fts5(search_key, content='{table}', "
                "content_rowid='id', tokenize='trigram')"
            )
            follow(table)
        op.execute(
            "CREATE VIRTUAL TABLE contact_words USING fts5(matchcode, new_text, files, quoted, "
            "tokenize='unicode61 remove_diacritics 0')"
        )
        op.execute(
            "CREATE TRIGGER contact_words_delete AFTER DELETE ON contacts BEGIN "
            "DELETE FROM contact_words WHERE rowid = old.id; END"
        )
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table in TABLES:
        name = f"ix_{table}_trigrams"
        op.execute(f"CREATE INDEX {name} ON {table} USING gin (search_key gin_trgm_ops)")
    op.execute(
        "CREATE TABLE contact_words (contact_id BIGINT PRIMARY KEY "
        "REFERENCES contacts (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_contact_words_words ON contact_words USING gin (words)")


def follow(table: str) -> None:
    """Let SQLite's trigrams follow a table; PostgreSQL's do so by themselves."""
    adding = f"INSERT INTO {table}_trigrams (rowid, search_key) VALUES (new.id, new.search_key);"  # noqa: S608 - our own names
    leaving = (
        f"INSERT INTO {table}_trigrams ({table}_trigrams, rowid, search_key) "  # noqa: S608
        "VALUES ('delete', old.id, old.search_key);"
    )
    for event, what in (
        ("INSERT", adding),
        ("DELETE", leaving),
        ("UPDATE OF search_key", leaving + adding),
    ):
        name = f"{table}_trigrams_{event.partition(' ')[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {what} END")
