"""The dispatch board in the Prefect UI: what is on its way, in trouble, or was just sent (X5)."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound

from domain.delivery import DispatchStatus, in_words
from tasks.boards import Row, minute, plain, show_board
from tasks.store.database import store
from tasks.store.dispatches import DispatchLine, list_dispatches

DISPATCHES = "dispatches"
RESOLVE = "resolve-dispatch/resolve-dispatch"
LAST_SENT = 10
MOST = 50  # of those in one state
SECTIONS = (
    (DispatchStatus.SENDING, DispatchStatus.QUEUED),
    (DispatchStatus.RETRYING,),
    (DispatchStatus.UNKNOWN,),
    (DispatchStatus.FAILED, DispatchStatus.BOUNCED, DispatchStatus.PARTLY_SENT),
)


async def show_dispatches() -> None:
    """Show how dispatches fare; of private contacts nothing but that."""
    lines = await asyncio.to_thread(dispatch_board_lines)
    told = f"On its way, retrying, unknown, failed, and last sent; {minute(_now())}."
    if any(line.status is DispatchStatus.UNKNOWN for line in lines):
        told += f" What is unknown you decide: {await _button()}."
    await show_board(DISPATCHES, [_row(line) for line in lines], told)


async def _button() -> str:
    """Link to the form in which a person sends again, or counts as sent."""
    async with get_client() as client:
        with suppress(ObjectNotFound):  # a shift may run without any deployments
            found = await client.read_deployment_by_name(RESOLVE)
            return f"[send again, or count as sent](/deployments/deployment/{found.id}/run)"
    return "kontakt dispatch resend, or count-as-sent"


def dispatch_board_lines() -> list[DispatchLine]:
    """List what the board shows, what asks for most first."""
    listed = [
        line for states in SECTIONS for line in list_dispatches(store(), None, states, limit=MOST)
    ]
    return [*listed, *list_dispatches(store(), None, [DispatchStatus.SENT], limit=LAST_SENT)]


def _row(line: DispatchLine) -> Row:
    return {
        "dispatch": line.id,
        "status": in_words(line.status),
        "next try": f"{line.due_at:%m-%d %X}" if line.due_at else "",
        "subject": _short(line.matchcode, 36),
        "last answer": _short(next((each.reason for each in line.deliveries if each.reason), "")),
        "by": line.queue or line.channel,
        "recipients": _told((f"{plain(each.to)}: {each.status}" for each in line.deliveries), 5),
        "attempts": line.attempts,
        "about": line.about,
    }


def _short(text: str, most: int = 60) -> str:
    return plain(text if len(text) <= most else f"{text[: most - 1]}…")


def _told(texts: Iterable[str], most: int) -> str:
    listed = list(texts)
    more = [f"and {len(listed) - most} more"] if len(listed) > most else []
    return "; ".join([*listed[:most], *more])


def _now() -> datetime:
    return datetime.now(UTC)
