"""Lists and searches, who changed what, and what customers see."""

import sqlalchemy as sa
from alembic import op

from domain.search_words import folded, sort_key
from tasks.store.contact_words import enter_words, read_said
from tasks.store.migrations import search_indexes
from tasks.store.migrations.changes import (
    ID,
    INSTANT,
    add,
    id_column,
    index,
    long_text,
    primary_key,
    reference,
    text,
    to,
)

revision = "0005"
down_revision = "0004"

AT_ONCE = 1_000


def upgrade() -> None:
    """Change the structure to what this version needs."""
    _keys()
    _orders()
    _changes("contact")
    _changes("appointment")
    _publications()
    search_indexes.create()
    _fill_indexes()


def _orders() -> None:
    for table, *columns in (
        ("contacts", "sort_key", "id"),
        ("appointments", "begins", "id"),
        ("appointments", "sort_key", "id"),
        ("todos", "due_key", "id"),
        ("todos", "created_at", "id"),
        ("todos", "rank", "due_key", "id"),
        ("todos", "sort_key", "id"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    index("todos", "taken_by_id")
    index("correspondents", "employee_id")
    index("correspondents", "address_id")


def _changes(of: str) -> None:
    table = f"{of}_changes"
    op.create_table(
        table,
        id_column(),
        to(f"{of}_id"),
        sa.Column("employee_id", ID),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        reference(table, f"{of}_id", f"{of}s"),
        reference(table, "employee_id", "employees"),
        primary_key(table),
    )
    index(table, f"{of}_id")


def _publications() -> None:
    op.create_table(
        "publications",
        id_column(),
        to("contact_id"),
        to("case_id"),
        to("publisher_id"),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("withdrawer_id", ID),
        sa.Column("withdrawn_because", sa.String(30)),
        sa.Column("dated_at", INSTANT, nullable=False),
        sa.Column("incoming", sa.Boolean(), nullable=False),
        long_text("sender"),
        long_text("matchcode"),
        long_text("text"),
        sa.Column("html", sa.Text()),
        reference("publications", "contact_id", "contacts"),
        reference("publications", "case_id", "cases"),
        reference("publications", "publisher_id", "employees"),
        reference("publications", "withdrawer_id", "employees"),
        primary_key("publications"),
    )
    index("publications", "contact_id")
    index("publications", "case_id")
    condition = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_publications_contact_id",
        "publications",
        ["contact_id"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )
    op.create_table(
        "publication_files",
        to("publication_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        long_text("content_type"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        reference("publication_files", "publication_id", "publications"),
        primary_key("publication_files", "publication_id", "position"),
    )


def _fill_indexes() -> None:
    """Enter what is there already; PostgreSQL has entered the trigrams by itself."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for table in search_indexes.TABLES:
            name = f"{table}_trigrams"
            op.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 - ours
    last = 0
    while ids := connection.scalars(
        sa.text("SELECT id FROM contacts WHERE id > :last ORDER BY id LIMIT :most"),
        {"last": last, "most": AT_ONCE},
    ).all():
        enter_words(connection, read_said(connection, ids))
        last = ids[-1]


def _keys() -> None:
    never = "9999-12-31 00:00:00"
    if op.get_bind().dialect.name != "sqlite":
        never += "+00"
    for table in search_indexes.TABLES:
        due = [sa.Column("due_key", INSTANT, nullable=False, server_default=never)]
        add(table, text("search_key"), text("sort_key"), *(due if table == "todos" else []))
        _fill(table)
    op.execute("UPDATE todos SET due_key = due_at WHERE due_at IS NOT NULL")


def _fill(table: str) -> None:
    """Fold the matchcodes that are there."""
    rows = sa.table(
        table,
        sa.column("id"),
        sa.column("matchcode"),
        sa.column("search_key"),
        sa.column("sort_key"),
    )
    connection, last = op.get_bind(), 0
    changing = sa.update(rows).where(rows.c.id == sa.bindparam("this"))
    while found := connection.execute(
        sa.select(rows.c.id, rows.c.matchcode)
        .where(rows.c.id > last)
        .order_by(rows.c.id)
        .limit(AT_ONCE)
    ).all():
        keys = [(row.id, folded(row.matchcode)) for row in found]
        values = [{"this": id_, "search_key": k, "sort_key": sort_key(k)} for id_, k in keys]
        connection.execute(
            changing.values(
                search_key=sa.bindparam("search_key"), sort_key=sa.bindparam("sort_key")
            ),
            values,
        )
        last = found[-1].id
