"""What the buttons have in common: they do what a form asks for, and say what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed

from domain.errors import KontaktwerkError
from domain.zones import instant
from flows.refusing import reasons, refused


async def pressed(act: Callable[[], object], done: str) -> State[Any]:
    """Do what a form asks for; the run says what is done, or why it did nothing."""

    def doing() -> list[str]:
        act()
        return [done]

    return await told(doing)


async def told(act: Callable[[], Sequence[str]]) -> State[Any]:
    """Do what a form asks for; the run says what act tells of it, or why it did nothing."""
    try:
        lines = await asyncio.to_thread(act)
    except KontaktwerkError as error:
        return refused(reasons(error))
    return completed(lines)


def completed(lines: Sequence[str]) -> State[Any]:
    """End a run that did what it was asked for: as its message, in its log and as its result."""
    for line in lines:
        get_run_logger().info("%s", line)
    return Completed(message="; ".join(lines), data=list(lines))


def run_key() -> str:
    """Give what this run writes under, so that it writes it once however often it is run again."""
    return f"run:{flow_run.id}"


def entered(text: str) -> str | None:
    """Give what a field has; None where it was left empty."""
    return text if text.strip() else None


def require_change(*said: object) -> None:
    """Raise KontaktwerkError where a form was sent off with nothing to change."""
    if not any(said):
        raise KontaktwerkError("say what is to change")


def meant(at: datetime | None, zone: str) -> datetime | None:
    """Give the instant that a form gave; a program that gives no zone means a zone's clocks."""
    return instant(at, zone) if at and at.tzinfo is None else at
