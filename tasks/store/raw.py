"""Raw messages: kept once, as they came."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from tasks.store.tables import raw_messages, raw_pieces

PIECE = 1024 * 1024  # bytes in one row; a large message is never bound as a whole

# This is done for every chunk of messages: the statements stand ready.
_KNOWN = select(raw_messages.c.sha256, raw_messages.c.id).where(
    raw_messages.c.sha256.in_(bindparam("digests"))
)
_MESSAGE = insert(raw_messages)
_PIECE = insert(raw_pieces)


def sha256(raw: bytes) -> str:
    """Name a raw message by its content."""
    return hashlib.sha256(raw).hexdigest()


def keep_raw(connection: Connection, messages: Mapping[str, bytes]) -> dict[str, int]:
    """Keep raw messages, given by their SHA-256; gives the id of each, new or known."""
    ids = _known(connection, messages) if messages else {}
    new = [digest for digest in messages if digest not in ids]
    if not new:
        return ids
    rows = [{"sha256": digest, "size": len(messages[digest])} for digest in new]
    connection.execute(_MESSAGE, rows)
    ids |= _known(connection, new)
    small = [p for d in new if len(messages[d]) <= PIECE for p in _pieces(ids[d], messages[d])]
    if small:
        connection.execute(_PIECE, small)
    for digest in new:
        if len(messages[digest]) > PIECE:
            for piece in _pieces(ids[digest], messages[digest]):
                connection.execute(_PIECE, piece)
    return ids


def read_raw(connection: Connection, raw_id: int) -> bytes:
    """Read a raw message, byte for byte as it came."""
    pieces = select(raw_pieces.c.bytes).where(raw_pieces.c.raw_id == raw_id)
    return b"".join(connection.scalars(pieces.order_by(raw_pieces.c.position)))


def _known(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    found = connection.execute(_KNOWN, {"digests": list(digests)})
    return {digest: raw_id for digest, raw_id in found}


def _pieces(raw_id: int, raw: bytes) -> Iterator[dict[str, Any]]:
    for position, start in enumerate(range(0, len(raw) or 1, PIECE)):
        yield {"raw_id": raw_id, "position": position, "bytes": raw[start : start + PIECE]}
