"""A dispatch shift, as a real SMTP server, the database and the Prefect UI show it."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import account, account_at, letter
from flow_api import artifacts, everything_told, flow_runs
from servers.dovecot import Dovecot
from servers.fixtures import ImapUser
from servers.installation import eventually
from servers.scripted_smtp import ScriptedSmtp, scripted_smtp

from domain.contacts import NewContact, NewRecipient
from domain.delivery import DeliveryStatus, DispatchStatus
from domain.mail import ReceptionKind
from domain.sending import Reason, Request
from flows.dispatch import dispatch
from tasks import termination
from tasks.sending import write_and_send
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.dispatch_actions import cancel_dispatch
from tasks.store.dispatches import DispatchDetails, show_dispatch
from tasks.store.inbox import inbox
from tasks.store.queues import queue_healths
from tasks.store.sending import Decision

PASSWORD = "Sehr-Geheim-99"
TO, CC, BCC = ReceptionKind.TO, ReceptionKind.CC, ReceptionKind.BCC
Sends = Callable[..., Any]


@pytest.fixture
def relay() -> Iterator[ScriptedSmtp]:
    """The SMTP server that the account sends by."""
    with scripted_smtp() as server:
        yield server


@pytest.fixture(autouse=True)
def _untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a shift be told to end, and the next one know nothing of it."""
    monkeypatch.setattr(termination, "_told", threading.Event())


@pytest.fixture
def sending(configure, relay, installed) -> Store:
    """An installation with an account that sends by the relay."""
    configure(account(password=PASSWORD, action="none", **relay.fields, timeout_seconds=5))
    return installed


def written(*recipients: NewRecipient, **changes: Any) -> NewContact:
    usual: dict[str, Any] = {
        "creator": "1002",
        "matchcode": "Ihr Gerät läuft wieder",
        "text": "Guten Tag,\nbitte sehen Sie nach.",
        "case": "SC-1042",
        "recipients": recipients or (NewRecipient("petra@mueller.example"),),
    }
    return NewContact(**{**usual, **changes})


def sent(contact: NewContact, channel: str = "e-mail", **wishes: Any) -> Decision:
    decision = write_and_send(contact, Request(channel, 0, contact.creator, **wishes))
    assert decision.judgement.is_granted, decision.judgement
    return decision


def during_a_shift(what: Callable[[], Any]) -> Any:
    """Do something while a shift works, which is told to end afterwards."""

    def alive() -> Any:
        try:
            assert eventually(_is_alive)
            return what()
        finally:
            vars(termination)["_told"].set()

    with ThreadPoolExecutor(1) as beside:
        found: Future[Any] = beside.submit(alive)
        asyncio.run(dispatch(shift_seconds=120))
        return found.result()


def _is_alive() -> bool:
    """Ask for something that is refused anyhow: the reasons tell whether the shift works."""
    judgement = write_and_send(written(), Request("message", 0, "1002")).judgement
    reasons = {each.reason for each in judgement.refusals}
    return not reasons & {Reason.NOT_RUNNING, Reason.NOT_CONFIGURED}


def settled(
    store: Store, dispatch_id: int, besides: Collection[DispatchStatus] = ()
) -> DispatchDetails:
    """Wait until a dispatch is neither queued nor being sent, nor in one of these states."""
    open_ones = {DispatchStatus.QUEUED, DispatchStatus.SENDING, *besides}

    def look() -> DispatchDetails | None:
        shown = show_dispatch(store, dispatch_id)
        return None if shown.line.status in open_ones else shown

    found = eventually(look)
    assert found, show_dispatch(store, dispatch_id)
    return found


