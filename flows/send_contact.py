"""A contact is sent on request: judged, asked about in dialogs, queued, and followed a while."""

import asyncio
from datetime import UTC, datetime
from itertools import count
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Completed
from pydantic import Field

from domain.answers import answered, declined, discreet
from domain.delivery import DispatchStatus, in_words
from domain.entered import RecordNumber, Time
from domain.errors import KontaktwerkError
from domain.sending import Judgement, Request
from domain.wording import Language, sentences
from flows.dialogs import asked, can_ask
from flows.refusing import reasons, refused
from tasks import sending
from tasks.channels import CHANNELS
from tasks.run_names import rename_run
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.directory import employee_by_number
from tasks.store.dispatches import DispatchLine, show_dispatch
from tasks.store.sending import Decision

PATIENCE = 5.0  # seconds to see how a dispatch goes
LOOK = 0.25
UNDER_WAY = frozenset({DispatchStatus.QUEUED, DispatchStatus.SENDING})
NOT_CONFIRMED = {
    Language.ENGLISH: "It was not confirmed: nothing is sent.",
    Language.GERMAN: "Es wurde nicht bestätigt: Nichts wird gesendet.",
}
TITLE = {Language.ENGLISH: "Contact {} by {}", Language.GERMAN: "Kontakt {} per {}"}
Channel = Annotated[str, Field(json_schema_extra={"enum": list(CHANNELS)})]  # a dropdown


@flow(name="send-contact", flow_run_name="send contact {contact} by {channel}")
async def send_contact(
    contact: RecordNumber,
    channel: Channel,
    employee: str,
    recipient: RecordNumber | None = None,
    number: str | None = None,
    service: str | None = None,
    not_before: Time | None = None,
    deadline: Time | None = None,
) -> State[Any]:
    """Send a contact over a channel; what is open is asked before anything goes out.

    Args:
        contact: The contact's number, as lists show it.
        channel: What it is sent by.
        employee: The personnel number of who sends it; what they may do is checked.
        recipient: For SMS and fax: the position of the recipient. Left empty: the only one, or
            you are asked.
        number: For SMS and fax: the phone number. Left empty: the recipient's known one.
        service: The mail account or gateway to send by. Left empty: the one that suits.
        not_before: Not to be sent before this instant. Left empty: at once.
        deadline: Until when it is tried. Left empty: for two days.
    """
    request = Request(
        channel,
        contact,
        employee.strip(),
        _filled_in(service),
        recipient,
        _filled_in(number),
        not_before=not_before and not_before.astimezone(UTC),
        deadline=deadline and deadline.astimezone(UTC),
        key=_run_id(),
    )
    await asyncio.to_thread(store().upgrade)
    try:
        return await _sent(request)
    except KontaktwerkError as error:
        return refused(reasons(error))


def _filled_in(text: str | None) -> str | None:
    """Give what was entered; a field that was opened and left blank is none."""
    return (text or "").strip() or None


async def _sent(request: Request) -> State[Any]:
    """Judge, ask and judge again, until the contact is queued or it is clear that it is not.

    Nothing has an effect before the run is suspended, for a resumed run comes here again.
    """
    language = settings().language
    for turn in count(1):
        decision = await asyncio.to_thread(sending.send_contact, request)
        if decision.dispatch_id is not None:
            return await _queued(decision.dispatch_id, decision.judgement, request.employee)
        judgement = _tellable(decision)
        if judgement.refusals or not can_ask():
            return refused(sentences(judgement, language))
        title = TITLE[language].format(request.contact_id, request.channel)
        answers = await asked(title, judgement, turn, language)
        if declined(answers):
            return Cancelled(message=NOT_CONFIRMED[language], data=[NOT_CONFIRMED[language]])
        request = answered(request, answers)
    raise AssertionError("unreachable")


def _tellable(decision: Decision) -> Judgement:
    """Leave out of a private contact's judgement what is not for everybody who sees runs."""
    return discreet(decision.judgement) if decision.private else decision.judgement


async def _queued(dispatch_id: int, judgement: Judgement, employee: str) -> State[Any]:
    if judgement.remark:
        get_run_logger().info("dispatch %d: %s", dispatch_id, judgement.remark)
    line = await _settled(dispatch_id, employee)
    told = f"dispatch {dispatch_id} is {in_words(line.status)}: {_recipients(line)}"
    get_run_logger().info("%s", told)
    await rename_run(f"send contact {line.contact_id} by {line.channel} - {in_words(line.status)}")
    return Completed(message=told, data=[told])


async def _settled(dispatch_id: int, employee: str) -> DispatchLine:
    """Wait a little for what becomes of a dispatch."""
    viewer = await asyncio.to_thread(employee_by_number, store(), employee)
    for _ in range(int(PATIENCE / LOOK)):
        line = (await asyncio.to_thread(show_dispatch, store(), dispatch_id, viewer)).line
        if line.status not in UNDER_WAY or (line.due_at and line.due_at > datetime.now(UTC)):
            break
        await asyncio.sleep(LOOK)
    return line


def _recipients(line: DispatchLine) -> str:
    """Say how it went with each recipient; of a private contact only that."""
    if line.private:
        return ", ".join(in_words(each.status) for each in line.deliveries)
    return "; ".join(
        f"{each.to} {in_words(each.status)}" + (f", {each.reason}" if each.reason else "")
        for each in line.deliveries
    )


def _run_id() -> str | None:
    """Name this run, which asks once, however often it is run again."""
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else None
