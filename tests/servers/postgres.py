"""A private PostgreSQL cluster for tests: empty, quick, and gone with the test run."""

import os
import secrets
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from servers.program import (
    Account,
    Program,
    account,
    free_port,
    listens,
    required,
    temporary_directory,
    until_exit,
)
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

# Nothing here outlives a power failure, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


@contextmanager
def postgres() -> Iterator[str]:
    """Run a cluster and give its URL, in SQLAlchemy's form; it ends with the context."""
    places = [str(place) for place in Path("/usr/lib/postgresql").glob("*/bin")]
    initdb, server = required("initdb", *places), required("postgres", *places)
    owner = account("postgres", "nobody")
    port, password = free_port(), secrets.token_urlsafe(16)
    with until_exit() as stack:
        directory = temporary_directory(stack, "postgres")
        os.chown(directory, owner.uid, owner.gid)
        _create_cluster(initdb, directory, owner, password)
        program = _program(server, directory, owner, port)
        stack.callback(program.stop)
        program.start()
        yield _url(port, password).render_as_string(hide_password=False)


_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
_EMPTYING = """
    CREATE FUNCTION emptied() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
        {steps}
    END $$
"""
_EMPTY = 'IF EXISTS (SELECT 1 FROM "{0}") THEN DELETE FROM "{0}"; END IF;'
_BEGIN_ANEW = "PERFORM setval('\"{0}\"', 1, false);"


def fresh_database(cluster: str, template: str = "template1") -> str:
    """Create a database as a copy of a template and give its URL."""
    name = f"test_{uuid.uuid4().hex}"
    _execute(cluster, "CREATE DATABASE {} TEMPLATE {}", name, template)
    return make_url(cluster).set(database=name).render_as_string(hide_password=False)


def prepare_emptying(connection: Connection) -> None:
    """Teach a database to empty the tables that it has now."""
    emptying = [_EMPTY.format(name) for name in connection.scalars(text(_TABLES))]
    beginning = [_BEGIN_ANEW.format(name) for name in connection.scalars(text(_SEQUENCES))]
    connection.exec_driver_sql(_EMPTYING.format(steps="\n".join([*emptying, *beginning])))


def empty_database(connection: Connection) -> None:
    """Take out all rows but the structure's version, which is quicker than a new database.

    Whoever else is connected is disconnected. Needs prepare_emptying, once for each database.
    """
    without_checks = "SET LOCAL session_replication_role = replica"
    connection.exec_driver_sql(f"{without_checks}; SELECT emptied()")


def drop_database(cluster: str, database: str) -> None:
    """Remove a database, whoever still has a connection to it."""
    _execute(cluster, "DROP DATABASE IF EXISTS {} WITH (FORCE)", make_url(database).database or "")


def _execute(cluster: str, statement: str, *names: str) -> None:
    url = make_url(cluster).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _create_cluster(initdb: str, directory: Path, owner: Account, password: str) -> None:
    password_file = directory / "password"
    password_file.write_text(password)
    os.chown(password_file, owner.uid, owner.gid)
    password_file.chmod(0o600)
    # C.UTF-8 is on every Debian and folds the case of umlauts, which plain C does not.
    options = ["--auth=password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [initdb, "-D", str(directory / "data"), "-U", "test", f"--pwfile={password_file}"]
    subprocess.run(
        [*command, *options],
        check=True,
        capture_output=True,
        cwd="/",
        user=owner.uid,
        group=owner.gid,
    )


def _program(server: str, directory: Path, owner: Account, port: int) -> Program:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [server, "-D", str(directory / "data"), "-k", str(directory), "-p", str(port)]
    log = directory / "postgres.log"
    return Program([*command, *settings], lambda: _ready(directory, port), log, owner)


def _ready(directory: Path, port: int) -> bool:
    status = directory / "data" / "postmaster.pid"
    return status.exists() and "ready" in status.read_text() and listens(port)


def _url(port: int, password: str) -> URL:
    return URL.create("postgresql+psycopg", "test", password, "127.0.0.1", port, "postgres")