@pytest.mark.rule("X5", "E4")
def test_a_contact_goes_out_within_a_second_and_its_status_is_followed(sending, relay):
    recipients = (
        NewRecipient("petra@mueller.example"),
        NewRecipient("uwe@mueller.example", kind=CC),
        NewRecipient("frieda@lindner.example", kind=BCC),
    )

    def send() -> tuple[DispatchDetails, float]:
        began = time.monotonic()
        decision = sent(written(*recipients))
        eventually(lambda: relay.taken)
        took = time.monotonic() - began
        return settled(sending, decision.dispatch_id or 0), took

    shown, took = during_a_shift(send)

    [(envelope, raw)] = relay.taken
    assert sorted(envelope) == [
        "frieda@lindner.example",
        "petra@mueller.example",
        "uwe@mueller.example",
    ]
    assert b"frieda" not in raw
    assert shown.line.status == DispatchStatus.SENT
    assert {each.reference for each in shown.line.deliveries} == {"4Xy12"}
    assert took < 3, "a second, and two more on a very busy machine"
    [run] = [run for run in asyncio.run(flow_runs()) if "3 accepted" in run.name]
    assert run.state_name == "Completed"


def test_what_is_refused_for_now_is_tried_again_for_those_only_who_need_it(sending, relay):
    relay.script["rcpt 2"] = "451 4.7.1 greylisted, come back later"
    recipients = (NewRecipient("petra@mueller.example"), NewRecipient("uwe@mueller.example"))

    def send() -> DispatchDetails:
        decision = sent(written(*recipients))
        shown = settled(sending, decision.dispatch_id or 0)
        assert shown.line.status == DispatchStatus.RETRYING
        assert shown.line.due_at
        assert shown.line.due_at > datetime.now(UTC) + timedelta(seconds=3)
        relay.script.pop("rcpt 2")
        return settled(sending, decision.dispatch_id or 0, {DispatchStatus.RETRYING})

    shown = during_a_shift(send)

    assert shown.line.status == DispatchStatus.SENT
    assert shown.line.attempts == 2
    assert [recipients for recipients, _ in relay.taken] == [
        ("petra@mueller.example",),
        ("uwe@mueller.example",),
    ]
    first, second = (raw for _, raw in relay.taken)
    assert first == second, "the same message, under the same Message-ID"


def test_who_is_refused_for_good_is_told_to_the_author_and_the_others_get_it(sending, relay):
    relay.script["rcpt 1"] = "550 5.1.1 no such user here"
    recipients = (NewRecipient("petra@mueller.example"), NewRecipient("uwe@mueller.example"))

    shown = during_a_shift(lambda: settled(sending, sent(written(*recipients)).dispatch_id or 0))

    assert shown.line.status == DispatchStatus.PARTLY_SENT
    notices = inbox(sending, employee_by_number(sending, "1002"))
    told = [each for each in notices if each.sender is None]
    assert len(told) == 1
    assert "no such user here" in told[0].text


@pytest.mark.parametrize(
    ("script", "problem"),
    [({"connect": "drop"}, "cannot be reached"), ({"auth": "535 5.7.8 no"}, "refused the login")],
)
def test_a_broken_account_rests_and_its_queue_goes_on_by_itself(sending, relay, script, problem):
    relay.script.update(script)

    def send() -> DispatchDetails:
        decision = sent(written())
        resting = eventually(lambda: _failure_of(sending, "e-mail/service"))
        assert problem in (resting or ""), resting
        assert show_dispatch(sending, decision.dispatch_id or 0).line.attempts == 0
        relay.script.clear()
        return settled(sending, decision.dispatch_id or 0)

    shown = during_a_shift(send)

    assert shown.line.status == DispatchStatus.SENT
    assert _failure_of(sending, "e-mail/service") is None


def _failure_of(store: Store, queue: str) -> str | None:
    return next((each.failure for each in queue_healths(store) if each.name == queue), None)


def test_an_unknown_outcome_is_never_sent_again_by_itself(sending, relay):
    relay.script["answer"] = "drop"

    def send() -> int:
        shown = settled(sending, sent(written()).dispatch_id or 0)
        assert shown.line.status == DispatchStatus.UNKNOWN
        relay.script.clear()
        settled(sending, sent(written()).dispatch_id or 0)  # the queue goes on with others
        return shown.line.id

    later = show_dispatch(sending, during_a_shift(send))

    assert later.line.status == DispatchStatus.UNKNOWN
    assert later.line.attempts == 1
    assert relay.commands.count("MAIL") == 2


