"""APScheduler as another way to ring: a job for each alarm, in the same database.

python -m bench.scheduler_way COUNT prints how long it took from the instant to the last message.
All jobs are entered before it, while the scheduler pauses.
"""

import logging
import sys
import threading
import time
from datetime import UTC, datetime

from sqlalchemy import select

from domain.sending import Texts
from tasks.store.database import store
from tasks.store.inbox import tell
from tasks.store.tables import employees

PATIENCE = 60.0  # seconds, for the next message
_told = threading.Semaphore(0)


def ring(key: str, employee_id: int) -> None:
    """Put one message into an inbox: the job."""
    texts = Texts("Appointment: the offer", "Appointment 1, at ten, in room 2.")
    at = datetime.now(UTC)
    store().write(lambda connection: tell(connection, key, employee_id, None, texts, at))
    _told.release()


def main(count: int) -> float:
    """Let so many jobs run at one instant; gives the seconds until the last has told."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with store().reading() as connection:
        [employee_id] = connection.scalars(select(employees.c.id).limit(1))
    jobs = SQLAlchemyJobStore(engine=store().engine, tablename="apscheduler_jobs")
    scheduler = BackgroundScheduler(jobstores={"default": jobs}, timezone=UTC)
    scheduler.start(paused=True)
    due_at = datetime.now(UTC)
    for number in range(count):
        words = (f"peer:{number}", employee_id)
        when = {"run_date": due_at, "misfire_grace_time": None}
        scheduler.add_job("bench.scheduler_way:ring", "date", words, **when)
    begin = time.perf_counter()
    scheduler.resume()
    for _ in range(count):
        if not _told.acquire(timeout=PATIENCE):
            raise TimeoutError("APScheduler did not run all jobs")
    seconds = time.perf_counter() - begin
    scheduler.shutdown()
    return seconds


if __name__ == "__main__":
    # Jobs are found by this module's name, and tell there that they have run.
    from bench import scheduler_way

    sys.stdout.write(f"{scheduler_way.main(int(sys.argv[1]))}\n")
