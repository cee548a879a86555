"""A shift: how long one run of a hot flow stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Shift:
    """From when until when a run works."""

    began_at: datetime
    length: timedelta

    @property
    def ends_at(self) -> datetime:
        """When its work is handed over to the next one."""
        return self.began_at + self.length

    def is_over(self, now: datetime) -> bool:
        """Whether it is time to hand over."""
        return now >= self.ends_at

    def remaining(self, now: datetime) -> float:
        """Seconds until the end, none below zero."""
        return max(0.0, (self.ends_at - now).total_seconds())
