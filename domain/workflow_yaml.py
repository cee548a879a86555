"""Workflow definitions in YAML: read, and every problem named by file, line and field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.errors import DefinitionError
from domain.workflow_checks import Finding, Known, findings
from domain.workflows import (
    Advance,
    Assignment,
    Escalation,
    Reminder,
    Start,
    Step,
    TodoTemplate,
    Transition,
    Workflow,
)
from domain.yaml_lines import LinedYaml, Path, Problem, UnreadableYaml, read_yaml

MOST_PROBLEMS = 50
_ENTRIES: Mapping[str, type[BaseModel]] = {  # by the field that holds them
    "starts": Start,
    "advances": Advance,
    "todos": TodoTemplate,
    "parts": TodoTemplate,
    "assign": Assignment,
    "else": Assignment,
    "to": Assignment,
    "remind": Reminder,
    "escalate": Escalation,
    "next": Transition,
}
_SENTENCES = {
    "missing": "this field is missing",
    "model_type": "fields are expected here",
    "dict_type": "fields are expected here",
    "mapping_type": "fields are expected here",
    "tuple_type": "a list is expected here, each entry after a dash",
    "string_type": "a text is expected here",
    "string_pattern_mismatch": "small letters, digits, - and _ are expected, a letter first",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition without errors, and what is odd about it all the same."""

    workflow: Workflow
    warnings: tuple[str, ...]


def parsed(text: str, source: str) -> Workflow:
    """Read a definition's shape; DefinitionError names every file:line: field: problem."""
    _, workflow = _read(text, source)
    return workflow


def checked(text: str, source: str, known: Known) -> Checked:
    """Read a definition and judge its sense too; DefinitionError as parsed."""
    yaml, workflow = _read(text, source)
    found = list(findings(workflow, known))
    if any(finding.is_error for finding in found):
        raise DefinitionError(_said(source, (_located(yaml, each) for each in found)))
    return Checked(workflow, tuple(_said(source, (_located(yaml, each) for each in found))))


def _read(text: str, source: str) -> tuple[LinedYaml, Workflow]:
    try:
        yaml = read_yaml(text)
    except UnreadableYaml as error:
        raise DefinitionError(_said(source, error.problems)) from error
    try:
        return yaml, Workflow.model_validate(yaml.content, by_name=False)
    except ValidationError as error:
        raise DefinitionError(_said(source, _problems(error, yaml))) from error


def _problems(error: ValidationError, yaml: LinedYaml) -> Iterator[Problem]:
    for each in error.errors(include_url=False, include_context=False):
        path = each["loc"]
        if each["type"] == "extra_forbidden":
            yield yaml.line_of(path), path, _unknown_field(path)
        else:
            yield yaml.line_of(path), path, _SENTENCES.get(each["type"]) or _said_by(each["msg"])


def _said_by(message: str) -> str:
    return message.removeprefix("Value error, ")


def _unknown_field(path: Path) -> str:
    names = [field.alias or name for name, field in _entry_around(path).model_fields.items()]
    close = get_close_matches(str(path[-1]), names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
    return f"there is no such field: {hint}"


def _entry_around(path: Path) -> type[BaseModel]:
    if len(path) == 3 and path[0] == "steps":
        return Step
    holders = [part for part in path[:-1] if isinstance(part, str)]
    return _ENTRIES[holders[-1]] if holders else Workflow


def _located(yaml: LinedYaml, finding: Finding) -> Problem:
    says = finding.sentence if finding.is_error else f"warning: {finding.sentence}"
    return yaml.line_of(finding.path), finding.path, says


def _said(source: str, problems: Iterable[Problem]) -> list[str]:
    lines = [
        f"{source}:{line}: {_field(path)}{sentence}"
        for line, path, sentence in sorted(problems, key=lambda problem: problem[0])
    ]
    more = len(lines) - MOST_PROBLEMS
    return lines[:MOST_PROBLEMS] + ([f"{source}: and {more} more problems"] if more > 0 else [])


def _field(path: Iterable[Any]) -> str:
    field = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"{field.removeprefix('.')}: ".removeprefix(": ")
