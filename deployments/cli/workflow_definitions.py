"""Commands about workflows' definitions: checked, applied, drawn, and tried on what happened."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.common import console, numbered, opened_store, say
from deployments.printing.tables import visible
from deployments.workflow_files import SUFFIXES, Definitions, definitions
from domain.workflow_diagrams import drawn, mermaid
from domain.workflows import Workflow
from tasks.store.workflow_lines import defined, known_names

Where = Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="A definition, or many.")]
Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A workflow, or its file.")]


def check_files(path: Where) -> None:
    """Check definitions: every problem is named by its file, line and field; code 1 for any."""
    found = _read(path)
    say(f"{_counted(len(found.workflows), 'workflow')} without an error.")
    _complain(found)


def apply_files(path: Where) -> None:
    """Apply definitions: what is new, what changed; those with an error are left out (code 1)."""
    from deployments.workflow_applying import apply_definitions

    found = _read(path)
    for outcome in apply_definitions(opened_store(), found.workflows):
        state = "unchanged" if not outcome.is_new else "changed" if outcome.version > 1 else "new"
        say(f"{outcome.name}: {state}, version {outcome.version}")
        _say_indented(outcome.differences)
    _complain(found)


def retire_workflow(name: Annotated[str, typer.Argument(help="The workflow's name.")]) -> None:
    """Let no case start with a workflow any more; what has begun goes on to its end."""
    from tasks.store.workflows import retire

    store = opened_store()
    retire(store, name, store.now())
    say(f"No case starts with {name} any more; applying it again brings it back.")


def show_workflow(
    name: Name,
    version: Annotated[int | None, numbered("Not the latest, but this one.")] = None,
    as_mermaid: Annotated[
        bool, typer.Option("--mermaid", help="As a Mermaid diagram, for a browser.")
    ] = False,
) -> None:
    """Draw a workflow as text: its steps, their todos, and what follows what."""
    workflow = _workflow(name, version)
    say(visible(mermaid(workflow) if as_mermaid else drawn(workflow)))


def try_workflow(
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=366, help="Of the last so many days.")] = 30,
) -> None:
    """Say which todos a workflow would have created of what happened; nothing is written."""
    from deployments.printing.workflow_trials import trial_table
    from tasks.workflows import what_would_have

    opened_store()
    console.print(trial_table(what_would_have(_workflow(name), days)))


def _workflow(name: str, version: int | None = None) -> Workflow:
    """Find a workflow by its name or, before it was ever applied, in its file."""
    if Path(name).suffix not in SUFFIXES:
        return defined(opened_store(), name, version)
    found = definitions([Path(name)], known_names(opened_store()))
    _complain(found)
    [workflow] = found.workflows
    return workflow


def _read(path: Path) -> Definitions:
    known = known_names(opened_store())
    if known.employees is None:
        say("Nobody is entered yet: employees, teams and activity types are not checked.")
    return definitions([path], known)


def _complain(found: Definitions) -> None:
    """Say all that is wrong or odd; code 1 where something is wrong."""
    for line in (*found.warnings, *found.problems):
        typer.echo(visible(line), err=True)
    if found.problems:
        raise typer.Exit(1)


def _say_indented(lines: Iterable[str]) -> None:
    for line in lines:
        say(visible(f"  {line}"))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
