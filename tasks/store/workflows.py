"""Workflows' definitions and their versions: what has begun keeps the version it has (W5)."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from domain.errors import UnknownRecord
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.tables import workflow_versions


@dataclass(frozen=True, slots=True)
class Applied:
    """The version that a definition has, and whether there was none with this content."""

    version: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a workflow."""

    id: int
    number: int
    workflow: Workflow


def apply_workflow(
    store: Store, workflow: Workflow, now: datetime, revives: bool = True
) -> Applied:
    """Let cases start with this definition from now on; what has begun keeps its version (W5).

    What is the same as the latest version is that version. A retired workflow is in use again;
    where this revives none, it is left as it is.
    """
    return store.write(lambda connection: _apply(connection, workflow, now, revives))


def retire(store: Store, name: str, now: datetime) -> None:
    """Let no case start with a workflow any more; UnknownRecord where there is none."""
    these = (workflow_versions.c.name == name) & workflow_versions.c.retired_at.is_(None)
    retiring = update(workflow_versions).where(these).values(retired_at=now)
    if not store.write(lambda connection: connection.execute(retiring).rowcount):
        raise UnknownRecord(f"there is no workflow {name} in use")


def latest_versions(
    connection: Connection, names: Collection[str] | None = None
) -> Mapping[str, Version]:
    """Read the versions that cases start with, by name: of these workflows, or of all."""
    newest = select(func.max(workflow_versions.c.id)).group_by(workflow_versions.c.name)
    if names is not None:
        newest = newest.where(workflow_versions.c.name.in_(names))
    in_use = workflow_versions.c.id.in_(newest) & workflow_versions.c.retired_at.is_(None)
    rows = connection.execute(select(workflow_versions).where(in_use))
    return {row.name: _version(row) for row in rows}


def versions(connection: Connection, ids: Collection[int]) -> Mapping[int, Version]:
    """Read versions by their ids."""
    query = select(workflow_versions).where(workflow_versions.c.id.in_(ids))
    return {row.id: _version(row) for row in connection.execute(query)}


def retired_names(connection: Connection, names: Collection[str]) -> Collection[str]:
    """Tell which of these workflows are there, though no case starts with them any more."""
    query = select(workflow_versions.c.name).where(workflow_versions.c.name.in_(names))
    return (
        set(connection.scalars(query)) - latest_versions(connection, names).keys() if names else ()
    )


def _apply(connection: Connection, workflow: Workflow, now: datetime, revives: bool) -> Applied:
    definition = workflow.stored()
    content = json.dumps(definition, ensure_ascii=True, separators=(",", ":"))
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    same_name = select(workflow_versions).where(workflow_versions.c.name == workflow.name)
    latest = connection.execute(
        same_name.order_by(workflow_versions.c.version.desc()).limit(1)
    ).one_or_none()
    if latest is not None and latest.retired_at is not None and not revives:
        return Applied(latest.version, is_new=False)
    if latest is not None and latest.sha256 == sha256:
        this = workflow_versions.c.id == latest.id
        connection.execute(update(workflow_versions).where(this).values(retired_at=None))
        return Applied(latest.version, is_new=False)
    version = latest.version + 1 if latest is not None else 1
    row = {
        "name": workflow.name,
        "version": version,
        "definition": definition,
        "sha256": sha256,
        "applied_at": now,
    }
    connection.execute(insert(workflow_versions).values(**row))
    return Applied(version, is_new=True)


def _version(row: Any) -> Version:
    return Version(row.id, row.version, Workflow.model_validate(row.definition))
