"""Definitions become the workflows of an installation: at every start, and when told to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deployments.workflow_files import definitions, folders
from domain.workflow_differences import differences
from domain.workflows import Workflow
from tasks.settings import Settings
from tasks.store.database import Store
from tasks.store.workflow_lines import known_names, latest_definition
from tasks.store.workflows import apply_workflow


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying a definition came to; what a first version says is not different."""

    name: str
    version: int
    is_new: bool
    differences: tuple[str, ...]


def apply_definitions(
    store: Store, workflows: Iterable[Workflow], revives: bool = True
) -> Iterator[Outcome]:
    """Apply workflows: what is the same stays as it is, what changed is a new version (W5).

    Where this revives none, the retired ones are left as they are.
    """
    for workflow in workflows:
        before = latest_definition(store, workflow.name)
        applied = apply_workflow(store, workflow, store.now(), revives)
        told = tuple(differences(before, workflow)) if before and applied.is_new else ()
        yield Outcome(workflow.name, applied.version, applied.is_new, told)


def apply_folders(settings: Settings, store: Store) -> tuple[str, ...]:
    """Apply what the installation's folders define; gives the problems of what is not applied.

    That a file is there brings nothing back that somebody has retired.
    """
    found = definitions(folders(settings), known_names(store))
    for _ in apply_definitions(store, found.workflows, revives=False):
        pass
    return found.problems
