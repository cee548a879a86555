"""Whether a message costs more, the more contacts there are."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median

from bench.installation import installation, watched
from bench.letters import SECRET, letters
from bench.report import Finding, show
from servers.postgres import fresh_database, postgres

from domain.arrivals import CHUNK_MESSAGES, Arrival, Chunk
from tasks.receiving import receive_chunk
from tasks.store.accounts import enter_account
from tasks.store.database import Store
from tasks.store.receiving import Terms

TARGET = 1.2  # times the cost with few contacts
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LARGEST_FILE = 50_000  # bytes; what a file costs does not depend on the contacts


class Filling:
    """A store that messages are put into, and what the last of them cost."""

    def __init__(self, store: Store) -> None:
        [self._box] = enter_account(store, watched(port=1))
        self._store = store
        self._uid = 0

    def fill(self, messages: Iterator[bytes]) -> float:
        """Receive messages in chunks; gives the seconds that they took."""
        took = 0.0
        while letters := list(islice(messages, CHUNK_MESSAGES)):
            chunk = self._chunk(letters)
            begin = time.perf_counter()
            receive_chunk(self._store, chunk, Terms(SECRET, NOW))
            took += time.perf_counter() - begin
        return took

    def _chunk(self, letters: list[bytes]) -> Chunk:
        received_at = NOW + timedelta(seconds=self._uid)
        numbered = enumerate(letters, self._uid + 1)
        arrivals = [Arrival(uid, received_at, raw) for uid, raw in numbered]
        self._uid += len(letters)
        return Chunk(self._box, 1, arrivals, upto=self._uid)


def measure_growth(few: int, many: int, rounds: int) -> None:
    """Print what a message costs with few contacts in the store and with many."""
    findings = [_finding("SQLite", *_costs(("", ""), (few, many), rounds))]
    with postgres() as cluster:
        urls = fresh_database(cluster), fresh_database(cluster)
        findings.append(_finding("PostgreSQL", *_costs(urls, (few, many), rounds)))
    title = f"Cost of a message with {many} contacts, beside that with {few}"
    show(title, findings)


def _costs(
    urls: tuple[str, str], sizes: tuple[int, int], rounds: int
) -> tuple[list[float], list[float]]:
    """Take the same messages into both stores in turn; gives the seconds of each chunk."""
    with installation(urls[0]) as first, installation(urls[1]) as second:
        fillings = Filling(first), Filling(second)
        for filling, size in zip(fillings, sizes, strict=True):
            filling.fill(letters(size, largest_file=LARGEST_FILE))
        costs: tuple[list[float], list[float]] = ([], [])
        news = list(letters(rounds * CHUNK_MESSAGES, seed=2, largest_file=LARGEST_FILE))
        for start in range(0, len(news), CHUNK_MESSAGES):
            for filling, seconds in zip(fillings, costs, strict=True):
                seconds.append(filling.fill(iter(news[start : start + CHUNK_MESSAGES])))
        return costs


def _finding(database: str, few: list[float], many: list[float]) -> Finding:
    """Compare chunk by chunk: what disturbs the machine disturbs neighbours alike."""
    ratio = median(b / a for a, b in zip(few, many, strict=True))
    cost = median(many) / CHUNK_MESSAGES * 1000
    return Finding(
        database, f"{cost:.2f} ms", f"{ratio:.2f}", f"at most {TARGET}", reached=ratio <= TARGET
    )
