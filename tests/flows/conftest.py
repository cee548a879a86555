"""What the tests of the flows share: a Prefect server of their own, and an installation."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import DIRECTORY
from flow_api import forget_accounts, save_accounts
from prefect.testing.utilities import prefect_test_harness

from domain.accounts import MailAccount
from tasks.settings import settings
from tasks.store import database
from tasks.store.directory import apply_directory

LEFT_OPEN = "ignore::pytest.PytestUnraisableExceptionWarning"  # Prefect leaves sockets open


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bear what Prefect leaves open, in the tests that use it and in no other."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Let what a test left open be found in that test, and not in a later one."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A Prefect server for the whole test run; it takes half a minute to start."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home folder of an installation that the tests of a module share."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KONTAKTWERK_HOME", str(folder))
        patch.setenv("KONTAKTWERK_CONFIG", str(folder / "kontaktwerk.toml"))
        settings.cache_clear()
        database.store.cache_clear()
        yield folder


@pytest.fixture
def installed(prefect_server: None, own_store: database.Store) -> Iterator[database.Store]:
    """The installation's store, with the directory in it."""
    apply_directory(own_store, DIRECTORY)
    yield own_store
    own_store.engine.dispose()


@pytest.fixture
def configure(installed: database.Store) -> Iterator[Callable[..., None]]:
    """Save mail accounts as blocks; they are gone after the test."""

    def saving(*accounts: MailAccount) -> None:
        asyncio.run(save_accounts(*accounts))

    yield saving
    asyncio.run(forget_accounts())
