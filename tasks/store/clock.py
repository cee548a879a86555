"""The database's clock, by which all machines agree what is due, carried on between readings."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.store.database import Store


@dataclass(frozen=True, slots=True)
class Clock:
    """A reading of the database's clock, and when it had arrived by this machine's running time.

    It was read before it arrived, so that what it tells is never ahead of the database's clock;
    a change of this machine's clock does not touch it.
    """

    read: datetime
    arrived: float  # time.monotonic

    def now(self) -> datetime:
        """Tell the database's time, behind by no more than the reading was under way."""
        return self.read + timedelta(seconds=time.monotonic() - self.arrived)


def read_clock(store: Store) -> Clock:
    """Read the database's clock."""
    return Clock(store.now(), time.monotonic())
