"""What all tests share: real servers, and a store on SQLite and on PostgreSQL."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from servers.postgres import empty_database, fresh_database, prepare_emptying
from sqlalchemy import Engine, Pool, QueuePool, Table, event, insert, select
from sqlalchemy.util import LRUCache

from tasks.settings import settings
from tasks.store import database
from tasks.store.tables import metadata

TABLES = metadata.sorted_tables
STATEMENTS = 3_000

pytest_plugins = ["servers.fixtures"]

# How long an example takes says how busy the machine is, and nothing of the software.
hypothesis.settings.register_profile(
    "usual", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
# What is tried is new with each run, but not where a run says whether a change may land.
hypothesis.settings.register_profile(
    "ci", hypothesis.settings.get_profile("usual"), derandomize=True, database=None
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "usual")


@event.listens_for(Pool, "checkout")
def _unhurried(connection: Any, _record: object, _proxy: object) -> None:
    """Let SQLite not wait for the disk: no test outlives a power failure."""
    if isinstance(connection, sqlite3.Connection) and not connection.in_transaction:
        connection.execute("PRAGMA synchronous=OFF")


def pytest_collection_finish() -> None:
    """Let no collection of garbage look through all modules and tests again and again."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture
def own_store(_own_home: None, sqlite_template: Path) -> database.Store:
    """The store of the test's own home, as it stands after the first start."""
    own = database.store()
    file = Path(own.url.database or "")
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(sqlite_template, file)
    return own


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> database.Store:
    """What all tests open SQLite by: its statements are compiled once."""
    return _shared(f"sqlite:///{tmp_path_factory.mktemp('stores') / 'store.db'}")


@pytest.fixture(scope="session")
def postgres_engine(postgres_cluster: str) -> Iterator[database.Store]:
    """What all tests open PostgreSQL by: its statements are compiled once."""
    opened = _shared(fresh_database(postgres_cluster))
    opened.upgrade()
    with opened.writing() as connection:
        prepare_emptying(connection)
    yield opened
    opened.engine.dispose()


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
    yield _opened(sqlite_engine)
    sqlite_engine.engine.dispose()


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
    yield _opened(postgres_engine)
    _let_go(postgres_engine.engine)


def _shared(url: str) -> database.Store:
    """Open a database for all tests, which have more statements than any program."""
    opened = database.Store(url)
    opened.engine = opened.engine.execution_options(compiled_cache=LRUCache(STATEMENTS))
    return opened


def _opened(shared: database.Store) -> database.Store:
    """Give a test an engine of its own, with the statements that others have compiled."""
    opened = copy(shared)
    opened.engine = shared.engine.execution_options()
    return opened


def _let_go(engine: Engine) -> None:
    """Keep the connections for the next test, which cost more than it; but none in use."""
    assert isinstance(engine.pool, QueuePool)
    if engine.pool.checkedout():
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> database.Store:
    """An empty store, on each database in turn."""
    opened: database.Store = request.getfixturevalue(f"{request.param}_store")
    return opened
