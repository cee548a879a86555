"""Real servers as fixtures: started once for a test run, and a fresh corner of them per test."""

import itertools
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from servers.certificates import write_certificates
from servers.dovecot import Dovecot, dovecot
from servers.postgres import drop_database, fresh_database, postgres
from servers.scripted_smtp import ScriptedSmtp, scripted_smtp

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


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.pem, and with server.pem and server.key for the loopback names."""
    directory = tmp_path_factory.mktemp("certificates")
    write_certificates(directory)
    return directory


@pytest.fixture(scope="session")
def server_tls(certificates: Path) -> ssl.SSLContext:
    """What a server on the loopback interface proves itself with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    return context


@pytest.fixture
def smtp_server() -> Iterator[ScriptedSmtp]:
    """An SMTP server that does what is right, until the test writes into its script."""
    with scripted_smtp() as server:
        yield server
