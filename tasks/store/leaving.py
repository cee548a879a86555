"""Steps are left: the next ones are entered, runs are completed, and others are told (W3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from domain.events import EventName, StepCompleted
from domain.transitions import End, Leave
from domain.wording import Language
from domain.workflow_notes import left_behind
from domain.workflow_runs import RunStatus, VisitStatus
from tasks.store.entering import Entrance, begin_visits
from tasks.store.events import News, publish
from tasks.store.tables import step_visits, todo_comments, todos, workflow_runs
from tasks.store.visited import Visited

_LEAVING = (
    update(step_visits)
    .where(step_visits.c.id == bindparam("this"))
    .values(
        status=VisitStatus.COMPLETED,
        left_at=bindparam("now"),
        outcome=bindparam("by"),
        look_at=None,
        reason=None,
    )
)


@dataclass(frozen=True, slots=True)
class Left:
    """A visit that is left, and for which step."""

    visit: Visited
    by: Leave | End
    contact_id: int | None = None  # by which the next step is entered

    @property
    def next_step(self) -> str | None:
        """The step that follows, unless this was the last."""
        return self.by.to if isinstance(self.by, Leave) else None


def leave(connection: Connection, left: Sequence[Left], language: Language, now: datetime) -> None:
    """Leave visits, which are locked, and enter what follows each, once."""
    if not left:
        return
    rows = [{"this": each.visit.id, "by": each.by.outcome, "now": now} for each in left]
    connection.execute(_LEAVING, rows)
    comments = {
        each.visit.id: left_behind(each.visit.step.title, each.by.outcome, language)
        for each in left
    }
    comment_open_todos(connection, comments, now)
    _tell(connection, left, now)
    begin_visits(connection, [_entrance(each) for each in left if each.next_step], now)
    _complete(connection, [each.visit.run_id for each in left if not each.next_step], now)


def comment_open_todos(connection: Connection, comments: Mapping[int, str], now: datetime) -> None:
    """Put a comment on the open todos of visits, each by its id."""
    mine = todos.c.visit_id.in_(comments) & todos.c.done_at.is_(None)
    rows = connection.execute(select(todos.c.id, todos.c.visit_id).where(mine)).all()
    if rows:
        connection.execute(
            todo_comments.insert(),
            [{"todo_id": row.id, "at": now, "text": comments[row.visit_id]} for row in rows],
        )


def _entrance(left: Left) -> Entrance:
    visit = left.visit
    return Entrance(visit.run_id, left.next_step or "", f"visit:{visit.id}:next", left.contact_id)


def _complete(connection: Connection, run_ids: Sequence[int], now: datetime) -> None:
    """Complete runs of which no other step is open."""
    inside = (step_visits.c.run_id == workflow_runs.c.id) & step_visits.c.left_at.is_(None)
    these = workflow_runs.c.id.in_(run_ids) & ~select(step_visits.c.id).where(inside).exists()
    completing = update(workflow_runs).where(these)
    if run_ids:
        connection.execute(completing.values(status=RunStatus.COMPLETED, ended_at=now))


def _tell(connection: Connection, left: Sequence[Left], now: datetime) -> None:
    news = []
    for each in left:
        visit = each.visit
        payload = StepCompleted(
            case=visit.facts.case.number,
            workflow=visit.version.workflow.name,
            version=visit.version.number,
            step=visit.step_name,
            run=visit.run_id,
            visit=visit.id,
            outcome=each.by.outcome,
            next=each.next_step,
        )
        news.append(News(visit.facts.case.number, payload))
    publish(connection, EventName.STEP_COMPLETED, news, now)
