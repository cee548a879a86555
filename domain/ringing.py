"""Ringing: what came of it, and when an alarm that could not ring is tried again."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from domain.backoff import delay

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
PATIENCE = timedelta(hours=1)  # for how long it is tried
MARGIN = timedelta(hours=4)  # after the end, in which a letter still says something
LETTER = "alarm:"  # how the requests of alarms' letters begin


@dataclass(frozen=True, slots=True)
class Rung:
    """How many alarms rang, how many of them late, and how many could not."""

    rung: int = 0
    late: int = 0
    failing: int = 0  # to be tried again
    failed: int = 0
    void: int = 0  # of employees who have left

    def __add__(self, other: "Rung") -> "Rung":
        return Rung(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        names = {"rung": self.rung, "late": self.late, "failing": self.failing}
        names |= {"failed": self.failed, "void": self.void}
        return ", ".join(f"{count} {name}" for name, count in names.items() if count) or "quiet"

    @property
    def taken(self) -> int:
        """Give how many alarms were due."""
        return self.rung + self.failing + self.failed + self.void


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Give when to try again after so many attempts; None where patience is at its end."""
    waits = [delay(each, FIRST_PAUSE, LONGEST_PAUSE) for each in range(1, attempts + 1)]
    return now + waits[-1] if sum(waits, timedelta()) <= PATIENCE else None


def letter_key(alarm_id: int, number: int = 0) -> str:
    """Name the request of an alarm's letter; of several services each has a number."""
    return f"{LETTER}{alarm_id}:{number}" if number else f"{LETTER}{alarm_id}"


def alarm_behind(key: str) -> int | None:
    """Tell of which alarm a letter is, by its request's key; None where it is of none."""
    alarm_id = key.removeprefix(LETTER).partition(":")[0]
    return int(alarm_id) if key.startswith(LETTER) and alarm_id.isdigit() else None


def letter_deadline(*instants: datetime) -> datetime:
    """Give until when a letter is sent: a while after the last of what it has to do with."""
    return max(instants) + MARGIN
