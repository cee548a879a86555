"""Quarantined messages are tried again by themselves, and all of them on demand."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import SECRET, account, account_at, letter, not_understood, rows
from flow_api import flow_runs

from domain.accounts import MailAccount
from domain.arrivals import Arrival, Chunk, Counts
from flows.process_quarantine import process_quarantine
from tasks.mail.connecting import open_folder
from tasks.receiving import receive_chunk
from tasks.store.accounts import enter_account
from tasks.store.database import Store
from tasks.store.quarantine import confined
from tasks.store.receiving import Terms
from tasks.store.tables import contacts


def processed(**asked: Any) -> int:
    released: int = asyncio.run(process_quarantine(**asked))
    return released


def quarantined(store: Store, ago: timedelta, *uids: int) -> None:
    """Let messages have failed for the first time a while ago."""
    [box] = enter_account(store, account())
    then = datetime.now(UTC) - ago
    arrivals = [Arrival(uid, then, letter(message_id=f"<{uid}@x.example>")) for uid in uids]
    receive_chunk(store, Chunk(box, 1, arrivals), Terms(SECRET, then), not_understood)


@pytest.mark.rule("R6")
def test_what_is_due_is_tried_again_and_what_is_not_waits(installed):
    quarantined(installed, timedelta(hours=1), 1, 2)
    quarantined(installed, timedelta(0), 3)

    released = processed()

    assert released == 2
    assert [message.uid for message in confined(installed)] == [3]
    [latest, *_] = asyncio.run(flow_runs())
    assert latest.name == "process quarantine - 2 of 2 became contacts"


@pytest.mark.rule("R6")
def test_what_is_named_or_everything_is_tried_at_once(installed):
    quarantined(installed, timedelta(0), 1, 2, 3)
    first = confined(installed)[0].id

    named = processed(numbers=[first])
    rest = processed(everything=True)

    assert (named, rest) == (1, 2)
    assert rows(installed, contacts) == 3


@pytest.mark.rule("R6")
def test_a_message_that_the_server_withheld_is_asked_for_again(
    installed, configure, dovecot_server, imap_user
):
    mine = account_at(dovecot_server, imap_user)
    configure(mine)
    dovecot_server.deliver(imap_user.name, letter(subject="at last"))
    assert withheld(installed, mine) == Counts(quarantined=1)

    released = processed(everything=True)

    assert released == 1
    assert rows(installed, contacts) == 1
    assert confined(installed) == ()


@pytest.mark.rule("R6")
def test_a_withheld_message_whose_server_is_away_waits_on(
    installed, configure, dovecot_server, imap_user
):
    mine = account_at(dovecot_server, imap_user)
    configure(account_at(dovecot_server, imap_user, password="wrong"))
    dovecot_server.deliver(imap_user.name, letter())
    withheld(installed, mine)

    released = processed(everything=True)

    [message] = confined(installed)
    assert released == 0
    assert message.attempts == 2


def withheld(store: Store, mine: MailAccount) -> Counts:
    """Note what is in the folder as listed, and not handed over."""
    folder = open_folder(mine, "INBOX")
    chunk = Chunk(enter_account(store, mine)[0], folder.uidvalidity, withheld=folder.after(0))
    folder.close()
    return receive_chunk(store, chunk, Terms(SECRET, datetime.now(UTC)))
