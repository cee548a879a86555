"""Cases, as lists and one by one."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.appointments import appointments_table
from deployments.printing.contacts import contacts_table
from deployments.printing.tables import table, visible
from deployments.printing.todos import todos_table
from domain.export_wording import word
from domain.wording import Language
from tasks.store.case_details import CaseDetails, Part
from tasks.store.lists.case_list import CaseLine


def cases_table(lines: Sequence[CaseLine]) -> RenderableType:
    """Show cases as a table."""
    rows = [
        (
            line.number,
            line.title,
            word(line.kind, Language.ENGLISH),
            line.address_name or "",
            line.owner or "",
            "" if line.open else "closed",
        )
        for line in lines
    ]
    return table("Cases", ("no.", "title", "kind", "address", "owner", ""), rows)


def case_panel(case: CaseDetails, zone: str) -> RenderableType:
    """Show a case with the first of what belongs to it, by the clocks of a zone."""
    parts: list[RenderableType] = [Text(visible(fact)) for fact in _facts(case.line)]
    contacts, appointments, todos = case.contacts, case.appointments, case.todos
    parts += [contacts_table(contacts.lines)] if contacts.lines else []
    parts += [appointments_table(appointments.lines, zone)] if appointments.lines else []
    parts += [todos_table(todos.lines, zone)] if todos.lines else []
    for part, name in ((contacts, "contact"), (appointments, "appointment"), (todos, "todo")):
        parts.append(Text(visible(_counted(part, name, case.line.number))))
    return Panel(Group(*parts), title=Text(visible(f"{case.line.number}: {case.line.title}")))


def _facts(line: CaseLine) -> Iterable[str]:
    yield f"{word(line.kind, Language.ENGLISH)}, {'open' if line.open else 'closed'}"
    if line.address:
        yield f"address {line.address} {line.address_name}"
    if line.owner:
        yield f"owner {line.owner}"


def _counted(part: Part, name: str, number: str) -> str:
    """Say how many there are, and where the others are listed."""
    more = f": kontakt {name} list --case {number}" if part.count > len(part.lines) else ""
    return f"{part.count} {name}{'' if part.count == 1 else 's'}{more}"
