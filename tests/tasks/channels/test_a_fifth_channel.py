"""The channel that docs/sending.md shows works, with its registration and no other change."""

import asyncio
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import DIRECTORY

from domain.contacts import NewContact, NewRecipient
from domain.delivery import DispatchStatus
from domain.directory import ActivityType, Directory
from domain.outgoing import File
from domain.sending import Reason, Request
from tasks.channels import CHANNELS
from tasks.delivering import Batch, sent_one_by_one
from tasks.sending import send_contact, write_and_send
from tasks.store import database
from tasks.store.directory import apply_directory
from tasks.store.dispatches import DispatchDetails, show_dispatch
from tasks.store.outbox import Ledger
from tasks.store.queues import beat, enter_services

PAGE = Path(__file__).parents[3] / "docs" / "sending.md"
REQUEST = Request("letter", 0, "1002")


def contact(**changes) -> NewContact:
    recipients = (NewRecipient("petra@mueller.example"), NewRecipient("uwe@mueller.example"))
    usual = {"text": "Anbei.", "activity_type": "letter", "recipients": recipients}
    return NewContact("1002", "Ihr Vertrag", **{**usual, **changes})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The print shop's folder; its channel is registered as the page says."""
    [example] = re.findall(r"```python\n(from pathlib.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    written_there: dict = {}
    exec(example, written_there)  # noqa: S102 - what our own page tells people to write
    monkeypatch.setitem(CHANNELS, "letter", written_there["Letter"]())
    monkeypatch.setitem(written_there, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def store(folder: Path, own_store: database.Store) -> database.Store:
    """An installation that has a print shop."""
    kinds = (ActivityType(name="letter", options=("letter",)),)
    apply_directory(own_store, DIRECTORY)
    apply_directory(own_store, Directory(activity_type=kinds))
    [configured], _ = asyncio.run(CHANNELS["letter"].configured())
    enter_services(own_store, [configured.service], ["letter"])
    beat(own_store, datetime.now(UTC))
    return own_store


def worked(store: database.Store, dispatch_id: int | None) -> DispatchDetails:
    """Do what a dispatch shift does with what is due."""
    channel = CHANNELS["letter"]
    [configured], _ = asyncio.run(channel.configured())
    ledger = Ledger(store, uuid.uuid4().hex)
    parcels = ledger.claim("letter/print-shop", 10, datetime.now(UTC), channel.repeatable)
    list(sent_one_by_one(Batch(ledger, channel.line(configured.settings), parcels)))
    assert dispatch_id
    return show_dispatch(store, dispatch_id)


def test_it_sends_and_its_status_is_followed(store, folder):
    decision = write_and_send(contact(), REQUEST)

    shown = worked(store, decision.dispatch_id)

    letters = [file.read_text() for file in sorted(folder.glob("*.txt"))]
    assert shown.line.status == DispatchStatus.SENT
    assert letters == [
        "Petra Müller\n\nIhr Vertrag\n\nAnbei.\n",
        "Uwe Lang\n\nIhr Vertrag\n\nAnbei.\n",
    ]


def test_what_it_cannot_write_fails_and_says_why(store):
    file = File("Vertrag.pdf", "application/pdf", b"%PDF")
    decision = write_and_send(contact(files=(file,)), REQUEST)

    shown = worked(store, decision.dispatch_id)

    assert shown.line.status == DispatchStatus.FAILED
    assert "takes no files" in (shown.line.deliveries[0].reason or "")


def test_its_rules_and_those_of_every_channel_hold(store):
    decision = write_and_send(contact(activity_type="e-mail"), REQUEST)
    again = send_contact(Request("letter", decision.contact_id, "1003"))

    [reason] = decision.judgement.refusals
    assert (reason.reason, reason.about) == (Reason.NO_OPTION, "letter")
    assert Reason.NOT_THE_AUTHOR in {each.reason for each in again.judgement.refusals}
