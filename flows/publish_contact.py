"""Publishing as a button: one action publishes and withdraws, and asks where that is wise (P3)."""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Completed
from pydantic import Field, create_model

from domain.entered import RecordNumber
from domain.errors import KontaktwerkError
from domain.publishing import Caution, Toggled
from domain.publishing_texts import Told, became, caution_sentence, told
from domain.wording import Language
from flows.dialogs import can_ask
from flows.refusing import reasons, refused
from tasks import publishing
from tasks.run_names import rename_run
from tasks.service_history_board import show_service_history
from tasks.settings import settings
from tasks.store.database import store

FilePosition = Annotated[int, Field(ge=0)]


class Action(StrEnum):
    """What is done about a contact's publication."""

    TOGGLE = "toggle"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


@flow(name="publish-contact", flow_run_name="{action} publication of contact {contact}")
async def publish_contact(
    contact: RecordNumber,
    employee: str,
    action: Action = Action.TOGGLE,
    files: Sequence[FilePosition] = (),
) -> State[Any]:
    """Let customers see a contact in its service call's history, or not any more.

    Args:
        contact: The contact's number, as lists show it.
        employee: The personnel number of who does it; what they may do is checked.
        action: Toggle publishes what is not published when the run is asked for, and else
            withdraws it.
        files: The positions of the attachments that customers get; the preview shows them.
    """
    await asyncio.to_thread(store().upgrade)
    try:
        return await _done(contact, employee.strip(), action, files)
    except KontaktwerkError as error:
        return refused(reasons(error))


@flow(name="service-history", flow_run_name="history of {case}")
async def service_history(case: str, employee: str) -> State[Any]:
    """Show a service call's communication as its customer sees it, as an artifact of this run.

    Args:
        case: The service call's number, such as SC-1042.
        employee: The personnel number of who looks.
    """
    await asyncio.to_thread(store().upgrade)
    try:
        history = await asyncio.to_thread(publishing.service_history, case, employee.strip())
    except KontaktwerkError as error:
        return refused(reasons(error))
    key = await show_service_history(history)
    shown = f"{history.case_number}: {len(history.entries)} published, shown as {key}"
    get_run_logger().info("%s", shown)
    return Completed(message=shown, data=[shown])


async def _done(contact: int, employee: str, action: Action, files: Collection[int]) -> State[Any]:
    """Do it, ask and do it again, until it is clear how the contact stands.

    Nothing has an effect before the run is suspended, for a resumed run comes here again. When
    it was created decides what toggling means, so that it means the same then.
    """
    language = settings().language
    confirmed: tuple[Caution, ...] = ()
    while True:
        toggled = await asyncio.to_thread(_act, contact, employee, action, files, confirmed)
        if not toggled.cautions:
            return await _told(contact, toggled, language)
        if not can_ask():
            return refused([caution_sentence(each, language) for each in toggled.cautions])
        if not await _confirmed(contact, toggled.cautions, language):
            said = told(Told.NOT_CONFIRMED, contact, language)
            return Cancelled(message=said, data=[said])
        confirmed = toggled.cautions


def _act(
    contact: int,
    employee: str,
    action: Action,
    files: Collection[int],
    confirmed: Collection[Caution],
) -> Toggled:
    if action is Action.PUBLISH:
        return publishing.publish(contact, employee, files, confirmed)
    if action is Action.WITHDRAW:
        return publishing.withdraw(contact, employee)
    asked_at = _asked_at()
    return publishing.publish_or_withdraw(contact, employee, files, confirmed, asked_at)


async def _told(contact: int, toggled: Toggled, language: Language) -> State[Any]:
    said = became(toggled, contact, language)
    get_run_logger().info("%s", said)
    await rename_run(f"contact {contact} - {'published' if toggled.published else 'withdrawn'}")
    return Completed(message=said, data=[said])


async def _confirmed(contact: int, cautions: Sequence[Caution], language: Language) -> bool:
    """Suspend the run until the cautions are confirmed or not.

    A resumed run finds its answer by the key, which says exactly what was asked.
    """
    label = told(Told.CONFIRM_LABEL, contact, language)
    field: Any = (Annotated[bool, Field(title=label)], False)
    form = create_model("Confirmation", __base__=RunInput, confirm=field)
    asking = [f"- {caution_sentence(each, language)}" for each in cautions]
    text = "\n".join([f"**{told(Told.CONFIRM, contact, language)}**", "", *asking])
    key = hashlib.sha256(repr(cautions).encode()).hexdigest()[:16]
    answer = await asuspend_flow_run(
        wait_for_input=form.with_initial_data(description=text), key=key
    )
    return bool(answer.model_dump()["confirm"])


def _asked_at() -> datetime | None:
    """Tell when this run was asked for; that stays, however often it is run."""
    context = FlowRunContext.get()
    return context.flow_run.created if context and context.flow_run else None
