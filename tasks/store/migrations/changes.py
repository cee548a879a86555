"""Changes of the structure that migrations make again and again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def add(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns; what they begin with in the rows there are is no default for later ones."""
    with op.batch_alter_table(table) as adding:
        for column in columns:
            adding.add_column(column)
    with op.batch_alter_table(table) as forgetting:
        for column in columns:
            if column.server_default is not None:
                forgetting.alter_column(column.name, existing_type=column.type, server_default=None)


def text(name: str, kind: Any = None, usual: str = "") -> sa.Column[str]:
    """Describe a text that is never missing, and what the rows there are begin with."""
    return sa.Column(name, kind or sa.Text(), nullable=False, server_default=usual)


def reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Describe a reference of a new table."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def refer(batch: Any, table: str, column: str, target: str, key: str = "id") -> None:
    """Add a reference to a table that is being changed."""
    batch.create_foreign_key(op.f(f"fk_{table}_{column}"), target, [column], [key])


def id_column() -> sa.Column[int]:
    """Describe the id."""
    return sa.Column("id", ID, nullable=False)


def to(name: str) -> sa.Column[int]:
    """Describe a column that refers to a row of another table."""
    return sa.Column(name, ID, nullable=False)


def long_text(name: str) -> sa.Column[str]:
    """Describe a text that is never missing."""
    return sa.Column(name, sa.Text(), nullable=False)


def primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Describe the primary key; without columns, the id."""
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Describe what is there only once."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def index(table: str, column: str) -> None:
    """Make an index on a column."""
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    """Make an index of the few rows that a condition holds for."""
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
