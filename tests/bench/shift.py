"""A process that works one mail shift; shifts.py starts it, and may kill it."""

import asyncio
import sys
from datetime import timedelta

from flows import watching
from flows.ingest_mail import ingest_mail
from tasks.store import leases

LEASE_TIME = timedelta(seconds=3)  # short, so that the next need not wait long for a killed one

if __name__ == "__main__":
    vars(leases)["LEASE_TIME"], vars(watching)["RENEWAL"] = LEASE_TIME, LEASE_TIME / 3
    asyncio.run(ingest_mail(int(sys.argv[1])))
