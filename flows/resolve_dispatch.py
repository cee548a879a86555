"""The buttons of a dispatch: decide what is unknown, cancel it, put it off."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed

from domain.entered import RecordNumber, Time
from domain.errors import KontaktwerkError
from flows.refusing import reasons, refused
from tasks.store import dispatch_actions
from tasks.store.database import store


class Resolution(StrEnum):
    """What to do about recipients of whom nobody knows whether they were reached."""

    SEND_AGAIN = "send again"
    COUNT_AS_SENT = "count as sent"


_RESOLVING = {
    Resolution.SEND_AGAIN: dispatch_actions.send_again,
    Resolution.COUNT_AS_SENT: dispatch_actions.count_as_sent,
}


@flow(name="resolve-dispatch", flow_run_name="resolve dispatch {dispatch}")
async def resolve_dispatch(
    dispatch: RecordNumber, employee: str, decision: Resolution
) -> State[Any]:
    """Decide about the recipients of whom nobody knows whether they were reached.

    Args:
        dispatch: The dispatch's number, as the dispatch board shows it.
        employee: The personnel number of who decides; what they may do is checked.
        decision: Send again, though it may arrive twice; or count as sent, though it may not
            have arrived.
    """
    act = _RESOLVING[decision]
    try:
        resolved = await asyncio.to_thread(act, store(), dispatch, employee, datetime.now(UTC))
    except KontaktwerkError as error:
        return refused(reasons(error))
    if not resolved:
        return refused([f"dispatch {dispatch} has no recipient of whom nobody knows"])
    return _done(f"dispatch {dispatch}: {decision}, recipients: {resolved}")


@flow(name="cancel-dispatch", flow_run_name="cancel dispatch {dispatch}")
async def cancel_dispatch(
    dispatch: RecordNumber, employee: str, not_before: Time | None = None
) -> State[Any]:
    """Hold back what of a dispatch has not gone out yet, for good or until later.

    Args:
        dispatch: The dispatch's number, as the dispatch board shows it.
        employee: The personnel number of who decides; what they may do is checked.
        not_before: Send it not before this instant. Left empty: it is cancelled for good.
    """
    until = not_before and not_before.astimezone(UTC)
    try:
        await asyncio.to_thread(_hold_back, dispatch, employee, until)
    except KontaktwerkError as error:
        return refused(reasons(error))
    told = f"is sent not before {until:%Y-%m-%d %H:%M} UTC" if until else "is cancelled"
    return _done(f"dispatch {dispatch} {told}")


def _hold_back(dispatch: RecordNumber, employee: str, until: datetime | None) -> None:
    if until:
        dispatch_actions.put_off(store(), dispatch, employee, until, datetime.now(UTC))
    else:
        dispatch_actions.cancel_dispatch(store(), dispatch, employee, datetime.now(UTC))


def _done(told: str) -> State[Any]:
    get_run_logger().info("%s", told)
    return Completed(message=told, data=[told])
