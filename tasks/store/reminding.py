"""Reminders of overdue todos: each once, to whom it concerns, and on to whom it is escalated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from domain.assigning import Choice
from domain.due_times import due_at
from domain.errors import Refused
from domain.workflow_notes import Overdue, reminder_texts
from domain.workflow_runs import RunStatus
from domain.workflows import Escalation, Reminder
from tasks.store.database import Store
from tasks.store.inbox import Note, tell_each
from tasks.store.planning import Terms
from tasks.store.reminders import most_reminders
from tasks.store.tables import cases, employees, step_visits, teams, todos, workflow_runs
from tasks.store.turns import Roster, note_turns
from tasks.store.workflows import Version, versions

_REST = timedelta(days=1)  # of a finished case's todos, which may be reopened
_NEXT = (
    update(todos)
    .where(todos.c.id == bindparam("this"))
    .values(reminders=bindparam("number"), remind_at=bindparam("again"))
)


@dataclass(frozen=True, slots=True)
class _Due:
    """An overdue todo whose people are to be reminded."""

    row: Any
    reminder: Reminder | None  # none: its workflow reminds nobody any more

    @property
    def is_reminded(self) -> bool:
        """Whether anybody is reminded now: of a finished case nobody is."""
        return self.reminder is not None and self.row.case_open

    @property
    def number(self) -> int:
        """Which reminder of it this is."""
        return int(self.row.reminders) + 1

    @property
    def escalation(self) -> Escalation | None:
        """To whom it goes as well, by now."""
        escalation = self.reminder.escalate if self.reminder else None
        return escalation if escalation and self.number >= escalation.after else None


def remind_due(store: Store, now: datetime, most: int, terms: Terms) -> int:
    """Remind the people of overdue todos, so many at most; gives how many todos that were."""
    return store.write(lambda connection: _remind(connection, now, most, terms))


def _remind(connection: Connection, now: datetime, most: int, terms: Terms) -> int:
    rows = connection.execute(_selecting(now, most)).all()
    if not rows:
        return 0
    known = versions(connection, {row.version_id for row in rows})
    due = [_Due(row, _reminder(row, known[row.version_id])) for row in rows]
    reminded = [each for each in due if each.is_reminded]
    roster = Roster.of(connection, [e.escalation.to for e in reminded if e.escalation])
    before = roster.trial()
    notes = [note for each in reminded for note in _notes(each, roster, now, terms)]
    note_turns(connection, before, roster)
    tell_each(connection, notes, now)
    connection.execute(_NEXT, [_following(each, now, terms) for each in due])
    return len(reminded)


def _selecting(now: datetime, most: int) -> Any:
    """Select the todos to remind of; what somebody changes just now is left to them."""
    owners = employees.alias("owners")
    whose = employees.c.id == func.coalesce(todos.c.taken_by_id, todos.c.employee_id)
    return (
        select(
            todos,
            step_visits.c.step,
            workflow_runs.c.version_id,
            workflow_runs.c.status.label("run_status"),
            cases.c.number.label("case_number"),
            cases.c.title.label("case_title"),
            cases.c.open.label("case_open"),
            owners.c.number.label("owner"),
            employees.c.number.label("employee"),
            teams.c.name.label("team"),
        )
        .join(step_visits, step_visits.c.id == todos.c.visit_id)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .outerjoin(owners, owners.c.id == cases.c.owner_id)
        .outerjoin(employees, whose)
        .outerjoin(teams, teams.c.id == todos.c.team_id)
        .where(todos.c.remind_at <= now, todos.c.due_at <= now, todos.c.done_at.is_(None))
        .order_by(todos.c.remind_at)
        .limit(most)
        .with_for_update(of=todos, skip_locked=True, key_share=True)
    )


def _reminder(row: Any, version: Version) -> Reminder | None:
    """Give the reminder that a todo's template has, unless a person has ended the run."""
    step = version.workflow.steps[row.step]
    template = next(each.template for each in step.prescribed() if each.path == row.template)
    return None if row.run_status == RunStatus.STOPPED else template.remind


def _notes(due: _Due, roster: Roster, now: datetime, terms: Terms) -> Iterator[Note]:
    row = due.row
    whose = Choice(employee=row.employee) if row.employee else Choice(team=row.team)
    own = set(roster.present(whose))
    above = set(roster.present(_escalated(due.escalation, row.owner, roster))) - own
    case = f"{row.case_number} {row.case_title}"
    for employee_id in sorted(own | above):
        overdue = Overdue(row.id, row.matchcode, case, row.due_at, employee_id in above)
        key = f"todo:{row.id}:reminder:{now.isoformat()}:{employee_id}"
        texts = reminder_texts(overdue, terms.zone, terms.language)
        yield Note(key, employee_id, None, texts)


def _escalated(escalation: Escalation | None, owner: str | None, roster: Roster) -> Choice:
    """Choose whom it is escalated to; where nobody can be, its own people are reminded still."""
    if escalation is None:
        return Choice()
    try:
        return roster.choose(escalation.to, owner)
    except Refused:
        return Choice()


def _following(due: _Due, now: datetime, terms: Terms) -> dict[str, Any]:
    """Say when the next reminder is due, from now on: what was missed is not made up for."""
    reminder, again = due.reminder, None
    if reminder and not due.is_reminded:
        again = now + _REST
    elif reminder and reminder.every and due.number < most_reminders(reminder):
        again = due_at(reminder.every, now, terms.calendar)
    number = due.number if due.is_reminded else due.row.reminders
    return {"this": due.row.id, "number": number, "again": again}
