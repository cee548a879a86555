"""What runs for cases just now, locked: nobody else moves those cases on meanwhile."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from domain.workflow_runs import VisitStatus
from tasks.store.entering import OpenRun, Place, open_runs
from tasks.store.tables import step_visits
from tasks.store.workflows import Version, latest_versions, versions


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit that is not left yet; until it is planned, its todos are not there."""

    id: int
    is_to_be_planned: bool  # one that has failed for good is not


@dataclass(frozen=True, slots=True)
class Running:
    """Runs by case and workflow, and the visits not left yet, by run and step."""

    latest: Mapping[str, Version]
    runs: Mapping[Place, OpenRun]
    versions: Mapping[int, Version]
    inside: Mapping[tuple[int, str], OpenVisit]  # the first of each step

    @classmethod
    def of(cls, connection: Connection, case_ids: Sequence[int]) -> "Running":
        """Read it, so that nobody else moves those cases meanwhile."""
        runs = open_runs(connection, case_ids)
        is_open = step_visits.c.left_at.is_(None)
        mine = step_visits.c.run_id.in_([run.id for run in runs.values()])
        query = select(step_visits).where(mine, is_open).order_by(step_visits.c.id.desc())
        visits = connection.execute(query.with_for_update(key_share=True))
        return cls(
            latest_versions(connection),
            runs,
            versions(connection, {run.version_id for run in runs.values()}),
            {
                (row.run_id, row.step): OpenVisit(row.id, row.status == VisitStatus.ENTERED)
                for row in visits
            },
        )

    def steps(self, run: OpenRun | None) -> Collection[str]:
        """Name the steps that a run is in."""
        return [step for run_id, step in self.inside if run and run_id == run.id]

    def of_case(self, case_id: int) -> Iterator[tuple[Version, OpenRun | None]]:
        """Give the workflows that a case is in, or could start, each in the version to go by."""
        names = {name for case, name in self.runs if case == case_id} | self.latest.keys()
        for name in sorted(names):
            run = self.runs.get((case_id, name))
            yield (self.versions[run.version_id], run) if run else (self.latest[name], None)
