"""The connection to the database: short transactions, and its structure brought up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import alembic.command
import alembic.config
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
)

from domain.errors import ConfigurationError, StoreUnavailable
from tasks.settings import settings

T = TypeVar("T")
BACKENDS = ("sqlite", "postgresql")
ATTEMPTS = 5  # of a transaction that lost a race
BUSY_SECONDS = 30
MIGRATION_LOCK = 7_104_201  # any number, the same for everybody


class Store:
    """One database, SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and sees everything as it is now to its end."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:  # where each transaction sees it so
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes; it commits where the block ends without an error."""
        connecting = self.engine.connect().execution_options(writes=True)
        with connecting as connection, connection.begin():
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do the work in a transaction, and anew where another one got in between."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.writing() as connection:
                    return work(connection)
            except (IntegrityError, OperationalError) as error:
                if _exceeds_a_limit(error):
                    raise DataError(error.statement, None, error.orig or error) from error
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def now(self) -> datetime:
        """Read the database's clock, by which all machines agree what is due."""
        if self.is_sqlite:
            return datetime.now(UTC)  # it has no clock but this machine's
        with self.reading() as connection:
            at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)

    def upgrade(self) -> None:
        """Bring the database's structure up to date, making it where there is none."""
        config = alembic.config.Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        try:
            with self._restructuring() as connection:
                config.attributes["connection"] = connection
                alembic.command.upgrade(config, "head")
        except DatabaseError as error:
            reason = str(error.orig).partition("\n")[0]
            raise StoreUnavailable(
                f"the database {self.url.render_as_string()} cannot be used: {reason}"
            ) from error

    @contextmanager
    def _restructuring(self) -> Iterator[Connection]:
        """Open the one transaction that may change the structure at a time."""
        if not self.is_sqlite:
            with self.writing() as connection:
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                yield connection
            return
        # SQLite changes a table by copying it, and would take its rows for deleted meanwhile.
        with self.engine.connect().execution_options(writes=True) as connection:
            own: Any = connection.connection.driver_connection
            own.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise StoreUnavailable(f"{len(broken)} rows refer to rows that are gone")
            finally:
                own.execute("PRAGMA foreign_keys=ON")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("KONTAKTWERK_DATABASE_URL is no SQLAlchemy URL") from error
    if parsed.get_backend_name() not in BACKENDS:
        raise ConfigurationError(f"the database must be {' or '.join(BACKENDS)}")
    return parsed


def insert_unless_there(connection: Connection, table: Table, *key: str) -> Insert:
    """Insert rows into a table and leave out those whose unique key is there."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=key)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=key)


def _exceeds_a_limit(error: DBAPIError) -> bool:
    """Whether a value is too much for PostgreSQL (class 54), which counts as operational there."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith("54")


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if not database:
        raise ConfigurationError("SQLite needs a file: sqlite:///path/to/kontaktwerk.db")
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the folder of {database} cannot be made: {error}") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin as we say, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # what is committed survives a power cut
        cursor.execute("PRAGMA wal_autocheckpoint=8000")  # pages: not at every chunk of messages
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and then writes would fail where another wrote between.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "PostgreSQL needs its driver: pip install 'kontaktwerk[postgres]'"
        ) from error


@cache
def store() -> Store:
    """Give the installation's database."""
    return Store(settings().database)
