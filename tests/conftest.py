"""What all tests share: real servers, and a store on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings import settings
from tasks.store import database

pytest_plugins = ["servers.fixtures"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every test to a folder of its own."""
    monkeypatch.setenv("KONTAKTWERK_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("KONTAKTWERK_CONFIG", str(tmp_path / "kontaktwerk.toml"))
    settings.cache_clear()
    database.store.cache_clear()
    yield
    settings.cache_clear()
    database.store.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[database.Store]:
    """Give an empty store, on each database in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    opened = database.Store(url)
    opened.upgrade()
    yield opened
    opened.engine.dispose()
