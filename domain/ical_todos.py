"""Todos written as the components of iCalendar: VTODO (RFC 5545, 3.6.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ical_events import in_lines, one_line
from domain.ical_lines import Property, component, escaped, in_utc
from domain.todos import TodoPriority

_PRIORITIES = {TodoPriority.HIGH: 1, TodoPriority.NORMAL: 5, TodoPriority.LOW: 9}


@dataclass(frozen=True, slots=True)
class TodoEntry:
    """A todo, as calendars elsewhere show it."""

    uid: str
    created_at: datetime
    changed_at: datetime
    matchcode: str
    text: str
    activity_type: str
    priority: TodoPriority
    begin: datetime | None = None
    due: datetime | None = None
    done: datetime | None = None
    is_taken: bool = False  # by a member of the team
    part_of: str | None = None  # the other one's uid
    people: tuple[str, ...] = ()  # who it is for, by their names


def uid_of_todo(todo_id: int, created_at: datetime) -> str:
    """Name a todo for ever, and as none of another installation is named."""
    return f"todo-{todo_id}-{created_at.astimezone(UTC):%Y%m%dT%H%M%S%f}@kontaktwerk"


def written_todo(todo: TodoEntry) -> bytes:
    """Write a todo as a component, with its times in UTC."""
    return component("VTODO", [*_said(todo), *_timed(todo)])


def _said(todo: TodoEntry) -> Iterator[Property]:
    yield "UID", todo.uid
    yield "DTSTAMP", in_utc(todo.changed_at)
    yield "CREATED", in_utc(todo.created_at)
    yield "SUMMARY", escaped(one_line(todo.matchcode))
    yield "CATEGORIES", escaped(one_line(todo.activity_type))
    yield "PRIORITY", str(_PRIORITIES[todo.priority])
    if described := "\n\n".join(filter(None, [todo.text, "\n".join(todo.people)])):
        yield "DESCRIPTION", escaped(in_lines(described))
    if todo.part_of:
        yield "RELATED-TO", todo.part_of


def _timed(todo: TodoEntry) -> Iterator[Property]:
    """Say when it is to be done, and whether it is; a due must be later than a begin."""
    if todo.begin and (todo.due is None or todo.begin < todo.due):
        yield "DTSTART", in_utc(todo.begin)
    if todo.due:
        yield "DUE", in_utc(todo.due)
    if todo.done:
        yield "STATUS", "COMPLETED"
        yield "COMPLETED", in_utc(todo.done)
        yield "PERCENT-COMPLETE", "100"
    else:
        yield "STATUS", "IN-PROCESS" if todo.is_taken else "NEEDS-ACTION"
