"""Raw messages: kept once, as they came."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from tasks.store.tables import raw_messages, raw_pieces

PIECE = 1024 * 1024  # bytes in one row; a large message is never bound as a whole


def sha256(raw: bytes) -> str:
    """Name a raw message by its content."""
    return hashlib.sha256(raw).hexdigest()


def keep_raw(connection: Connection, messages: Mapping[str, bytes]) -> dict[str, int]:
    """Keep raw messages, given by their SHA-256; gives the id of each, new or known."""
    ids = _known(connection, messages)
    new = [digest for digest in messages if digest not in ids]
    if not new:
        return ids
    rows = [{"sha256": digest, "size": len(messages[digest])} for digest in new]
    connection.execute(insert(raw_messages), rows)
    ids |= _known(connection, new)
    small = [p for d in new if len(messages[d]) <= PIECE for p in _pieces(ids[d], messages[d])]
    if small:
        connection.execute(insert(raw_pieces), small)
    for digest in new:
        if len(messages[digest]) > PIECE:
            for piece in _pieces(ids[digest], messages[digest]):
                connection.execute(insert(raw_pieces), piece)
    return ids


def read_raw(connection: Connection, raw_id: int) -> bytes:
    """Read a raw message, byte for byte as it came."""
    pieces = select(raw_pieces.c.bytes).where(raw_pieces.c.raw_id == raw_id)
    return b"".join(connection.scalars(pieces.order_by(raw_pieces.c.position)))


def _known(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    query = select(raw_messages.c.sha256, raw_messages.c.id)
    found = connection.execute(query.where(raw_messages.c.sha256.in_(list(digests))))
    return {row.sha256: row.id for row in found}


def _pieces(raw_id: int, raw: bytes) -> Iterator[dict[str, Any]]:
    for position, start in enumerate(range(0, len(raw) or 1, PIECE)):
        yield {"raw_id": raw_id, "position": position, "bytes": raw[start : start + PIECE]}
