"""How the command line shows things; what came by mail is never taken for markup."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.mail import Automatic
from domain.matching import Candidate, Verdict
from tasks.mail.probing import Finding
from tasks.store.accounts import MailboxHealth
from tasks.store.contacts import ContactDetails, ContactLine, Correspondent
from tasks.store.quarantine import Confined


def contacts_table(lines: Sequence[ContactLine]) -> RenderableType:
    """Show contacts as a table."""
    rows = [
        (
            str(line.id),
            f"{line.received_at:%Y-%m-%d %H:%M}",
            line.sender,
            line.matchcode or "(no subject)",
            _case(line),
            ", ".join(_marks(line)),
        )
        for line in lines
    ]
    return _table("Contacts", ("no.", "received (UTC)", "from", "matchcode", "case", ""), rows)


def contact_panel(contact: ContactDetails) -> RenderableType:
    """Show a contact with all that hangs on it."""
    parts: list[RenderableType] = [Text(_who(each)) for each in contact.correspondents]
    parts += [Text(f"\n{contact.new_text or '(no text)'}\n")]
    parts += [
        Text(f"file: {each.name} ({each.content_type}, {each.size:,} bytes)")
        for each in contact.attachments
    ]
    parts += [
        Text(f"not reached: {each.address} {each.status} ({each.reason})", style="red")
        for each in contact.bounced
    ]
    parts += [_candidate(each, contact.case_numbers[each.case_id]) for each in contact.candidates]
    parts += [Text(f"damaged: {defect}", style="yellow") for defect in contact.defects]
    title = Text(f"{contact.line.id}: {contact.line.matchcode or '(no subject)'}")
    return Panel(Group(*parts), title=title, subtitle=Text(_case(contact.line)))


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
    return _table("Quarantine", columns, rows)


def raw_panel(number: int, raw: bytes) -> RenderableType:
    """Show a message as it came, as far as a terminal can."""
    text = raw.decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
    return Panel(Text(shown or "(the server never handed it over)"), title=f"Quarantined {number}")


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
    return _table("Mailboxes", ("mailbox", "address", "checked (UTC)", "state"), rows)


def findings_table(findings: Iterable[Finding]) -> RenderableType:
    """Show what a test of a mail account found."""
    rows = [("yes" if each.good else "no", each.what, each.detail) for each in findings]
    return _table("Mail account", ("works", "what", ""), rows)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _case(line: ContactLine) -> str:
    return line.case_number or ("to review" if line.verdict is Verdict.REVIEW else "none")


def _marks(line: ContactLine) -> list[str]:
    automatic = [] if line.automatic == Automatic.NO else [line.automatic]
    return [*automatic, *(["private"] if line.private else [])]


def _who(each: Correspondent) -> str:
    known = f" = {each.known_as}" if each.known_as else ""
    unsure = f" = one of: {', '.join(each.ambiguous)}" if each.ambiguous else ""
    return f"{each.role:>4}: {each.name} <{each.address}>{known}{unsure}"


def _candidate(candidate: Candidate, number: str) -> Text:
    reasons = "; ".join(evidence.detail for evidence in candidate.evidence)
    return Text(f"case {number}, weight {candidate.weight}: {reasons}", style="cyan")
