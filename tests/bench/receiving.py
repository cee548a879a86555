"""The benchmarks of receiving mail."""

from dataclasses import dataclass

from bench.growth import measure_growth
from bench.latency import measure_shift
from bench.memory import measure_memory
from bench.rates import measure_rates


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    messages: int
    rounds: int
    in_memory: int  # messages, for the peak of memory
    few: int
    many: int
    deliveries: int


FULL = Extent(2_000, 3, in_memory=10_000, few=1_000, many=20_000, deliveries=30)
QUICK = Extent(200, 1, in_memory=300, few=200, many=1_000, deliveries=5)


def measure(quick: bool) -> None:
    """Print all tables; a quick run shows that it works, and its figures say little."""
    extent = QUICK if quick else FULL
    measure_rates(extent.messages, extent.rounds)
    measure_memory(extent.in_memory)
    measure_growth(extent.few, extent.many, rounds=4 * extent.rounds)
    measure_shift(extent.messages, extent.deliveries)
