"""One shift over several accounts, as a real server and the Prefect UI show it."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import DIRECTORY, account_at, letter, letters, rows
from flow_api import (
    artifacts,
    everything_told,
    flow_runs,
    forget_accounts,
    save_accounts,
    shift_during,
    subject_arrives,
)
from prefect.client.schemas.objects import FlowRun
from servers.dovecot import Dovecot
from servers.fixtures import ImapUser

from tasks.store import database
from tasks.store.accounts import mailbox_healths
from tasks.store.directory import apply_directory
from tasks.store.tables import contacts

SOON = 3.0  # seconds, in which a mail is a contact; a second where nothing else runs
SECRETS = ("Geheim-4711", "streng-geheim", "wrong-password")


@dataclass(frozen=True)
class Worked:
    """What one shift left behind."""

    latency: float  # seconds until a mail that came during it was a contact
    run: FlowRun
    children: dict[str, FlowRun]  # by the account's name
    boards: list[dict[str, Any]]
    told: str


@pytest.fixture(scope="module")
def worked(prefect_server: None, home: Path, dovecot_server: Dovecot) -> Iterator[Worked]:
    """One shift over a good account, one with a wrong password, and one that is left alone."""
    good, bad, alone = (ImapUser(f"{n}@shift.example", SECRETS[0]) for n in ("good", "bad", "no"))
    for user in (good, bad, alone):
        dovecot_server.add_user(user.name, user.password)
        dovecot_server.deliver_many(user.name, letters(3))
    asyncio.run(
        save_accounts(
            account_at(dovecot_server, good, name="good"),
            account_at(dovecot_server, bad, name="bad", password=SECRETS[2]),
            account_at(dovecot_server, alone, name="alone", action="none", password=SECRETS[1]),
        )
    )
    store = database.store()
    store.upgrade()
    apply_directory(store, DIRECTORY)

    def during() -> float:
        while rows(store, contacts) < 3:
            time.sleep(0.05)
        dovecot_server.deliver(good.name, letter(subject="during the shift"))
        latency = subject_arrives(store, "during the shift")
        while not any(health.failure for health in mailbox_healths(store)):
            time.sleep(0.05)  # the server takes its time to refuse a login
        return latency

    latency = shift_during(during)
    yield asyncio.run(_looked_at(latency))
    store.engine.dispose()
    asyncio.run(forget_accounts())


async def _looked_at(latency: float) -> Worked:
    await asyncio.sleep(3)  # logs are sent now and then
    run = next(run for run in await flow_runs() if run.name.startswith("mail shift"))
    children = {child.name.partition(" ")[0]: child for child in await flow_runs(run)}
    boards = await artifacts("mailboxes")
    return Worked(latency, run, children, boards, await everything_told())


@pytest.mark.rule("R1")
def test_a_mail_that_arrives_during_the_shift_is_soon_a_contact(worked):
    assert worked.latency < SOON


@pytest.mark.rule("R1")
def test_one_accounts_failure_does_not_touch_the_others(worked):
    good, bad = worked.children["good"], worked.children["bad"]

    assert good.state_name == "Completed"
    assert good.name == "good - 4 new"
    assert bad.state_name == "Failed"
    assert "refused the login of bad@shift.example" in (bad.state.message or "")


def test_the_shift_tells_what_it_brought_and_what_failed(worked):
    assert worked.run.name == "mail shift - 4 new"
    assert worked.run.state_name == "Completed"
    assert worked.run.state.message.startswith("4 new; ")
    assert "refused the login" in worked.run.state.message


@pytest.mark.rule("R1")
def test_an_account_without_the_action_is_left_alone(worked, dovecot_server):
    log = (dovecot_server.directory / "dovecot.log").read_text()

    assert "alone" not in worked.children
    assert "user=<good@shift.example>" in log
    assert "user=<no@shift.example>" not in log


def test_no_secret_stands_in_runs_logs_artifacts_or_blocks(worked):
    assert "refused the login" in worked.told  # it was really read

    assert [secret for secret in SECRETS if secret in worked.told] == []


def test_there_is_one_board_and_it_is_kept_up_to_date(worked):
    [board] = worked.boards

    rows = {row["mailbox"]: row for row in _table(board)}
    assert rows["good/INBOX"]["new"] == 4
    assert rows["good/INBOX"]["state"] == "fine"
    assert "refused the login" in rows["bad/INBOX"]["state"]
    assert "alone/INBOX" not in rows


def _table(board: dict[str, Any]) -> list[dict[str, Any]]:
    data = board["data"]
    table: list[dict[str, Any]] = json.loads(data) if isinstance(data, str) else data
    return table
