"""Contacts, as lists and one by one."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.appointments import appointments_table
from deployments.printing.dispatches import dispatches_table
from deployments.printing.history import history_lines
from deployments.printing.tables import table, visible
from domain.mail import Automatic
from domain.matching import Candidate, Verdict
from tasks.settings import settings
from tasks.store.appointments import AppointmentLine
from tasks.store.contacts import ContactDetails, ContactLine, Correspondent
from tasks.store.dispatches import DispatchLine
from tasks.store.lists.full_text import Hit


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
    return table("Contacts", ("no.", "received (UTC)", "from", "matchcode", "case", ""), rows)


def hits_table(hits: Sequence[Hit]) -> RenderableType:
    """Show contacts that were found by words, each with where it says them."""
    rows = [
        (
            str(hit.line.id),
            f"{hit.line.received_at:%Y-%m-%d %H:%M}",
            hit.line.sender,
            hit.line.matchcode or "(no subject)",
            hit.excerpt.text if hit.excerpt else "",
        )
        for hit in hits
    ]
    return table("Contacts", ("no.", "received (UTC)", "from", "matchcode", "found"), rows)


def contact_panel(
    contact: ContactDetails,
    dispatches: Sequence[DispatchLine] = (),
    follow_ups: Sequence[AppointmentLine] = (),
) -> RenderableType:
    """Show a contact with all that hangs on it."""
    parts: list[RenderableType] = [
        Text(visible(_who(position, each))) for position, each in enumerate(contact.correspondents)
    ]
    parts += [Text(f"\n{visible(contact.new_text) or '(no text)'}\n")]
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
    parts += [dispatches_table(dispatches)] if dispatches else []
    zone = settings().zone
    parts += [appointments_table(follow_ups, zone, "Follow-ups")] if follow_ups else []
    parts += history_lines(contact.changes, contact.version, zone)
    title = Text(visible(f"{contact.line.id}: {contact.line.matchcode or '(no subject)'}"))
    return Panel(Group(*parts), title=title, subtitle=Text(_case(contact.line)))


def _case(line: ContactLine) -> str:
    return line.case_number or ("to review" if line.verdict is Verdict.REVIEW else "none")


def _marks(line: ContactLine) -> list[str]:
    automatic = [] if line.automatic == Automatic.NO else [line.automatic]
    return [*automatic, *(["private"] if line.private else [])]


def _who(position: int, each: Correspondent) -> str:
    """Say who it is; the position is what *contact send* takes as --recipient."""
    known = f" = {each.known_as}" if each.known_as else ""
    unsure = f" = one of: {', '.join(each.ambiguous)}" if each.ambiguous else ""
    number = f"{position}." if position else "  "
    return f"{number} {each.role:>4}: {each.name} <{each.address}>{known}{unsure}"


def _candidate(candidate: Candidate, number: str) -> Text:
    reasons = "; ".join(evidence.detail for evidence in candidate.evidence)
    return Text(f"case {number}, weight {candidate.weight}: {reasons}", style="cyan")
