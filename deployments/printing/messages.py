"""Internal messages, as an inbox and one by one."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.tables import local, table, visible
from tasks.store.inbox import Message

OURSELVES = "Kontaktwerk"


def inbox_table(messages: Iterable[Message]) -> RenderableType:
    """Show an employee's messages."""
    rows = [
        (
            str(each.id),
            local(each.sent_at),
            each.sender or OURSELVES,
            each.matchcode or "(no subject)",
            str(each.contact_id or ""),
            "" if each.read_at else "new",
        )
        for each in messages
    ]
    return table("Messages", ("no.", "sent", "from", "matchcode", "contact", ""), rows)


def message_panel(message: Message) -> RenderableType:
    """Show a message with its text."""
    facts = f"from {message.sender or OURSELVES}, {local(message.sent_at)}"
    title = Text(visible(f"{message.id}: {message.matchcode or '(no subject)'}"))
    return Panel(Text(visible(f"{facts}\n\n{message.text or '(no text)'}")), title=title)
