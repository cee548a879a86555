"""The alarm board in the Prefect UI: armed, rung, late, failed, and not acknowledged (A4, A6)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from domain.alarms import lateness
from tasks.boards import Row, minute, plain, show_board
from tasks.store.alarm_lines import AlarmLine, alarm_sections
from tasks.store.database import store

ALARMS = "alarms"
MOST = 30  # of each kind
PRIVATE = "private"


async def show_alarms() -> None:
    """Show how alarms fare; of private contacts' follow-ups nothing but that."""
    rows, now = await asyncio.to_thread(alarm_board_rows)
    told = "Late, failed, unacknowledged, armed for the next hour, and rung in the last one"
    await show_board(ALARMS, rows, f"{told}; {minute(now)}.")


def alarm_board_rows() -> tuple[Sequence[Row], datetime]:
    """Give the board's rows, what asks for most first, and when they were read."""
    now = store().now()
    sections = alarm_sections(store(), now, MOST)
    kinds = {
        "late": sections.late,
        "failed": sections.failed,
        "unacknowledged": sections.unacknowledged,
        "armed": sections.armed,
        "rung": sections.rung,
    }
    first: dict[int, Row] = {}  # each alarm once, by what asks for most
    for kind, lines in kinds.items():
        for line in lines:
            first.setdefault(line.id, _row(kind, line, now))
    return list(first.values()), now


def _row(kind: str, line: AlarmLine, now: datetime) -> Row:
    late = lateness(line.due_at, line.rung_at or now)
    return {
        "state": kind,
        "due": f"{line.due_at:%m-%d %X}",
        "s late": round(late.total_seconds()) if late else "",
        "appointment": _hidden(line, line.matchcode, 24),
        "employee": _hidden(line, line.employee, 24),
        "by": line.channel,
        "alarm": line.id,
        "attempts": line.attempts,
        "reason": _hidden(line, line.reason or "", 60),
    }


def _hidden(line: AlarmLine, text: str, most: int) -> str:
    if line.private:
        return PRIVATE if text else ""
    return plain(text if len(text) <= most else f"{text[: most - 1]}…")
