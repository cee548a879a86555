"""A process that works one workflow shift; a benchmark or a test starts it, and may kill it."""

import asyncio
import sys

from flows.plan_todos import plan_todos

if __name__ == "__main__":
    asyncio.run(plan_todos(int(sys.argv[1])))
