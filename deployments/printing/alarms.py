"""Alarms as their employee follows them, and how employees want to be informed."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import RenderableType

from deployments.printing.tables import table
from domain.alarms import MESSAGE, Preferences, lateness
from domain.zones import wall
from tasks.store.alarm_lines import AlarmLine

PRIVATE = "(private)"  # what its employee may not see any more


def alarms_table(title: str, lines: Iterable[AlarmLine], zone: str) -> RenderableType:
    """Show alarms by the clocks of a zone."""
    rows = [
        (
            str(line.id),
            _shown(line.due_at, zone),
            line.matchcode or (PRIVATE if line.private else ""),
            str(line.appointment_id),
            line.channel,
            "; ".join(_states(line, zone)),
        )
        for line in lines
    ]
    columns = ("no.", "alarm time", "matchcode", "appointment", "by", "")
    return table(title, columns, rows)


def wishes_text(wishes: Preferences) -> str:
    """Say how an employee is informed."""
    told = f"You are informed by {', '.join([MESSAGE, *sorted(wishes.channels)])}"
    if wishes.escalate_after is None:
        return f"{told}."
    minutes = wishes.escalate_after.total_seconds() / 60
    return f"{told}; without acknowledgement after {minutes:g} min by {wishes.escalate_to} too."


def _states(line: AlarmLine, zone: str) -> list[str]:
    late = lateness(line.due_at, line.rung_at) if line.rung_at else None
    states = {
        f"rung {_shown(line.rung_at, zone)}": line.rung_at,
        f"{late.total_seconds():.0f} s late" if late else "": late,
        f"acknowledged {_shown(line.acknowledged_at, zone)}": line.acknowledged_at,
        f"rings again {_shown(line.snoozed_until, zone)}": line.snoozed_until,
        "not acknowledged": line.rung_at and not (line.acknowledged_at or line.snoozed_until),
        f"again: {line.origin}": line.origin != "time",
        f"{line.reason}": line.reason,
    }
    return [said for said, is_so in states.items() if is_so]


def _shown(at: datetime | None, zone: str) -> str:
    return f"{wall(at, zone):%Y-%m-%d %H:%M:%S}" if at else ""
