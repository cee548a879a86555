"""The files of a contact, with their bytes."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from domain.mail import TransferEncoding
from domain.outgoing import File
from tasks.mail.transfer import content_of
from tasks.store.database import Store
from tasks.store.raw import keep_raw, read_raw, sha256
from tasks.store.tables import attachments, contacts


def enter_files(connection: Connection, contact_id: int, files: Sequence[File]) -> None:
    """Keep the files of a contact that is written here; the same bytes are kept once."""
    ids = keep_raw(connection, {sha256(file.content): file.content for file in files})
    rows = [
        {
            "contact_id": contact_id,
            "position": position,
            "name": file.name,
            "content_type": file.content_type,
            "size": len(file.content),
            "start": 0,
            "end": len(file.content),
            "encoding": TransferEncoding.IDENTITY,
            "content_id": file.content_id,
            "inline": file.inline,
            "raw_id": ids[sha256(file.content)],
        }
        for position, file in enumerate(files)
    ]
    if rows:
        connection.execute(insert(attachments), rows)


def files_of(store: Store, contact_id: int | None) -> tuple[File, ...]:
    """Read a contact's files, in their order, out of what keeps their bytes."""
    query = (
        select(attachments, contacts.c.raw_id.label("message"))
        .join(contacts, contacts.c.id == attachments.c.contact_id)
        .where(attachments.c.contact_id == contact_id)
        .order_by(attachments.c.position)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
        kept = {row.raw_id or row.message for row in rows}
        raw = {raw_id: read_raw(connection, raw_id) for raw_id in kept}
    return tuple(
        File(
            row.name,
            row.content_type,
            content_of(
                raw[row.raw_id or row.message],
                row.start,
                row.end,
                TransferEncoding(row.encoding),
            ).octets,
            row.content_id,
            row.inline,
        )
        for row in rows
    )
