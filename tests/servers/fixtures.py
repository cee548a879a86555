"""Real servers as fixtures: started once for a test run, and a fresh corner of them per test."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from servers.dovecot import Dovecot, dovecot
from servers.postgres import drop_database, fresh_database, postgres

_numbers = itertools.count(1)


@dataclass(frozen=True)
class ImapUser:
    """Somebody with an empty mailbox, which only one test uses."""

    name: str
    password: str


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """A Dovecot for the whole test run; a test that stops it starts one of its own."""
    with dovecot() as server:
        yield server


@pytest.fixture
def imap_user(dovecot_server: Dovecot) -> ImapUser:
    """A new user of the Dovecot."""
    user = ImapUser(f"user{next(_numbers)}@test.example", "Geheim-4711")
    dovecot_server.add_user(user.name, user.password)
    return user


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The URL of a PostgreSQL cluster for the whole test run."""
    with postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """The URL of an empty database, which only one test uses."""
    url = fresh_database(postgres_cluster)
    yield url
    drop_database(postgres_cluster, url)
