"""What is in quarantine, and the messages there as they came."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.tables import table, visible
from tasks.store.quarantine import Confined


def quarantine_table(messages: Iterable[Confined]) -> RenderableType:
    """Show what is in quarantine; nothing of what the messages say."""
    rows = [
        (
            str(each.id),
            f"{each.received_at:%Y-%m-%d %H:%M}",
            f"{each.account}/{each.folder}",
            f"{each.reason}: {each.detail}",
            str(each.attempts),
            f"{each.next_try_at:%Y-%m-%d %H:%M}",
        )
        for each in messages
    ]
    columns = ("no.", "received (UTC)", "mailbox", "reason", "tries", "next try (UTC)")
    return table("Quarantine", columns, rows)


def raw_panel(number: int, raw: bytes) -> RenderableType:
    """Show a message as it came, as far as a terminal can."""
    shown = visible(raw.decode("utf-8", "backslashreplace"))
    return Panel(Text(shown or "(the server never handed it over)"), title=f"Quarantined {number}")
