"""Records as the rows of tables in the Prefect UI, in which nothing that others wrote is Markdown.

Times are by the clocks of a zone (IANA name).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain.appointments import Period
from domain.hit_marks import Excerpt
from domain.lists import Listed
from domain.zones import mark, wall
from tasks.boards import Row, plain
from tasks.histories.texts import harmless
from tasks.store.appointments import AppointmentLine
from tasks.store.contacts import ContactLine
from tasks.store.lists.case_list import CaseLine
from tasks.store.lists.full_text import Hit
from tasks.store.todo_lines import TodoLine


def contact_row(line: ContactLine, zone: str) -> Row:
    """Give the row of a contact."""
    return {
        "no.": line.id,
        "received": _at(line.received_at, zone),
        "from": said(line.sender),
        "matchcode": said(line.matchcode),
        "case": said(line.case_number or line.verdict),
        "status": said(line.status),
    }


def appointment_row(line: AppointmentLine, zone: str) -> Row:
    """Give the row of an appointment; of one that recurs, its first time."""
    return {
        "no.": line.id,
        "begins": _begin(line.period, zone),
        "matchcode": said(line.matchcode),
        "place": said(line.place),
        "responsible": said(line.responsible),
        "priority": line.priority,
        "contact": line.contact_id or "",
        "state": _state(line),
    }


def todo_row(line: TodoLine, zone: str) -> Row:
    """Give the row of a todo."""
    team = f"{line.team} ({line.taken_by})" if line.taken_by else line.team
    return {
        "no.": line.id,
        "due": _at(line.due, zone),
        "priority": line.priority,
        "matchcode": said(line.matchcode),
        "for": said(line.employee or team or ""),
        "cases": said(", ".join(line.cases)),
        "state": "done" if line.done else "open",
    }


def case_row(line: CaseLine, _zone: str) -> Row:
    """Give the row of a case."""
    return {
        "no.": said(line.number),
        "title": said(line.title),
        "kind": said(line.kind.replace("_", " ")),
        "address": said(line.address_name or ""),
        "owner": said(line.owner or ""),
        "state": "open" if line.open else "closed",
    }


def hit_row(hit: Hit, zone: str) -> Row:
    """Give the row of a contact that was found, with where it says the words, these in bold."""
    return {**contact_row(hit.line, zone), "found": bold(hit.excerpt) if hit.excerpt else ""}


def bold(excerpt: Excerpt) -> str:
    """Write an excerpt as Markdown, its hits in bold."""
    pieces = ((_piece(each), is_hit) for each, is_hit in excerpt.pieces)
    return "".join(f"**{each}**" if is_hit else each for each, is_hit in pieces)


def said(text: str) -> str:
    """Write what others wrote as it is: nothing in it is Markdown, and nothing is obeyed."""
    return plain(harmless(text))


ROWS: Mapping[Listed, Callable[[Any, str], Row]] = {
    Listed.CONTACTS: contact_row,
    Listed.APPOINTMENTS: appointment_row,
    Listed.TODOS: todo_row,
    Listed.CASES: case_row,
}


def _piece(text: str) -> str:
    """Keep the blanks around a piece, which part it from the next one."""
    before, after = (" " if each.isspace() else "" for each in (text[:1], text[-1:]))
    return f"{before}{said(text)}{after}"


def _state(line: AppointmentLine) -> str:
    if line.cancelled:
        return "cancelled"
    state = "done" if line.done else "open"
    return f"{state}, recurs" if line.rule else state


def _begin(period: Period, zone: str) -> str:
    if period.all_day:
        return f"{period.begins:%Y-%m-%d}, all day"
    return _at(period.begins_at, zone)


def _at(at: datetime | None, zone: str) -> str:
    return f"{wall(at, zone):%Y-%m-%d %H:%M}{mark(at, zone)}" if at else ""
