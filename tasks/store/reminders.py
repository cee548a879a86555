"""When the people of a workflow's todos are reminded: set anew as a todo is undone or postponed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, update

from domain.due_times import Calendar
from domain.workflow_runs import RunStatus
from domain.workflows import Reminder, Step
from tasks.store.prescribing import first_reminder
from tasks.store.tables import step_visits, todos, workflow_runs
from tasks.store.visited import Visited

_SET = update(todos).where(todos.c.id == bindparam("this")).values(remind_at=bindparam("at"))


def remind_anew(connection: Connection, visits: Sequence[Visited], calendar: Calendar) -> None:
    """Set reminders of open todos that have none; who changes a todo now brings us here again."""
    reminding = {each.id: each.step for each in visits if _reminders(each.step)}
    if not reminding:
        return
    is_open = todos.c.done_at.is_(None) & todos.c.due_at.is_not(None)
    mine = todos.c.visit_id.in_(reminding) & todos.c.remind_at.is_(None)
    query = (
        select(todos)
        .join(step_visits, step_visits.c.id == todos.c.visit_id)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .where(mine, is_open, workflow_runs.c.status != RunStatus.STOPPED)
        .with_for_update(of=todos, skip_locked=True)
    )
    rows = []
    for row in connection.execute(query):
        prescribed = {each.path: each.template for each in reminding[row.visit_id].prescribed()}
        template = prescribed[row.template]
        if template.remind and row.reminders < most_reminders(template.remind):
            at = first_reminder(template, row.due_at, calendar)
            rows.append({"this": row.id, "at": at})
    if rows:
        connection.execute(_SET, rows)


def most_reminders(reminder: Reminder) -> int:
    """Say how often people are reminded at most."""
    return reminder.at_most if reminder.every else 1


def _reminders(step: Step) -> Mapping[str, Reminder]:
    prescribed = step.prescribed()
    return {each.path: each.template.remind for each in prescribed if each.template.remind}
