"""How long to wait before trying again."""

import math
from datetime import timedelta


def delay(
    attempt: int,
    first: timedelta,
    longest: timedelta,
    factor: float = 2.0,
    jitter: float = 0.0,
) -> timedelta:
    """Give the wait after so many attempts, growing by a factor from the first to the longest.

    Jitter, which the caller draws from [0, 1), shortens the wait by up to half of it, so that
    what failed together is not tried again together.
    """
    if min(first, longest) <= timedelta(0) or factor <= 1 or not 0 <= jitter < 1:
        raise ValueError("a wait needs positive bounds, a factor above 1, a jitter in [0, 1)")
    steps = max(attempt - 1, 0)
    # Steps beyond the longest wait are not computed: a power of them would overflow.
    enough = math.ceil(math.log(longest / first, factor))
    full = first * factor**steps if steps < enough else longest
    return full * (1 - jitter / 2)
