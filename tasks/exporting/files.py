"""Files that are there whole or not at all, whatever is interrupted."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its target, and in the target's place once it is complete.

    Until then, and after any error, what was there before is untouched. OSError where it cannot be
    written, or where the target is there and no file.
    """
    whole = target.resolve()
    if whole.exists() and not whole.is_file():
        raise OSError(errno.EINVAL, "it is there already, and no file", str(target))
    part = whole.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave the name without the content
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)
