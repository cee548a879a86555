"""A lease: the right to work on something for a while, with a token that fences off others."""

from dataclasses import dataclass
from datetime import timedelta

LEASE_TIME = timedelta(seconds=30)
RENEWAL = timedelta(seconds=8)  # often enough that a busy machine does not lose it


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to read one folder; whoever takes it next gets a higher token."""

    mailbox_id: int
    token: int
