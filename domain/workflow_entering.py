"""Whether what an event asks for can be: its case goes on, and the step may be entered (W4)."""

from domain.refusals import Refusal
from domain.workflow_wording import WorkflowReason
from domain.workflows import Workflow


def reason_against_case(number: str, is_open: bool | None) -> Refusal | None:
    """Say why nothing can be entered for a case; is_open is None where there is no such case."""
    if is_open is None:
        return Refusal(WorkflowReason.CASE_UNKNOWN, number)
    return None if is_open else Refusal(WorkflowReason.CASE_FINISHED, number)


def reason_against_step(name: str, workflow: Workflow) -> Refusal | None:
    """Say why a step of a workflow cannot be entered from outside."""
    step = workflow.steps.get(name)
    if step is None:
        return Refusal(WorkflowReason.STEP_UNKNOWN, name)
    return None if step.enter_from_outside else Refusal(WorkflowReason.NOT_FROM_OUTSIDE, name)
