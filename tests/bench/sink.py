"""A sink for outgoing mail that is not the bottleneck: Postfix's smtp-sink, written in C."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from servers.program import Program, account, free_port, listens, required

PLACES = ("/usr/sbin", "/usr/lib/postfix/sbin", "/usr/libexec/postfix")  # Debian: package postfix
BACKLOG = 256


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Run it on this machine only; gives its port."""
    program = required("smtp-sink", *PLACES)
    port = free_port()
    with TemporaryDirectory(prefix="sink-") as logs:
        command = [program, f"127.0.0.1:{port}", str(BACKLOG)]
        log, unprivileged = Path(logs) / "sink.log", account("nobody")
        sink = Program(command, lambda: listens(port), log, unprivileged)
        sink.start()
        try:
            yield port
        finally:
            sink.kill()
