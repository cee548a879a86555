"""What all tests share: real servers, and a store on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.postgres import drop_database, fresh_database
from sqlalchemy import make_url

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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with its structure: to copy it is quicker than to make it anew."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    _upgraded(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: str) -> str:
    """The name of an empty PostgreSQL database with its structure."""
    url = fresh_database(postgres_cluster)
    _upgraded(url)
    return str(make_url(url).database)


def _upgraded(url: str) -> None:
    empty = database.Store(url)
    empty.upgrade()
    empty.engine.dispose()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[database.Store]:
    """An empty store on SQLite."""
    file = shutil.copy(sqlite_template, tmp_path / "store.db")
    opened = database.Store(f"sqlite:///{file}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def postgres_store(postgres_cluster: str, postgres_template: str) -> Iterator[database.Store]:
    """An empty store on PostgreSQL."""
    url = fresh_database(postgres_cluster, postgres_template)
    opened = database.Store(url)
    yield opened
    opened.engine.dispose()
    drop_database(postgres_cluster, url)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> database.Store:
    """An empty store, on each database in turn."""
    opened: database.Store = request.getfixturevalue(f"{request.param}_store")
    return opened
