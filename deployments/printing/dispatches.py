"""Dispatches: their status, their recipients' and their history (X5)."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.tables import local, table, visible
from domain.delivery import DeliveryStatus, in_words
from tasks.store.dispatches import Attempt, DeliveryLine, DispatchDetails, DispatchLine


def dispatches_table(lines: Sequence[DispatchLine]) -> RenderableType:
    """Show dispatches with the status of each recipient."""
    rows = [
        (
            str(line.id),
            in_words(line.status),
            line.about,
            line.queue or line.channel,
            line.matchcode or "(no subject)",
            "\n".join(_briefly(each) for each in line.deliveries),
            local(line.due_at, "%m-%d %H:%M:%S"),
        )
        for line in lines
    ]
    columns = ("no.", "status", "about", "by", "matchcode", "recipients", "next try")
    return table("Dispatches", columns, rows)


def watched(lines: Sequence[DispatchLine], now: datetime) -> RenderableType:
    """Show dispatches as they are at an instant."""
    return Group(dispatches_table(lines), Text(f"{local(now)}; Ctrl-C ends this"))


def dispatch_panel(dispatch: DispatchDetails) -> RenderableType:
    """Show one dispatch with all that happened to it."""
    line = dispatch.line
    facts = [
        f"status: {in_words(line.status)}",
        f"{line.about or 'no contact'}, sent by {_sender(line)} over {line.queue or line.channel}",
        f"queued {local(line.queued_at)}, attempts: {line.attempts}",
        *([f"next try {local(line.due_at)}"] if line.due_at else []),
        *([f"deadline {local(dispatch.deadline)}"] if dispatch.deadline else []),
        f"message id: {dispatch.message_id}",
        f"\n{dispatch.text or '(no text)'}\n",
    ]
    history = [_event(recipient, attempt) for recipient, attempt in dispatch.history]
    parts = [*facts, *(_recipient(each) for each in line.deliveries), *history]
    title = Text(visible(f"Dispatch {line.id}: {line.matchcode or '(no subject)'}"))
    return Panel(Group(*(Text(visible(part)) for part in parts)), title=title)


def _sender(line: DispatchLine) -> str:
    of_itself = "Kontaktwerk" if line.appointment_id else "nobody known"  # an alarm, say
    return line.employee or of_itself


def _briefly(each: DeliveryLine) -> str:
    said = f", {each.reason}" if each.reason and each.status is not DeliveryStatus.SENT else ""
    named = each.to if "@" in each.to else f"{each.name} {each.to}".strip()
    return f"{named}: {in_words(each.status)}{said}"


def _recipient(each: DeliveryLine) -> str:
    named = f"{each.name} <{each.to}>" if each.name and each.name != each.to else each.to
    said = f" ({each.reason})" if each.reason else ""
    return f"{each.kind:>4}: {named}: {in_words(each.status)}{said}"


def _event(recipient: DeliveryLine, attempt: Attempt) -> str:
    named = f" [{attempt.reference}]" if attempt.reference else ""
    told = f"{in_words(attempt.outcome)}: {attempt.answer}{named}"
    return f"{local(attempt.ended_at)} {recipient.to}: {told}"
