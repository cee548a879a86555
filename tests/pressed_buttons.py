"""Buttons of the Prefect UI for tests: pressed as by their forms, and what their runs show."""

import asyncio
from typing import Any

from flow_api import artifacts
from prefect import Flow
from prefect.client.schemas.objects import State


def pressed(button: Flow[..., Any], **form: Any) -> State[Any]:
    """Run a flow as its form does."""
    state: State[Any] = asyncio.run(button(return_state=True, **form))
    return state


def said(button: Flow[..., Any], **form: Any) -> str:
    """Run a flow that does what it is asked for; gives what its run says."""
    state = pressed(button, **form)
    assert state.is_completed(), state.message
    return state.message or ""


def refused(button: Flow[..., Any], **form: Any) -> str:
    """Run a flow that refuses; gives why."""
    state = pressed(button, **form)
    assert state.is_failed(), state.message
    return state.message or ""


def shown(state: State[Any], key: str) -> str:
    """Give what a run put into its artifact."""
    run = state.state_details.flow_run_id
    [data] = [
        each["data"] for each in asyncio.run(artifacts(key)) if each["flow_run_id"] == str(run)
    ]
    return str(data)
