"""Exports contacts in a process of its own; prints the seconds it took, and its peak in MB."""

import re
import sys
import time
from datetime import datetime
from pathlib import Path

from domain.lists import Listed, Wish
from domain.wording import Language
from tasks.exporting.columns import Reader
from tasks.exporting.exports import Export, Format, export
from tasks.store.database import Store


def main() -> None:
    """Export what was received before an instant."""
    url, file, until = sys.argv[1:]
    wish = Wish(until=datetime.fromisoformat(until))
    format_ = Format(Path(file).suffix.removeprefix("."))
    what = Export(Listed.CONTACTS, wish, None, format_, Reader(Language.GERMAN, "Europe/Berlin"))
    begin = time.perf_counter()
    written = export(Store(url), what, Path(file), lambda _: None)
    taken = time.perf_counter() - begin
    # Not getrusage's: that begins with the peak of the process that started this one.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    sys.stdout.write(f"{written.lines} {taken:.3f} {int(peak) / 1024:.0f}\n")


if __name__ == "__main__":
    main()
