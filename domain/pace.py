"""How many messages may go out now, where an account allows only so many a minute."""

from datetime import datetime, timedelta


def allowance(
    next_turn: datetime | None, now: datetime, per_minute: int, wanted: int
) -> tuple[int, datetime | None]:
    """Give how many of the wanted ones may go now, and when the next turn is after them.

    per_minute 0 is no limit. Turns are spread evenly and not saved up: after a rest there is no
    burst (the generic cell rate algorithm with a tolerance of one second).
    """
    if per_minute == 0:
        return wanted, next_turn
    each = timedelta(minutes=1) / per_minute
    begin = max(next_turn or now, now)
    latest = now + max(timedelta(seconds=1), each)
    allowed = min(wanted, (latest - begin) // each)
    return max(allowed, 0), begin + max(allowed, 0) * each
