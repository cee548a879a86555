"""The button that lets a case enter a step, as any program's event does (W4)."""

import asyncio
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import ValidationError

from domain.errors import KontaktwerkError
from domain.events import StepEntered
from flows.refusing import reasons, refused
from tasks.blocks import in_one_sentence
from tasks.workflows import enter_step as enter


@flow(name="enter-step", flow_run_name="{case} enters {step} of {workflow}")
async def enter_step(case: str, workflow: str, step: str, key: str = "") -> State[Any]:
    """Let a case enter a step of a workflow; its todos are there a moment later.

    Args:
        case: The case's number, such as SC-1042.
        workflow: The workflow's name.
        step: The step's name, as the workflow's definition has it.
        key: What makes it the same entering: twice with one key is once. Left empty: each run
            is an entering of its own.
    """
    try:
        asked = StepEntered(
            case=case, workflow=workflow, step=step, idempotency_key=key or f"run:{flow_run.id}"
        )
        entered = await asyncio.to_thread(enter, asked)
    except ValidationError as error:
        return refused([in_one_sentence(error)])
    except KontaktwerkError as error:
        return refused(reasons(error))
    if entered.visit_id is None:
        return refused([entered.reason or ""])
    told = f"case {asked.case} is in step {step}: visit {entered.visit_id}"
    get_run_logger().info("%s", told)
    return Completed(message=told, data=entered.visit_id)
