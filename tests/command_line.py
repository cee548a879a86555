"""The command line for tests: run in this process, or at a terminal of its own."""

import os
import pty
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from outgoing_contacts import ready

from deployments.cli import main
from deployments.environment import prefect_environment
from tasks.settings import settings
from tasks.store.database import Store, store

WIDE = "200"  # columns
PATIENCE = 180  # seconds, on a very busy machine


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def sending_store(template: Path) -> Store:
    """Give the store that the command line sees, in which everything can be queued.

    The template is an empty database with its structure.
    """
    settings().folder.mkdir(parents=True)
    shutil.copy(template, settings().folder / "kontaktwerk.db")
    ready(store(), now=datetime.now(UTC))
    return store()


def kontakt(*arguments: str, columns: str = WIDE) -> Said:
    """Run a command in the test's own home, with nobody at a terminal."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in prefect_environment(settings()).items():
            patch.setenv(name, value)
        patch.setenv("COLUMNS", columns)
        patch.setattr(sys, "argv", ["kontakt", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def kontakt_at_a_terminal(*arguments: str, typed: str) -> Said:
    """Run a command with somebody at the terminal, who types this."""
    theirs, ours = pty.openpty()
    command = [sys.executable, "-m", "deployments.cli", *arguments]
    os.write(theirs, typed.encode())
    try:
        run = subprocess.run(
            command,
            stdin=ours,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "COLUMNS": WIDE},
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return Said(run.returncode, run.stdout, run.stderr)
