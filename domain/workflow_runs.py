"""How far a case is in a workflow, and how often a visit that stands still is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
ATTEMPTS = len(_WAITS) + 1  # then a person must ask for it


class RunStatus(StrEnum):
    """How far a case is in a workflow."""

    OPEN = "open"
    COMPLETED = "completed"  # its last step is
    ENDED = "ended"  # because the case is finished
    STOPPED = "stopped"  # by a person


class VisitStatus(StrEnum):
    """How far a visit of a step is."""

    ENTERED = "entered"  # its todos are yet to be created
    OPEN = "open"
    COMPLETED = "completed"
    ENDED = "ended"  # with its run
    FAILED = "failed"  # nothing more is tried until a person asks


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Say when a visit that failed so often is tried again; None: when a person asks."""
    return now + _WAITS[attempts - 1] if attempts < ATTEMPTS else None
