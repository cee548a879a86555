"""A process that saves the account to watch as a Prefect block; shifts.py starts it."""

import asyncio
import sys

from bench.installation import watched

from tasks.accounts import save_account

if __name__ == "__main__":
    port, user, move_to = sys.argv[1:]
    asyncio.run(save_account(watched(int(port), user, move_to or None)))
