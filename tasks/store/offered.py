"""A received contact as workflows look at it: which of a definition's entries it fits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.mail import Automatic
from domain.workflow_facts import Facts, TitledFacts
from domain.workflow_texts import holds
from domain.workflows import Advance, Start, Workflow
from tasks.store.visited import case_facts, contact_facts


@dataclass(frozen=True, slots=True)
class Offered:
    """A contact (a row of selecting_contacts), and what is known for conditions about it."""

    row: Any
    today: date

    def facts(self, workflow: Workflow, step: str) -> Facts:
        """Give the facts, with the step that it would enter."""
        return Facts(
            workflow=TitledFacts(workflow.name, workflow.title),
            step=TitledFacts(step, workflow.steps[step].title),
            now_date=self.today,
            contact=contact_facts(self.row),
            **case_facts(self.row),
        )

    def passes(self, entry: Start | Advance, workflow: Workflow) -> bool:
        """Whether an entry takes it; Refused: its condition cannot be answered (R7)."""
        if self.row.automatic != Automatic.NO and not entry.automatic:
            return False
        facts = self.facts(workflow, entry.enter)
        return entry.condition is None or holds(entry.condition, facts)


def fitting_advance(
    workflow: Workflow, offered: Offered, inside: Collection[str]
) -> Advance | None:
    """Give what takes a case on that is in these steps; Refused: a condition has no answer."""
    possible = (each for each in workflow.advances if each.inside in inside)
    return next((each for each in possible if offered.passes(each, workflow)), None)


def fitting_start(workflow: Workflow, offered: Offered, is_running: bool) -> Start | None:
    """Give what starts a workflow for a contact's case; Refused: a condition has no answer."""
    possible = (
        each
        for each in workflow.starts
        if each.case_kind == offered.row.case_kind and not (is_running and each.unless_running)
    )
    return next((each for each in possible if offered.passes(each, workflow)), None)
