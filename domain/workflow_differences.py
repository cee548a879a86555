"""What a new version of a workflow says differently, in words (W5)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.workflows import Workflow

LONGEST = 60  # of a text that is shown


def differences(before: Workflow, after: Workflow) -> Iterator[str]:
    """Give a line for each field that is different, such as "steps.look.title: “A” → “B”"."""
    yield from _differing("", before.stored(), after.stored())
    if before.steps.keys() == after.steps.keys() and [*before.steps] != [*after.steps]:
        yield "steps: in another order"


def _differing(path: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if before is None:
        yield f"{path}: new{_shown(after, ': {}')}"
    elif after is None:
        yield f"{path}: gone{_shown(before, ', was {}')}"
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _in_fields(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_entries(path, before, after)
    else:
        yield f"{path}: {_shown(before, '{}')} → {_shown(after, '{}')}"


def _in_fields(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *after]):
        field = f"{path}.{name}" if path else name
        yield from _differing(field, before.get(name), after.get(name))


def _in_entries(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    """Compare entries that have keys by their keys, and others by their positions."""
    old, new = _named(before), _named(after)
    for name in dict.fromkeys([*old, *new]):
        yield from _differing(f"{path}[{name}]", old.get(name), new.get(name))
    if old == new:
        yield f"{path}: in another order"


def _named(entries: Sequence[Any]) -> dict[str, Any]:
    return {_name(number, entry): entry for number, entry in enumerate(entries, 1)}


def _name(number: int, entry: Any) -> str:
    return str(entry.get("key", number)) if isinstance(entry, Mapping) else str(number)


def _shown(value: Any, form: str) -> str:
    """Show a plain value; of what has fields or entries, only that it is there is told."""
    if isinstance(value, Mapping | list):
        return "" if form != "{}" else "…"
    line = " ".join(str(value).split())
    shortened = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return form.format(f"“{shortened}”")
