"""The configuration file says what there is, and what is wrong with it in one line."""

import pytest
from builders import DIRECTORY

from deployments.configuration import configuration, read
from domain.errors import ConfigurationError
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.directory import apply_directory

ACCOUNT = """
[[mail_account]]
name = "service"
address = "service@firm.example"
host = "imap.firm.example"
login = "service@firm.example"
password_env = "SERVICE_PASSWORD"
teams = ["Helpdesk"]
"""
PEOPLE = """
[[employee]]
number = "1002"
name = "Jonas Weber"
[[team]]
name = "Helpdesk"
members = ["1002"]
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE_PASSWORD", "very-secret")
    return tmp_path / "kontaktwerk.toml"


def test_a_file_gives_directory_and_accounts(file):
    file.write_text(PEOPLE + ACCOUNT)

    configured = read(file)

    [account] = configured.accounts
    assert account.teams == ("Helpdesk",)
    assert account.password.get_secret_value() == "very-secret"
    assert configured.directory.employee[0].name == "Jonas Weber"
    assert "very-secret" not in repr(configured)


def test_a_secret_may_stand_in_a_file_of_its_own(file, tmp_path):
    (tmp_path / "password").write_text("fröhlich\n", encoding="utf-8")
    own = f'password_file = "{tmp_path / "password"}"'
    file.write_text(PEOPLE + ACCOUNT.replace('password_env = "SERVICE_PASSWORD"', own))

    [account] = read(file).accounts

    assert account.password.get_secret_value() == "fröhlich"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[mail_account", "cannot be read"),
        ("\udcff", "cannot be read"),
        ('[mail_account]\nname = "service"', "[[mail_account]]"),
        ('mail_account = "service"', "[[mail_account]]"),
        ("[[mail_acount]]", "mail_acount: Extra inputs are not permitted"),
        (PEOPLE.replace("1002", "1003", 1), "team Helpdesk: there is no employee 1002"),
        (ACCOUNT + ACCOUNT, "two mail accounts have the same name"),
        (ACCOUNT.replace("SERVICE_PASSWORD", "NOT_SET"), "the environment has no NOT_SET"),
        (ACCOUNT.replace('"SERVICE_PASSWORD"', "3"), "must be texts"),
        (ACCOUNT.replace("password_env", "password_file"), "SERVICE_PASSWORD cannot be read"),
        (ACCOUNT.replace("password_env", "passwort_env"), "passwort_env: Extra inputs"),
        (ACCOUNT.replace('"service"', '"Der Service"'), "mail account Der Service: name:"),
        (ACCOUNT.replace('["Helpdesk"]', "[]"), "assign the account"),
        (ACCOUNT.replace("service@firm.example", "nobody", 1), "address: is not an e-mail"),
        (ACCOUNT + 'security = "none"', "for this very machine only"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_a_secret(file, content, told):
    file.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(ConfigurationError) as refused:
        read(file)

    sentence = str(refused.value)
    assert told in sentence
    assert str(file) in sentence
    assert "\n" not in sentence
    assert "very-secret" not in sentence


@pytest.fixture
def installed(file):
    settings.cache_clear()
    store().upgrade()
    yield store()
    store().engine.dispose()


@pytest.mark.parametrize(
    ("assigned", "told"),
    [
        ('employees = ["9999"]', "mail account service: there is no employee 9999"),
        ('teams = ["Nobodies"]', "mail account service: there is no team Nobodies"),
        (
            'teams = ["Nobodies"]\nemployees = ["9999"]',
            "there is no employee 9999 and no team Nobodies",
        ),
    ],
)
def test_an_account_for_somebody_unknown_is_refused_before_anything_starts(
    file, installed, assigned, told
):
    file.write_text(PEOPLE + ACCOUNT.replace('teams = ["Helpdesk"]', assigned))

    with pytest.raises(ConfigurationError, match=told):
        configuration(settings())


def test_an_account_may_be_for_somebody_whom_the_database_knows(file, installed):
    apply_directory(installed, DIRECTORY)
    file.write_text(ACCOUNT)

    [account] = configuration(settings()).accounts

    assert account.name == "service"


def test_where_there_is_no_file_there_is_the_demo():
    configured = configuration(settings())

    assert configured.accounts
    assert configured.dispatches
