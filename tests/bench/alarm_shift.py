"""A process that works one alarm shift; a benchmark or a test starts it, and may kill it."""

import asyncio
import sys

from flows.ring_alarms import ring_alarms

if __name__ == "__main__":
    asyncio.run(ring_alarms(int(sys.argv[1])))
