"""python -m tests.bench: measures, prints tables, and never fails for being slow."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # where the tests' own modules are, as in pytest

from bench import alarms, lists, receiving, sending, workflows
from bench.report import say

BENCHMARKS: Mapping[str, Callable[[bool], None]] = {
    "receiving": receiving.measure,
    "sending": sending.measure,
    "alarms": alarms.measure,
    "workflows": workflows.measure,
    "lists": lists.measure,
}


def main() -> None:
    """Run the benchmark that is named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHMARKS, help="left out, all of them")
    parser.add_argument("--quick", action="store_true", help="measure little, in a minute")
    asked = parser.parse_args()
    for name in [asked.name] if asked.name else BENCHMARKS:
        try:
            BENCHMARKS[name](asked.quick)
        except pytest.skip.Exception as missing:  # a server's program, say
            say(f"{name}: skipped; {missing}")


if __name__ == "__main__":
    main()
