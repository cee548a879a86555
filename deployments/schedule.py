"""What runs when: the one list of deployments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from deployments.buttons import BUTTONS
from flows.appointments import (
    change_participants,
    mark_appointment_done,
    move_appointment,
    set_alarm,
)
from flows.dispatch import dispatch
from flows.enter_step import enter_step
from flows.ingest_mail import ingest_mail
from flows.plan_todos import plan_todos
from flows.process_quarantine import process_quarantine
from flows.publish_contact import publish_contact, service_history
from flows.reconcile_mailboxes import reconcile_mailboxes
from flows.report_bounces import report_bounces
from flows.resolve_dispatch import cancel_dispatch, resolve_dispatch
from flows.ring_alarms import ring_alarms
from flows.send_contact import send_contact
from flows.workflow_actions import end_workflow_run, retry_visit
from tasks.settings import Settings


@dataclass(frozen=True)
class Planned:
    """One deployment: a flow, when it runs, and what the admin reads about it."""

    flow: Flow[..., Any]
    name: str
    description: str
    schedule: Schedule | None = None  # none: it is run on demand
    parameters: Mapping[str, Any] = field(default_factory=dict)
    at_start: bool = False  # whether a run begins with the runner, before the schedule's first

    async def deployment(self) -> RunnerDeployment:
        """Give it in the form that the runner serves."""
        return await self.flow.ato_deployment(
            self.name,
            schedule=self.schedule,
            parameters=dict(self.parameters),
            description=self.description,
            tags=["kontaktwerk"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )


def planned(settings: Settings) -> tuple[Planned, ...]:
    """List all deployments, as these settings want them."""
    shift = settings.shift_seconds
    again = _every(timedelta(seconds=max(shift - settings.overlap_seconds, shift // 2)))
    return (
        Planned(
            ingest_mail,
            "ingest-mail",
            "Watches every mail account for one shift; each e-mail becomes a contact.",
            again,
            {"shift_seconds": shift},
            at_start=True,
        ),
        Planned(
            dispatch,
            "dispatch",
            "Sends what is queued for one shift, and follows what becomes of it.",
            again,
            {"shift_seconds": shift},
            at_start=True,
        ),
        Planned(
            ring_alarms,
            "ring-alarms",
            "Rings the appointments' alarms for one shift, each at its instant.",
            again,
            {"shift_seconds": shift},
            at_start=True,
        ),
        Planned(
            plan_todos,
            "plan-todos",
            "Works on the workflows for one shift: enters steps, creates todos, tells others.",
            again,
            {"shift_seconds": shift},
            at_start=True,
        ),
        Planned(
            process_quarantine,
            "process-quarantine",
            "Tries quarantined messages again: what is due; on demand the ones named, "
            "or *everything*, after an upgrade say.",
            _every(timedelta(minutes=10)),
        ),
        Planned(
            reconcile_mailboxes,
            "reconcile-mailboxes",
            "Explains every message on the mail servers, imports what is unexplained, and "
            "reports accounts that have fallen silent.",
            Cron("30 5 * * *", timezone="UTC"),
        ),
        Planned(
            send_contact,
            "send-contact",
            "Sends one contact by e-mail, SMS, fax or message; what is open is asked in a dialog.",
        ),
        Planned(
            resolve_dispatch,
            "resolve-dispatch",
            "Sends again, or counts as sent, where nobody knows whether a dispatch arrived.",
        ),
        Planned(
            cancel_dispatch,
            "cancel-dispatch",
            "Holds back what of a dispatch has not gone out yet, for good or until later.",
        ),
        Planned(
            publish_contact,
            "publish-contact",
            "Lets customers see a contact in its service call's history, or not any more.",
        ),
        Planned(
            service_history,
            "service-history",
            "Shows a service call's communication as its customer sees it.",
        ),
        Planned(
            set_alarm,
            "set-alarm",
            "Sets an appointment's alarm to its begin, to a time before it or to any other.",
        ),
        Planned(
            move_appointment,
            "move-appointment",
            "Moves an appointment, or one of a series; says who and what is in two places then.",
        ),
        Planned(
            change_participants,
            "change-participants",
            "Adds employees to an appointment, or removes them.",
        ),
        Planned(
            mark_appointment_done,
            "mark-appointment-done",
            "Marks an appointment as done, so that it rings no alarm, or as not done.",
        ),
        Planned(
            enter_step,
            "enter-step",
            "Lets a case enter a step of a workflow, as any program's event does.",
        ),
        Planned(
            retry_visit,
            "retry-visit",
            "Tries a visit of a workflow's step again that stands still.",
        ),
        Planned(
            end_workflow_run,
            "end-workflow-run",
            "Ends a case's course through a workflow; its open todos stay.",
        ),
        Planned(
            report_bounces,
            "report-bounces",
            "Counts what came back lately; an automation asks for it where it is much.",
        ),
        *(Planned(button, button.name, told) for button, told in BUTTONS),
    )


def _every(interval: timedelta) -> Schedule:
    return Interval(interval, anchor_date=datetime.now(UTC))
