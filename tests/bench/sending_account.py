"""A process that saves the account that sends as a Prefect block; outgoing_shifts.py starts it."""

import asyncio
import sys

from bench.outgoing import sending_account

from tasks.accounts import save_account

if __name__ == "__main__":
    port, connections = map(int, sys.argv[1:])
    asyncio.run(save_account(sending_account(port, connections)))
