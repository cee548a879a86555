"""A process that works one dispatch shift; a benchmark or a test starts it, and may kill it."""

import asyncio
import sys
from datetime import timedelta

from flows import dispatching
from flows.dispatch import dispatch
from tasks.store import outbox

LEASE_TIME = timedelta(seconds=3)  # short, so that the next need not wait long for a killed one

if __name__ == "__main__":
    vars(outbox)["LEASE_TIME"], vars(dispatching)["RENEWAL"] = LEASE_TIME, LEASE_TIME / 3
    asyncio.run(dispatch(int(sys.argv[1])))
