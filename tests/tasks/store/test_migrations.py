"""The database's structure is brought up to date by itself."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from builders import account, letter, prepared, receive_letters
from sqlalchemy import inspect

from domain.errors import ConfigurationError, StoreUnavailable
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.tables import metadata

UPGRADE = "import sys; from tasks.store.database import Store; Store(sys.argv[1]).upgrade()"


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """The URL of a database without any structure."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'empty.db'}"
    return request.getfixturevalue("postgres_url")


SEARCHED = re.compile("trigrams|contact_words")  # each database's own


def upgraded(url: str) -> Store:
    store = Store(url)
    store.upgrade()
    return store


def differences(store: Store) -> list[object]:
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, _kind, _within: not (name and SEARCHED.search(name)),
    }
    with store.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_the_migrations_make_what_the_tables_say(empty_url):
    store = upgraded(empty_url)

    assert differences(store) == []
    store.engine.dispose()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(store):
    receive_letters(store, prepared(store, account()), [letter()])

    store.upgrade()

    assert differences(store) == []
    assert len(list_contacts(store)) == 1


def test_processes_that_upgrade_at_once_get_along(empty_url):
    command = [sys.executable, "-c", UPGRADE, empty_url]

    with ThreadPoolExecutor(2) as starting:
        runs = list(starting.map(lambda _: subprocess.run(command, capture_output=True), range(2)))

    assert [run.stderr.decode()[-500:] for run in runs if run.returncode] == []
    store = Store(empty_url)
    assert set(inspect(store.engine).get_table_names()) >= set(metadata.tables)
    store.engine.dispose()


@pytest.mark.parametrize("file", ["taken/store.db", "taken"])
def test_a_database_that_cannot_be_made_is_said_in_one_sentence(tmp_path, file):
    (tmp_path / "taken").write_text("a file, and neither a folder nor a database")

    with pytest.raises(StoreUnavailable) as refused:
        upgraded(f"sqlite:///{tmp_path / file}")

    assert "\n" not in str(refused.value)


def test_a_postgres_that_does_not_answer_is_said_without_its_password():
    url = "postgresql+psycopg://kontakt:very-secret@127.0.0.1:1/kontakt"

    with pytest.raises(StoreUnavailable) as refused:
        upgraded(url)

    assert "cannot be used" in str(refused.value)
    assert "very-secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["nonsense", "", "sqlite://", "oracle://db", "postgresql://["])
def test_a_url_that_is_none_is_a_wrong_setting(url):
    with pytest.raises(ConfigurationError):
        upgraded(url)
