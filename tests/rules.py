"""Lists the rules that are built with the tests that prove each; fails where one has none."""

import re
import sys
from collections import defaultdict
from pathlib import Path

LAST = "R7 X6 E7 S5 F3 M4 P4 A7 T5 W5 L9"  # of each group of rules, all of which are built
BUILT = tuple(
    f"{last[0]}{number}" for last in LAST.split() for number in range(1, int(last[1:]) + 1)
)
_MARK = re.compile(r"@pytest\.mark\.rule\(([^)]*)\)")
_ID = re.compile(r'"([A-Z]\d+)"')
_TEST = re.compile(r"^(?:async )?def (test_\w+)")


def proofs(tests: Path) -> dict[str, list[str]]:
    """Find the tests that carry each rule's id."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        ids: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            for mark in _MARK.findall(line):
                ids += _ID.findall(mark)
            if test := _TEST.match(line):
                for rule in ids:
                    found[rule].append(f"{path.relative_to(tests.parent)}::{test[1]}")
                ids = []
    return found


def main() -> int:
    """Print the list; 1 where a rule is without a proof."""
    found = proofs(Path(__file__).parent)
    for rule in sorted({*BUILT, *found}, key=lambda rule: (rule[0], int(rule[1:]))):
        sys.stdout.write(f"{rule}\n" + "".join(f"    {test}\n" for test in found[rule]))
    without = [rule for rule in BUILT if not found[rule]]
    if without:
        sys.stdout.write(f"No test proves: {', '.join(without)}\n")
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())
