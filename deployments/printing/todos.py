"""Todos, as lists and one by one, with times by the clocks of whoever reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text
from rich.tree import Tree

from deployments.printing.history import history_lines
from deployments.printing.tables import table, visible
from domain.todo_overview import Group
from domain.todos import TodoPriority
from domain.zones import mark, wall
from tasks.store.todo_details import Comment, Part, TodoDetails
from tasks.store.todo_lines import TodoLine
from tasks.store.todo_overview import Section

A_WORKFLOW = "a workflow"
_TITLES = {
    Group.OVERDUE: "Overdue",
    Group.TODAY: "Today",
    Group.THIS_WEEK: "This week",
    Group.LATER: "Later",
    Group.WITHOUT_DUE: "Without due time",
    Group.NOT_BEGUN: "Not begun yet",
}
_MARKS = {TodoPriority.HIGH: "!", TodoPriority.NORMAL: "", TodoPriority.LOW: "↓"}
_COLUMNS = ("no.", "", "due", "matchcode", "for", "cases", "")


def overview_table(sections: Sequence[Section], zone: str) -> RenderableType:
    """Show what somebody has to do, group by group, and how much of it is not shown."""
    if not sections:
        return Text("Nothing is to be done.")
    return Stack(*(_section(each, zone) for each in sections))


def todos_table(todos: Sequence[TodoLine], zone: str, title: str = "Todos") -> RenderableType:
    """Show todos as a table."""
    return table(title, _COLUMNS, (_cells(each, zone) for each in todos))


def todo_panel(todo: TodoDetails, zone: str) -> RenderableType:
    """Show a todo with all that hangs on it."""
    parts: list[RenderableType] = [
        *(Text(visible(fact)) for fact in _facts(todo, zone)),
        Text(f"\n{visible(todo.text) or '(no text)'}\n"),
    ]
    if todo.parts:
        parts.append(_tree(Tree("parts"), todo.parts))
    parts += [_comment(each, zone) for each in todo.comments]
    parts += history_lines(todo.changes, todo.version, zone, A_WORKFLOW)
    return Panel(Stack(*parts), title=Text(visible(f"{todo.line.id}: {todo.line.matchcode}")))


def _section(section: Section, zone: str) -> RenderableType:
    hidden = section.count - len(section.todos)
    more = f", {hidden} of them not shown" if hidden else ""
    return todos_table(section.todos, zone, f"{_TITLES[section.group]} ({section.count}{more})")


def _cells(todo: TodoLine, zone: str) -> Sequence[str]:
    return (
        str(todo.id),
        _MARKS[todo.priority],
        _at(todo.due, zone),
        todo.matchcode,
        _whose(todo),
        ", ".join(todo.cases),
        _state(todo),
    )


def _facts(todo: TodoDetails, zone: str) -> Iterable[str]:
    line = todo.line
    yield f"{line.activity_type}, priority {line.priority}, for {_whose(line)}"
    yield f"created by {todo.creator or A_WORKFLOW}, {_at(line.created, zone)}"
    if line.begin:
        yield f"begins {_at(line.begin, zone)}"
    if line.due:
        yield f"due {_at(line.due, zone)}"
    if line.cases:
        yield f"cases {', '.join(line.cases)}"
    if line.parent_id:
        yield f"part of {line.parent_id}"
    if line.done:
        outcome = f": {todo.outcome}" if todo.outcome else ""
        yield f"done by {todo.done_by}, {_at(line.done, zone)}{outcome}"


def _tree(tree: Tree, parts: Iterable[Part]) -> Tree:
    for each in parts:
        sign = "✓" if each.todo.done else "·"
        said = f"{sign} {each.todo.id}: {each.todo.matchcode} ({_whose(each.todo)})"
        _tree(tree.add(Text(visible(said))), each.parts)
    return tree


def _comment(said: Comment, zone: str) -> Text:
    who = said.employee or A_WORKFLOW
    return Text(visible(f"{_at(said.at, zone)} {who}: {said.text}"), style="cyan")


def _whose(todo: TodoLine) -> str:
    taken = f" ({todo.taken_by})" if todo.taken_by else ""
    return todo.employee or f"{todo.team}{taken}"


def _state(todo: TodoLine) -> str:
    if todo.done:
        return "done"
    if todo.open_parts:
        return f"{todo.open_parts} open part{'' if todo.open_parts == 1 else 's'}"
    return f"part of {todo.parent_id}" if todo.parent_id else ""


def _at(at: datetime | None, zone: str) -> str:
    return f"{wall(at, zone):%Y-%m-%d %H:%M}{mark(at, zone)}" if at else ""
