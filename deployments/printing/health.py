"""How everything fares: the dispatch shift, the queues, the watched folders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from deployments.printing.tables import local, table
from domain.sending import is_alive
from tasks.mail.probing import Finding
from tasks.store.accounts import MailboxHealth
from tasks.store.queues import QueueHealth


def status_report(
    last_beat: datetime | None,
    queues: Sequence[QueueHealth],
    mailboxes: Sequence[MailboxHealth],
    now: datetime,
) -> RenderableType:
    """Show what a look at the installation should say."""
    return Group(_beat_line(last_beat, now), queues_table(queues, now), *_mailbox_lines(mailboxes))


def queues_table(queues: Iterable[QueueHealth], now: datetime) -> RenderableType:
    """Show how the queues fare, one for each account or gateway."""
    rows = [(each.name, str(each.waiting), _queue_state(each, now)) for each in queues]
    return table("Queues", ("queue", "waiting", "state"), rows)


def mailboxes_table(healths: Iterable[MailboxHealth]) -> RenderableType:
    """Show how the watched folders fare."""
    rows = [
        (
            str(each.mailbox),
            each.mailbox.address,
            f"{each.checked_at:%Y-%m-%d %H:%M:%S}" if each.checked_at else "never",
            f"failing since {each.failing_since:%Y-%m-%d %H:%M}: {each.failure}"
            if each.failing_since
            else "fine",
        )
        for each in healths
    ]
    return table("Mailboxes", ("mailbox", "address", "checked (UTC)", "state"), rows)


def findings_table(findings: Iterable[Finding]) -> RenderableType:
    """Show what a test of a mail account found."""
    rows = [("yes" if each.good else "no", each.what, each.detail) for each in findings]
    return table("Mail account", ("works", "what", ""), rows)


def _beat_line(last_beat: datetime | None, now: datetime) -> Text:
    if last_beat is None:
        return Text("Sending: never ran here; start it with: kontakt up", style="red")
    age = f"last sign of life {(now - last_beat).total_seconds():.0f} s ago"
    if is_alive(last_beat, now):
        return Text(f"Sending: alive, {age}", style="green")
    return Text(f"Sending: not running, {age}; requests are refused", style="red")


def _queue_state(queue: QueueHealth, now: datetime) -> str:
    if not queue.enabled:
        return "not configured any more"
    if queue.failing_since is None:
        return "fine"
    rests = queue.paused_until is not None and queue.paused_until > now
    resting = f", rests until {local(queue.paused_until, '%H:%M:%S')}" if rests else ""
    return f"failing since {local(queue.failing_since)}{resting}: {queue.failure}"


def _mailbox_lines(healths: Sequence[MailboxHealth]) -> list[Text]:
    failing = [each for each in healths if each.failing_since]
    told = f"Mailboxes: {len(healths)} watched, {len(failing)} failing"
    lines = [Text(f"{each.mailbox}: {each.failure}", style="red") for each in failing]
    return [Text(told), *lines]
