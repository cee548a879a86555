"""Every message on the servers is explained; what is not is imported."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import SECRET, account_at, letter, letters, rows
from flow_api import artifacts
from prefect.client.schemas.objects import State

from domain.arrivals import Arrival, Chunk, Counts, Position
from flows.reconcile_mailboxes import Explanation, reconcile_mailboxes
from tasks.receiving import receive_chunk
from tasks.store.accounts import enter_account
from tasks.store.leases import take_lease
from tasks.store.receiving import Terms
from tasks.store.tables import contacts


def reconciled(account_name: str | None = None) -> tuple[State[Any], dict[str, Explanation]]:
    state = asyncio.run(reconcile_mailboxes(account_name, return_state=True))
    explained = asyncio.run(state.aresult(raise_on_failure=False))
    return state, {each.mailbox: each for each in explained}


@pytest.mark.rule("R1")
def test_what_is_below_the_high_water_mark_and_unexplained_is_imported_once(
    installed, configure, dovecot_server, imap_user
):
    mine = account_at(dovecot_server, imap_user)
    configure(mine)
    dovecot_server.deliver_many(imap_user.name, letters(3))
    [box] = enter_account(installed, mine)
    now = datetime.now(UTC)
    skipping_all = Chunk(box, 1, upto=99)
    receive_chunk(installed, skipping_all, Terms(SECRET, now, take_lease(installed, box.id, now)))

    first_state, first = reconciled()
    again_state, again = reconciled()

    assert first["service/INBOX"].found == Counts(imported=3)
    assert again["service/INBOX"].known == Counts(imported=3)
    assert again["service/INBOX"].found == Counts()
    assert rows(installed, contacts) == 3
    assert first_state.message == "3 unexplained messages imported"
    assert again_state.is_completed()
    assert box.position == Position(0)


@pytest.mark.rule("R1")
def test_what_is_wrong_with_some_accounts_is_told_and_the_others_are_explained(
    installed, configure, dovecot_server, imap_user
):
    dovecot_server.deliver(imap_user.name, letter())
    configure(
        account_at(dovecot_server, imap_user, name="one-that-is-refused", password="wrong"),
        account_at(dovecot_server, imap_user, name="b-unknown", employees=("9999",)),
        account_at(dovecot_server, imap_user, name="c-no-folder", folders=("Nowhere", "INBOX")),
        account_at(dovecot_server, imap_user, name="d-left-alone", action="none"),
        account_at(dovecot_server, imap_user, name="e-good"),
    )

    state, found = reconciled()

    assert state.is_failed()
    assert "refused the login" in found["one-that-is-refused/INBOX"].problem
    assert found["b-unknown"].problem == "there is no employee 9999"
    assert "there is no folder" in found["c-no-folder/Nowhere"].problem
    assert found["c-no-folder/INBOX"].found == Counts(imported=1)
    assert found["e-good/INBOX"].found == Counts(duplicate=1)
    assert not any(name.startswith("d-left-alone") for name in found)
    [board] = asyncio.run(artifacts("reconciliation"))
    assert "there is no employee 9999" in str(board["data"])


def test_an_account_that_brought_mail_daily_and_brings_none_is_reported(
    installed, configure, dovecot_server, imap_user
):
    mine = account_at(dovecot_server, imap_user)
    configure(mine)
    [box] = enter_account(installed, mine)
    now = datetime.now(UTC)
    mailed = [now - timedelta(days=ago) for ago in range(14, 34)]
    arrivals = [Arrival(uid, day, b"") for uid, day in enumerate(mailed, 1)]
    receive_chunk(installed, Chunk(box, 1, arrivals), Terms(SECRET, now))

    state, found = reconciled("service")

    assert state.is_failed()
    assert found["service"].problem.startswith("brought mail daily, and none since")
    assert found["service/INBOX"].problem == ""


def test_an_account_that_does_not_exist_is_named(installed, configure):
    configure()

    state, explained = reconciled("typo")

    assert state.is_failed()
    assert state.message == "there is no mail account typo"
    assert explained == {}
