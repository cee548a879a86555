"""A process that rings what is due, without Prefect; a test starts it, and kills it."""

import sys
import time

from domain.wording import Language
from tasks.store.alarm_facts import Terms
from tasks.store.database import store
from tasks.store.ringing import ring_due

AT_ONCE = 20  # alarms in a transaction: there are many to be interrupted
LOOK = 0.01  # seconds
TERMS = Terms(Language.ENGLISH, "Europe/Berlin")

if __name__ == "__main__":
    end = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < end:
        if not ring_due(store(), store().now(), AT_ONCE, TERMS).taken:
            time.sleep(LOOK)
