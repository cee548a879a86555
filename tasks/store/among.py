"""Rows by many ids at once, asked for so that PostgreSQL plans and reads it in no time."""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, bindparam, func, select


def among(
    connection: Connection, column: ColumnElement[int], ids: Collection[int]
) -> ColumnElement[bool]:
    """Whether a column holds one of many ids.

    PostgreSQL gets them as one value. As a list each is a parameter to be written and parsed, and
    for some hundreds of them it reads the whole table rather than look each up.
    """
    if connection.dialect.name == "sqlite":
        return column.in_(ids)
    listed = bindparam(None, sorted(ids), ARRAY(BigInteger), unique=True)
    return column.in_(select(func.unnest(listed)))
