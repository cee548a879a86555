"""What Kontaktwerk tells the author of a contact that did not arrive."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from domain.wording import failure_notice
from tasks.settings import settings
from tasks.store.inbox import tell
from tasks.store.tables import dispatches


def tell_author(
    connection: Connection,
    dispatch_id: int,
    key: str,
    failed: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Put into the author's inbox whom a dispatch did not reach: recipients with the reasons."""
    row = connection.execute(select(dispatches).where(dispatches.c.id == dispatch_id)).one()
    if failed and row.employee_id is not None:
        notice = failure_notice(row.matchcode, failed, settings().language)
        tell(connection, key, row.employee_id, row.contact_id, notice, now)
