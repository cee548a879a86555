"""Whether finding and ringing what is due costs more, the more alarms are armed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from bench.alarm_rows import arm_series, arm_single, enter_staff
from bench.installation import installation
from servers.postgres import fresh_database
from sqlalchemy import text

from domain.ringing import Rung
from domain.wording import Language
from tasks.store.alarm_facts import Terms
from tasks.store.database import Store
from tasks.store.ringing import next_due, ring_due

TERMS = Terms(Language.ENGLISH, "Europe/Berlin")
LATER = timedelta(days=1)
FIRST = 3  # rounds that are not counted


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes among many alarms, in seconds, and how many times what it takes among few."""

    finding: float
    findings_growth: float
    ringing: float
    ringings_growth: float


def measure_cost(cluster: str, few: int, many: int, rounds: int) -> Cost:
    """Measure with few and with many alarms in turn, round by round."""
    urls = [fresh_database(cluster) if cluster else "" for _ in range(2)]
    with installation(urls[0]) as small, installation(urls[1]) as large:
        fillings = [_Filling(small, few), _Filling(large, many)]
        taken = [[filling.round() for filling in fillings] for _ in range(FIRST + rounds)][FIRST:]
    found = [[each[place][0] for each in taken] for place in range(2)]
    rung = [[each[place][1] for each in taken] for place in range(2)]
    return Cost(median(found[1]), _growth(*found), median(rung[1]), _growth(*rung))


def _growth(few: list[float], many: list[float]) -> float:
    """Compare round by round: what disturbs the machine disturbs neighbours alike."""
    return median(b / a for a, b in zip(few, many, strict=True))


class _Filling:
    """A store with so many alarms armed for later."""

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._staff = enter_staff(store)
        arm_series(store, self._staff, number, datetime.now(UTC) + LATER)
        with store.writing() as connection:
            connection.execute(text("ANALYZE"))

    def round(self) -> tuple[float, float]:
        """Give the seconds that it takes to look for what is due, and to ring one alarm."""
        now = datetime.now(UTC)
        finding = _seconds(lambda: next_due(self._store))
        arm_single(self._store, self._staff, [now])
        return finding, _seconds(lambda: self._ring(now))

    def _ring(self, now: datetime) -> None:
        rung = ring_due(self._store, now, 500, TERMS)
        assert rung == Rung(rung=1)


def _seconds(what: Callable[[], object]) -> float:
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin
