"""A process that works one mail shift; shifts.py starts it, and may kill it."""

import asyncio
import sys
from datetime import timedelta

from bench.installation import watched

from flows import watching
from flows.ingest_mail import ingest_mail
from tasks.accounts import save_account
from tasks.store import leases

LEASE_TIME = timedelta(seconds=3)  # short, so that the next need not wait long for a killed one


async def main(seconds: int, port: int, user: str, move_to: str = "") -> None:
    """Watch a user's mailbox for so long."""
    await save_account(watched(port, user, move_to or None))
    await ingest_mail(seconds)


if __name__ == "__main__":
    vars(leases)["LEASE_TIME"], vars(watching)["RENEWAL"] = LEASE_TIME, LEASE_TIME / 3
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
