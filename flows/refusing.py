"""A flow that refuses says why: as its run's message, in its log and as its result."""

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Failed

from domain.errors import KontaktwerkError, Refused
from domain.wording import refusal_sentences
from tasks.settings import settings


def refused(sentences: Sequence[str]) -> State[Any]:
    """End a run that did nothing, with every reason."""
    for sentence in sentences:
        get_run_logger().error("%s", sentence)
    return Failed(message=" ".join(sentences), data=list(sentences))


def reasons(error: KontaktwerkError) -> list[str]:
    """Say what an error says, as many sentences as it has reasons."""
    if isinstance(error, Refused):
        return refusal_sentences(error.refusals, settings().language)
    return [str(error)]
