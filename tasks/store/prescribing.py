"""What a visit of a step prescribes, with the case's data filled in (W2)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from domain.assigning import Choice
from domain.due_times import Calendar, due_at
from domain.errors import Refused
from domain.refusals import Refusal
from domain.todos import TodoPriority, reasons_against_times, reasons_against_words
from domain.workflow_facts import Facts
from domain.workflow_texts import holds, render, render_line
from domain.workflow_wording import WorkflowReason
from domain.workflows import Assignment, Prescribed, Step, TodoTemplate
from tasks.store.turns import Roster


@dataclass(frozen=True, slots=True)
class Wanted:
    """A todo as a step wants it, with whom it is for."""

    path: str
    template: TodoTemplate
    activity_type: str
    matchcode: str
    text: str
    choice: Choice
    assignee: tuple[int | None, int | None]  # the ids of the employee and of the team
    due: datetime | None
    remind_at: datetime | None

    @property
    def priority(self) -> TodoPriority:
        """How important it is: normal, where nothing is said."""
        return self.template.priority or TodoPriority.NORMAL


@dataclass(frozen=True, slots=True)
class Prescriber:
    """What todos are made by, for all the visits of a pass."""

    calendar: Calendar
    activity_types: Collection[str]

    def wanted(
        self, step: Step, facts: Facts, entered_at: datetime, roster: Roster
    ) -> list[Wanted]:
        """Give a step's todos, each before its parts; Refused says why there can be none."""
        return [self._todo(each, facts, entered_at, roster) for each in _applying(step, facts)]

    def in_turn(
        self, step: Step, facts: Facts, entered_at: datetime, roster: Roster
    ) -> list[Wanted]:
        """Give a step's todos, and note whose turn it was; what is refused takes nobody's turn."""
        trial = roster.trial()
        wanted = self.wanted(step, facts, entered_at, trial)
        roster.take_over(trial)
        return wanted

    def _todo(
        self, prescribed: Prescribed, facts: Facts, entered_at: datetime, roster: Roster
    ) -> Wanted:
        template = prescribed.template
        matchcode = render_line(template.matchcode, facts)
        text = render(template.text, facts)
        due = due_at(template.due, entered_at, self.calendar, template.at) if template.due else None
        activity_type = template.activity_type or ""
        self._require(activity_type, matchcode, text, due)
        owner = facts.owner.number if facts.owner else None
        choice = roster.choose(cast(Assignment, template.assign), owner)  # every todo has it
        return Wanted(
            prescribed.path,
            template,
            activity_type,
            matchcode,
            text,
            choice,
            roster.ids(choice),
            due,
            first_reminder(template, due, self.calendar),
        )

    def _require(self, activity_type: str, matchcode: str, text: str, due: datetime | None) -> None:
        refusals = [*reasons_against_words(matchcode, text), *reasons_against_times(None, due)]
        if activity_type not in self.activity_types:
            refusals.append(Refusal(WorkflowReason.ACTIVITY_TYPE_UNKNOWN, activity_type))
        if refusals:
            raise Refused(refusals)


def first_reminder(
    template: TodoTemplate, due: datetime | None, calendar: Calendar
) -> datetime | None:
    """Say when a todo's people are first reminded of it, where they are at all."""
    if template.remind is None or due is None:
        return None
    return due_at(template.remind.after, due, calendar)


def _applying(step: Step, facts: Facts) -> Iterator[Prescribed]:
    """Give the todos whose conditions hold; where a whole is left out, so are its parts."""
    left_out: set[str | None] = set()
    for each in step.prescribed():
        condition = each.template.condition
        if each.parent in left_out or (condition is not None and not holds(condition, facts)):
            left_out.add(each.path)
        else:
            yield each
