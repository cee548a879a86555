"""The desk as a program of its own, with the database of the test."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.program import Program, free_port, listens


@contextmanager
def desk_at(database: str, home: Path) -> Iterator[str]:
    """Serve the desk on a free port, and give its address; home keeps its log, too."""
    port = free_port()
    own = {
        "KONTAKTWERK_DATABASE_URL": database,
        "KONTAKTWERK_HOME": str(home),
        "KONTAKTWERK_DESK_PORT": str(port),
    }
    environment = [f"{name}={value}" for name, value in {**os.environ, **own}.items()]
    command = ["env", "-i", *environment, sys.executable, "-m", "deployments.desk"]
    home.mkdir(parents=True, exist_ok=True)
    program = Program(command, lambda: listens(port), home / "desk.log")
    program.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        program.stop()
