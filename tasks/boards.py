"""Boards in the Prefect UI: tables and texts that are refreshed in place."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import ArtifactUpdate

from domain.arrivals import Counts
from tasks.prefect_api import tolerated
from tasks.store.accounts import MailboxHealth, mailbox_healths
from tasks.store.database import store
from tasks.store.receipts import counts_since

MAILBOXES = "mailboxes"
DAY = timedelta(days=1)
Row = Mapping[str, str | int]
_MARKDOWN = re.compile(r"[\\`*_\[\]<>!#|~]|:(?=//)|(?<=www)\.")


async def show_mailboxes() -> None:
    """Show how every watched folder fares; nothing that a message says is on this board."""
    rows = await asyncio.to_thread(_mailbox_rows, datetime.now(UTC))
    await show_board(MAILBOXES, rows, "How the watched mailboxes fare; messages of 24 hours.")


async def show_board(key: str, rows: Sequence[Row], description: str) -> bool:
    """Put a table into the UI, in the place of the one before, so that they do not pile up.

    Tells whether it is there: the Prefect server may be away.
    """
    with tolerated(f"board {key}"):
        if not await _refreshed(key, json.dumps(rows), description):
            await acreate_table_artifact([dict(row) for row in rows], key, description)
        return True
    return False


async def show_text(key: str, markdown: str, description: str) -> bool:
    """Put a text (Markdown) into the UI, as show_board does a table."""
    with tolerated(f"board {key}"):
        if not await _refreshed(key, markdown, description):
            await acreate_markdown_artifact(markdown, key, description)
        return True
    return False


async def _refreshed(key: str, content: str, description: str) -> bool:
    async with get_client() as client:
        shown = await _shown(client, key)
        if shown:
            update = ArtifactUpdate(data=content, description=description)
            await client.update_artifact(shown, update)
    return shown is not None


async def _shown(client: PrefectClient, key: str) -> UUID | None:
    """Find a board that is there; the client's own reading sends nulls, which are refused."""
    wanted = {"artifacts": {"key": {"any_": [key]}}, "sort": "UPDATED_DESC", "limit": 1}
    answer = await client.request("POST", "/artifacts/filter", json=wanted)
    found = answer.json()
    return UUID(found[0]["id"]) if found else None


def _mailbox_rows(now: datetime) -> list[Row]:
    counts = counts_since(store(), now - DAY)
    return [
        _mailbox_row(health, counts.get(health.mailbox.id, Counts()))
        for health in mailbox_healths(store())
    ]


def _mailbox_row(health: MailboxHealth, counts: Counts) -> Row:
    return {
        "mailbox": str(health.mailbox),
        "new": counts.imported,
        "duplicate": counts.duplicate,
        "quarantined": counts.quarantined,
        "skipped": counts.skipped,
        "checked": minute(health.checked_at),
        "state": f"failing since {minute(health.failing_since)}: {plain(health.failure or '')}"
        if health.failing_since
        else "fine",
    }


def plain(text: str) -> str:
    """Keep what others wrote from being taken for Markdown, with links and pictures of theirs."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def minute(instant: datetime | None) -> str:
    """Write an instant as boards show it."""
    return instant.strftime("%Y-%m-%d %H:%M:%S UTC") if instant else "never"
