"""One account is watched, whatever becomes of its server meanwhile."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import account_at, letter, letters, rows
from prefect.client.schemas.objects import State
from servers.dovecot import Dovecot, dovecot
from servers.fixtures import ImapUser

from domain.arrivals import Counts
from flows.watch_account import watch_account
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.tables import contacts, receipts

ANNA = ImapUser("anna", "secret")


@pytest.fixture
def own_server() -> Iterator[Dovecot]:
    with dovecot({ANNA.name: ANNA.password}) as server:
        yield server


@pytest.fixture
def own_server_without_idle() -> Iterator[Dovecot]:
    with dovecot({ANNA.name: ANNA.password}, idle=False) as server:
        yield server


def watched(
    *names: str, seconds: float, during: Callable[[], object] = lambda: None
) -> list[State[Any]]:
    """Watch accounts for so long, each in a run of its own, while something happens."""

    async def watching() -> list[State[Any]]:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        runs = [watch_account(name, until, return_state=True) for name in names]
        *states, _ = await asyncio.gather(*runs, asyncio.to_thread(during))
        return list(states)

    return asyncio.run(watching())


def arrived(store: Store, count: int, within: float = 120) -> None:
    """Wait until there are so many contacts."""
    give_up = time.monotonic() + within
    while rows(store, contacts) < count and time.monotonic() < give_up:
        time.sleep(0.05)


def data(state: State[Any]) -> Any:
    return asyncio.run(state.aresult(raise_on_failure=False))


def subjects(store: Store) -> list[str]:
    return sorted(line.matchcode for line in list_contacts(store))


@pytest.mark.rule("R1")
def test_a_server_that_is_restarted_costs_no_message(installed, configure, own_server):
    configure(account_at(own_server, ANNA))
    own_server.deliver(ANNA.name, letter(subject="before"))

    def during() -> None:
        arrived(installed, 1)
        own_server.stop()
        own_server.deliver(ANNA.name, letter(subject="meanwhile"))
        own_server.start()
        arrived(installed, 2)
        own_server.deliver(ANNA.name, letter(subject="after"))

    [state] = watched("service", seconds=9, during=during)

    assert subjects(installed) == ["after", "before", "meanwhile"]
    assert state.is_completed()
    assert data(state) == Counts(imported=3)


@pytest.mark.rule("R1")
def test_a_server_without_idle_that_hangs_for_a_while_costs_no_message(
    installed, configure, own_server_without_idle
):
    server = own_server_without_idle
    configure(account_at(server, ANNA, timeout_seconds=0.5, poll_seconds=0.2))
    server.deliver(ANNA.name, letter(subject="before"))

    def during() -> None:
        arrived(installed, 1)
        server.freeze()
        server.deliver(ANNA.name, letter(subject="meanwhile"))
        time.sleep(1.5)
        server.thaw()

    [state] = watched("service", seconds=9, during=during)

    assert subjects(installed) == ["before", "meanwhile"]
    assert state.is_completed()


@pytest.mark.rule("R1")
def test_a_folder_whose_uidvalidity_changes_brings_nothing_twice(installed, configure, own_server):
    configure(account_at(own_server, ANNA))
    own_server.deliver_many(ANNA.name, letters(3))

    def during() -> None:
        arrived(installed, 3)
        own_server.change_uidvalidity(ANNA.name)
        own_server.deliver(ANNA.name, letter(subject="after"))

    [state] = watched("service", seconds=7, during=during)

    assert data(state) == Counts(imported=4, duplicate=3)
    assert rows(installed, contacts) == 4


@pytest.mark.rule("R1")
def test_two_shifts_at_once_bring_each_message_once(
    installed, configure, dovecot_server, imap_user
):
    configure(account_at(dovecot_server, imap_user))
    dovecot_server.deliver_many(imap_user.name, letters(150))

    states = watched("service", "service", seconds=6)

    assert sum((data(state) for state in states), Counts()) == Counts(imported=150)
    assert rows(installed, contacts) == rows(installed, receipts) == 150


@pytest.mark.rule("R1")
@pytest.mark.parametrize("arrived_since", [1, 3])
def test_a_mailbox_restored_from_a_backup_gives_its_uids_to_other_messages(
    installed, configure, own_server, arrived_since
):
    configure(account_at(own_server, ANNA))
    own_server.deliver(ANNA.name, letter(subject="kept"))
    backup = backed_up(own_server)
    own_server.deliver_many(ANNA.name, letters(2))
    watched("service", seconds=2)

    restored(own_server, backup)
    time.sleep(1.1)  # a server tells arrivals to the second
    later = [letter(subject=f"new {number}") for number in range(arrived_since)]
    own_server.deliver_many(ANNA.name, later)
    [state] = watched("service", seconds=3)

    assert data(state) == Counts(imported=arrived_since)
    assert rows(installed, contacts) == rows(installed, receipts) == 3 + arrived_since


def backed_up(server: Dovecot) -> Path:
    """Copy a mailbox with the server's own notes on it, UIDs included."""
    with server.client(ANNA.name) as client:
        client.select()  # the server gives the UIDs now
    backup = server.directory / "backup"
    subprocess.run(["cp", "-a", mailbox_of(server), backup], check=True)
    return backup


def restored(server: Dovecot, backup: Path) -> None:
    """Put a mailbox back as it was."""
    server.stop()
    shutil.rmtree(mailbox_of(server))
    subprocess.run(["cp", "-a", backup, mailbox_of(server)], check=True)
    server.start()


def mailbox_of(server: Dovecot) -> Path:
    return server.directory / "mail" / ANNA.name


@pytest.mark.rule("R1")
def test_several_folders_are_watched_and_what_is_imported_is_marked_afterwards(
    installed, configure, dovecot_server, imap_user
):
    folders = ("INBOX", "Anfragen für Köln")
    for folder in folders:
        dovecot_server.deliver(imap_user.name, letter(subject=folder), folder)
    configure(account_at(dovecot_server, imap_user, folders=folders, after_import="seen"))

    [state] = watched("service", seconds=3)

    assert data(state) == Counts(imported=2)
    with dovecot_server.client(imap_user.name) as client:
        client.select()
        assert client.search(None, "SEEN")[1] == [b"1"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"folders": ("INBOX", "Nowhere")}, "Nowhere: there is no folder Nowhere"),
        ({"security": "tls", "ca_file": "nowhere.pem"}, "nowhere.pem holds no certificates"),
        ({"employees": ("9999",)}, "there is no employee 9999"),
    ],
)
def test_what_a_person_must_correct_is_told_by_the_run(
    installed, configure, dovecot_server, imap_user, changes, sentence
):
    configure(account_at(dovecot_server, imap_user, **changes))

    [state] = watched("service", seconds=2)

    assert state.is_failed()
    assert sentence in (state.message or "")
