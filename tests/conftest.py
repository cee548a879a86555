"""What all tests share: real servers, and a store on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from servers.postgres import empty_database, fresh_database
from sqlalchemy import Table, insert, select

from tasks.settings import settings
from tasks.store import database
from tasks.store.tables import metadata

TABLES = metadata.sorted_tables

pytest_plugins = ["servers.fixtures"]

# What is tried is new with each run, but not where a run says whether a change may land.
hypothesis.settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


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
    empty = database.Store(f"sqlite:///{file}")
    empty.upgrade()
    empty.engine.dispose()
    return file


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> database.Store:
    """What all tests open SQLite by: its statements are compiled once."""
    return database.Store(f"sqlite:///{tmp_path_factory.mktemp('stores') / 'store.db'}")


@pytest.fixture(scope="session")
def postgres_engine(postgres_cluster: str) -> database.Store:
    """What all tests open PostgreSQL by: its statements are compiled once."""
    opened = database.Store(fresh_database(postgres_cluster))
    opened.upgrade()
    return opened


@pytest.fixture(scope="session")
def first_rows(postgres_engine: database.Store) -> dict[Table, list[dict[str, Any]]]:
    """The rows that the structure brings along."""
    with postgres_engine.reading() as connection:
        rows = {table: connection.execute(select(table)).mappings() for table in TABLES}
        return {table: list(map(dict, found)) for table, found in rows.items()}


@pytest.fixture
def sqlite_store(sqlite_template: Path, sqlite_engine: database.Store) -> Iterator[database.Store]:
    """An empty store on SQLite."""
    file = Path(sqlite_engine.url.database or "")
    for left in file.parent.iterdir():
        left.unlink()
    shutil.copy(sqlite_template, file)
    with _opened(sqlite_engine) as opened:
        yield opened


@pytest.fixture
def postgres_store(
    postgres_engine: database.Store, first_rows: dict[Table, list[dict[str, Any]]]
) -> Iterator[database.Store]:
    """An empty store on PostgreSQL."""
    with postgres_engine.writing() as connection:
        empty_database(connection)
        for table, rows in first_rows.items():
            if rows:
                connection.execute(insert(table), rows)
    with _opened(postgres_engine) as opened:
        yield opened


@contextmanager
def _opened(shared: database.Store) -> Iterator[database.Store]:
    """Give a test an engine of its own, with the statements that others have compiled."""
    opened = copy(shared)
    opened.engine = shared.engine.execution_options()
    yield opened
    shared.engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> database.Store:
    """An empty store, on each database in turn."""
    opened: database.Store = request.getfixturevalue(f"{request.param}_store")
    return opened
