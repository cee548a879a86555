"""A process that imports a mailbox and tells its peak of memory; memory.py starts it."""

import gc
import sys
from pathlib import Path

from bench.installation import USER, watched
from bench.ways import to_contacts

from tasks.store.database import store

FIRST_USER = "first@bench.example"  # whose one message warms the process up
FORGET_THE_PEAK = "5"  # see proc(5), clear_refs


def main(port: int) -> None:
    """Tell by how many MB the peak of an import, with its helpers', lies above the idle process."""
    to_contacts(store(), watched(port, FIRST_USER))
    gc.collect()
    idle = _megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text(FORGET_THE_PEAK)
    to_contacts(store(), watched(port, USER))
    peak = sum(_megabytes("VmHWM", process) for process in ("self", *_children()))
    sys.stdout.write(f"{peak - idle}\n")


def _children() -> list[str]:
    tasks = Path("/proc/self/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


def _megabytes(name: str, process: str = "self") -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
