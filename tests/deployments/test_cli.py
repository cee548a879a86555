"""The command line: what it shows, and how it says what is wrong."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import (
    account,
    letter,
    not_understood,
    prepared,
    private_account,
    receive_letters,
)
from command_line import PATIENCE, Said, kontakt
from servers.program import free_port

from tasks.store import database

KONTAKT = [sys.executable, "-m", "deployments.cli"]


def by_itself(*arguments: str, **settings: str) -> Said:
    """Run the command line in the test's own home, as a program of its own."""
    ports = ("KONTAKTWERK_PORT", "KONTAKTWERK_DEMO_IMAP_PORT", "KONTAKTWERK_DEMO_SMTP_PORT")
    free = {name: str(free_port()) for name in ports}
    environment = {**os.environ, "COLUMNS": "200", **free, **settings}
    run = subprocess.run(
        [*KONTAKT, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    return Said(run.returncode, run.stdout, run.stderr)


@pytest.fixture
def installed(own_store: database.Store) -> Iterator[database.Store]:
    """The store that the command line sees, with a contact of each kind and one in quarantine."""
    store = own_store
    box, own = prepared(store, account()), prepared(store, private_account())
    receive_letters(
        store, box, [letter(subject="[bold]Hallo[/bold]\x1b[31m"), letter(subject="SC-1042")]
    )
    stranger = letter(subject="SC-1042", from_="x@stranger.example", message_id="<2@x.example>")
    receive_letters(store, box, [stranger], first_uid=5)
    receive_letters(store, own, [letter(subject="Privat", message_id="<3@x.example>")])
    receive_letters(store, box, [letter(text="kaputt")], first_uid=9, reader=not_understood)
    yield store
    store.engine.dispose()


def refused(said: Said) -> str:
    """Give the one line in which something was refused."""
    assert said.code == 2, said.err
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1, said.err
    return said.err.strip()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"KONTAKTWERK_PORT": "none"}, "KONTAKTWERK_PORT"),
        ({"KONTAKTWERK_SHIFT_SECONDS": "1"}, "KONTAKTWERK_SHIFT_SECONDS"),
        ({"KONTAKTWERK_DATABASE_URL": "nonsense"}, "no SQLAlchemy URL"),
        ({"KONTAKTWERK_DATABASE_URL": "oracle://x"}, "must be sqlite or postgresql"),
        (
            {"KONTAKTWERK_DATABASE_URL": "postgresql+psycopg://k:very-secret@127.0.0.1:1/k"},
            "cannot be used",
        ),
    ],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_code_2(settings, told):
    line = refused(by_itself("contact", "list", **settings))

    assert told in line
    assert "very-secret" not in line


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("no folder")

    for command in (("contact", "list"), ("up",)):
        line = refused(by_itself(*command, KONTAKTWERK_HOME=str(tmp_path / "file" / "var")))

        assert str(tmp_path / "file") in line


def test_a_port_that_is_taken_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        line = refused(by_itself("up", KONTAKTWERK_PORT=port))

    assert port in line
    assert "KONTAKTWERK_PORT" in line


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[mail_account", "cannot be read"),
        (
            '[[mail_account]]\nname = "a"\naddress = "a@b.example"\nhost = "h"\nlogin = "l"\n'
            'password = "very-secret"\nemployees = ["9999"]',
            "there is no employee 9999",
        ),
        ('[[mail_account]]\nname = "a"\npassword_env = "NOT_SET"', "NOT_SET"),
    ],
)
def test_a_wrong_configuration_is_said_before_anything_starts(content, told):
    Path(os.environ["KONTAKTWERK_CONFIG"]).write_text(content)

    line = refused(by_itself("up"))

    assert told in line
    assert "very-secret" not in line


@pytest.mark.rule("R4")
def test_a_private_contact_is_shown_to_its_employees_and_else_as_if_there_were_none(installed):
    own = kontakt("contact", "list", "--as", "1001").out
    others = kontakt("contact", "list").out
    number = re.search(r"(\d+) .*Privat", own)
    assert number

    private = refused(kontakt("contact", "show", number[1], "--as", "1002"))
    missing = refused(kontakt("contact", "show", "4711", "--as", "1002"))

    assert "Privat" not in others
    assert private.replace(number[1], "N") == missing.replace("4711", "N")


def test_what_came_by_mail_is_shown_as_text_and_never_obeyed(installed):
    shown = by_itself("contact", "list").out

    assert "[bold]Hallo[/bold]" in shown
    assert "\x1b[31m" not in shown


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("contact", "show", "1"), "Petra Müller"),
        (("review", "list"), "x@stranger.example"),
        (("quarantine", "list"), "not_understood: RecursionError"),
        (("account", "list"), "service/INBOX"),
        (("review", "decide", "3", "SC-1042"), "belongs to SC-1042"),
        (("quarantine", "retry"), "is a contact now"),
    ],
)
def test_each_command_shows_what_it_is_for(installed, command, told):
    said = kontakt(*command)

    assert said.code == 0, said.err
    assert told in said.out


def test_a_message_is_written_to_a_file_as_it_came(installed, tmp_path):
    target = tmp_path / "message.eml"

    kontakt("contact", "raw", "2", str(target))

    assert target.read_bytes() == letter(subject="SC-1042")
    assert "cannot be written" in refused(kontakt("contact", "raw", "2", str(tmp_path)))


@pytest.mark.parametrize(
    "command",
    [
        ("contact", "show", "4711"),
        ("contact", "list", "--as", "9999"),
        ("quarantine", "show", "4711"),
        ("review", "decide", "1", "SC-0000"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(installed, command):
    assert "there is no" in refused(kontakt(*command))