@pytest.fixture
def filing(configure, relay, installed, dovecot_server, imap_user) -> Callable[..., Store]:
    """Configure an account with a folder of sent mail on a real IMAP server."""
    dovecot_server.create_folder(imap_user.name, "Sent")

    def configured(sent_copy: str) -> Store:
        usual = {"action": "none", "sent_copy": sent_copy, **relay.fields, "timeout_seconds": 5}
        configure(account_at(dovecot_server, imap_user, smtp_without_login=True, **usual))
        return installed

    return configured


def _filed(server: Dovecot, user: ImapUser) -> list[bytes]:
    """Give the messages in a user's folder of sent mail."""
    with server.client(user.name) as client:
        client.select("Sent", readonly=True)
        lines = client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
        return [line[1] for line in lines if isinstance(line, tuple)]


def test_a_copy_of_what_was_sent_stands_in_the_accounts_folder(
    filing, relay, dovecot_server, imap_user
):
    store = filing("append")

    def send() -> list[bytes]:
        settled(store, sent(written()).dispatch_id or 0)
        return eventually(lambda: _filed(dovecot_server, imap_user))

    copies = during_a_shift(send)

    assert copies == [raw for _, raw in relay.taken]


def test_what_is_unknown_is_resolved_by_what_the_provider_filed(
    filing, relay, dovecot_server, imap_user
):
    store = filing("by_server")
    relay.script["answer"] = "drop"  # after it has taken the message, as it were

    def send() -> DispatchDetails:
        decision = sent(written())
        unknown = settled(store, decision.dispatch_id or 0)
        assert unknown.line.status == DispatchStatus.UNKNOWN
        filed = letter(message_id=f"<{unknown.message_id}>")
        with dovecot_server.client(imap_user.name) as client:
            client.append("Sent", "", "", filed)
        return settled(store, decision.dispatch_id or 0, {DispatchStatus.UNKNOWN})

    shown = during_a_shift(send)

    assert shown.line.status == DispatchStatus.SENT
    assert shown.history[-1][1].answer == "the provider filed it as sent"


def test_a_relay_that_takes_nothing_lets_the_queue_rest(sending, relay):
    relay.script["mail"] = ("421 4.3.2 closing down", "drop")

    def send() -> DispatchDetails:
        decision = sent(written())
        assert eventually(lambda: _failure_of(sending, "e-mail/service"))
        relay.script.clear()
        later = {DispatchStatus.RETRYING}
        return settled(sending, decision.dispatch_id or 0, later)

    shown = during_a_shift(send)

    assert shown.line.status == DispatchStatus.SENT
    assert shown.line.attempts == 2


def test_what_is_put_off_waits_and_can_be_cancelled(sending, relay):
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    def send() -> DispatchDetails:
        decision = sent(written(), not_before=tomorrow)
        time.sleep(1.5)
        cancel_dispatch(sending, decision.dispatch_id or 0, "1002", datetime.now(UTC))
        return settled(sending, decision.dispatch_id or 0)

    shown = during_a_shift(send)

    assert shown.line.status == DispatchStatus.CANCELLED
    assert relay.taken == []


@pytest.mark.rule("M2", "M4")
def test_a_message_stands_in_the_inboxes_of_the_employees_it_is_for(sending):
    contact = written(NewRecipient(employee="1001"), NewRecipient(employee="1003"))

    shown = during_a_shift(lambda: settled(sending, sent(contact, "message").dispatch_id or 0))

    assert shown.line.status == DispatchStatus.SENT
    for number in ("1001", "1003"):
        [message] = inbox(sending, employee_by_number(sending, number))[:1]
        assert message.matchcode == contact.matchcode
        assert message.read_at is None


@pytest.mark.rule("X5")
def test_there_is_one_board_and_no_secret_stands_anywhere(sending, relay):
    relay.script["answer"] = "552 5.3.4 too large"
    during_a_shift(lambda: settled(sending, sent(written()).dispatch_id or 0))

    [board] = asyncio.run(artifacts("dispatches"))
    rows = json.loads(board["data"]) if isinstance(board["data"], str) else board["data"]
    assert any("too large" in row["last answer"] for row in rows)
    assert PASSWORD not in asyncio.run(everything_told())
    statuses = {row["status"] for row in rows}
    assert statuses <= {status.value.replace("_", " ") for status in DispatchStatus}
    assert DeliveryStatus.FAILED in statuses
