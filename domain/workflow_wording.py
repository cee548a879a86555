"""Why a step is not entered, or stands still, in the words that people read."""

from collections.abc import Mapping
from enum import StrEnum


class WorkflowReason(StrEnum):
    """Why a step is not entered, or a visit of it stands still."""

    BAD_EVENT = "bad_event"
    WORKFLOW_UNKNOWN = "workflow_unknown"
    WORKFLOW_RETIRED = "workflow_retired"
    STEP_UNKNOWN = "step_unknown"
    CASE_UNKNOWN = "case_unknown"
    CASE_FINISHED = "case_finished"
    NOT_FROM_OUTSIDE = "not_from_outside"
    KEY_TAKEN = "key_taken"
    ACTIVITY_TYPE_UNKNOWN = "activity_type_unknown"
    OWNER_MISSING = "owner_missing"
    EMPLOYEE_UNKNOWN = "employee_unknown"
    EMPLOYEE_LEFT = "employee_left"
    TEAM_UNKNOWN = "team_unknown"
    TEAM_EMPTY = "team_empty"
    TEMPLATE_REFUSED = "template_refused"
    TEXT_FAILED = "text_failed"
    TEXT_TOO_LONG = "text_too_long"
    NOTHING_FOLLOWS = "nothing_follows"


WORKFLOW_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    WorkflowReason.BAD_EVENT: (
        "The event cannot be understood: {about}.",
        "Das Ereignis ist nicht zu verstehen: {about}.",
    ),
    WorkflowReason.WORKFLOW_UNKNOWN: (
        "There is no workflow {about}.",
        "Es gibt keinen Workflow {about}.",
    ),
    WorkflowReason.WORKFLOW_RETIRED: (
        "The workflow {about} is retired: no case starts with it any more.",
        "Der Workflow {about} ist stillgelegt: Kein Vorgang beginnt ihn mehr.",
    ),
    WorkflowReason.STEP_UNKNOWN: (
        "The workflow has no step {about}.",
        "Der Workflow hat keinen Schritt {about}.",
    ),
    WorkflowReason.CASE_UNKNOWN: (
        "There is no case {about}.",
        "Es gibt keinen Vorgang {about}.",
    ),
    WorkflowReason.CASE_FINISHED: (
        "The case {about} is finished: no step of it is entered any more.",
        "Der Vorgang {about} ist abgeschlossen: Kein Schritt wird mehr betreten.",
    ),
    WorkflowReason.NOT_FROM_OUTSIDE: (
        "The step {about} is entered by the workflow itself only.",
        "Der Schritt {about} wird nur vom Workflow selbst betreten.",
    ),
    WorkflowReason.KEY_TAKEN: (
        "The key {about} has entered another step, or the step of another case: take another key.",
        "Der Schlüssel {about} hat schon einen anderen Schritt betreten, oder den eines anderen "
        "Vorgangs: Bitte einen anderen nehmen.",
    ),
    WorkflowReason.ACTIVITY_TYPE_UNKNOWN: (
        "There is no activity type {about}.",
        "Es gibt keine Aktivitätsart {about}.",
    ),
    WorkflowReason.OWNER_MISSING: (
        "The case has no owner who could do the todo.",
        "Der Vorgang hat niemanden als Verantwortlichen, der die Aufgabe tun könnte.",
    ),
    WorkflowReason.EMPLOYEE_UNKNOWN: (
        "There is no employee with the personnel number {about}.",
        "Es gibt niemanden mit der Personalnummer {about}.",
    ),
    WorkflowReason.EMPLOYEE_LEFT: (
        "The employee {about} does not work here any more.",
        "Wer die Personalnummer {about} hatte, arbeitet nicht mehr hier.",
    ),
    WorkflowReason.TEAM_UNKNOWN: (
        "There is no team {about}.",
        "Es gibt kein Team {about}.",
    ),
    WorkflowReason.TEAM_EMPTY: (
        "Nobody who works here is in the team {about}.",
        "Im Team {about} ist niemand, der hier arbeitet.",
    ),
    WorkflowReason.TEMPLATE_REFUSED: (
        "The template is not allowed: {about}.",
        "Die Vorlage ist nicht erlaubt: {about}.",
    ),
    WorkflowReason.TEXT_FAILED: (
        "A text or a condition of the workflow cannot be filled in: {about}.",
        "Ein Text oder eine Bedingung des Workflows lässt sich nicht ausfüllen: {about}.",
    ),
    WorkflowReason.TEXT_TOO_LONG: (
        "A text of the workflow becomes longer than {about} characters.",
        "Ein Text des Workflows wird länger als {about} Zeichen.",
    ),
    WorkflowReason.NOTHING_FOLLOWS: (
        "All todos of the step are done, and none of its transitions holds.",
        "Alle Aufgaben des Schritts sind erledigt, und keiner seiner Übergänge trifft zu.",
    ),
}
