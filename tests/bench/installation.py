"""An installation of its own for each measurement, and the mailbox that it imports."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.directory import directory
from bench.letters import MAILBOX

from domain.accounts import AfterImport, MailAccount, Security
from tasks.settings import settings
from tasks.store import database
from tasks.store.directory import apply_directory

TESTS = Path(__file__).parents[1]
USER, PASSWORD = "service@bench.example", "Geheim-4711"


@contextmanager
def installation(url: str = "") -> Iterator[database.Store]:
    """Keep to a folder of its own; its database, SQLite without a URL, knows the directory."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="installation-")))
        stack.enter_context(environment(_installed_in(folder, url)))
        store = database.store()
        stack.callback(store.engine.dispose)
        store.upgrade()
        apply_directory(store, directory())
        yield store


def _installed_in(folder: Path, url: str) -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)]),
        "KONTAKTWERK_HOME": str(folder),
        "KONTAKTWERK_CONFIG": str(folder / "kontaktwerk.toml"),
        "KONTAKTWERK_DATABASE_URL": url or f"sqlite:///{folder / 'kontaktwerk.db'}",
    }


def watched(port: int, user: str = USER, move_to: str | None = None) -> MailAccount:
    """Give the account that watches a user's mailbox on this machine."""
    return MailAccount(
        name=user.partition("@")[0],
        address=MAILBOX,
        host="127.0.0.1",
        port=port,
        security=Security.NONE,
        login=user,
        password=PASSWORD,
        teams=("Helpdesk",),
        after_import=AfterImport.MOVE if move_to else AfterImport.SEEN,
        move_to=move_to,
    )


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Change the environment, for this process and for those that it starts."""
    before = dict(os.environ)
    os.environ.update(values)
    _forget()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget()


def _forget() -> None:
    """Let the settings and the database be read anew."""
    settings.cache_clear()
    database.store.cache_clear()
