"""What a workflow would have created, as a table."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from deployments.printing.tables import local, table
from tasks.store.dry_run import WouldHave

_MINUTES = "%Y-%m-%d %H:%M"


def trial_table(todos: Sequence[WouldHave]) -> RenderableType:
    """Show the todos that there would be, and what would have stood still."""
    if not todos:
        return Text("Nothing that happened would have started it.")
    columns = ("at", "case", "step", "todo", "for", "due")
    refused = sum(each.is_refused for each in todos)
    standing = sum(each.reason is not None for each in todos) - refused
    counts = [f"Todos: {len(todos) - standing - refused}", f"standing still: {standing}"]
    counts += [f"refused: {refused}"] if refused else []
    told = Text(f"{', '.join(counts)}. Nothing was written.")
    return Group(table("What it would have created", columns, map(_cells, todos)), told)


def _cells(each: WouldHave) -> Sequence[str]:
    trouble = "refused" if each.is_refused else "stands still"
    matchcode = f"{trouble}: {each.reason}" if each.reason else each.matchcode
    at, due = local(each.at, _MINUTES), local(each.due, _MINUTES)
    return at, each.case, each.step, matchcode, each.whom, due
