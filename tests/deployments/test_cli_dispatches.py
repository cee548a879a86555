"""Following dispatches on the command line, deciding about them, and the inbox."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import kontakt, sending_store
from invited import booked as invite
from outgoing_contacts import ANNA, GUEST, JONAS, MIA, PETRA, UWE, queued, tried, written

from domain.contacts import NewRecipient
from domain.delivery import DispatchStatus
from tasks.channels.message import MessageLine
from tasks.store.database import Store
from tasks.store.dispatches import show_dispatch
from tasks.store.inbox import inbox
from tasks.store.outbox import Ledger
from tasks.store.queues import beat, pause_queue


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees, in which everything can be queued."""
    return sending_store(sqlite_template)


def now() -> datetime:
    return datetime.now(UTC)


def waiting(store: Store) -> int:
    """Queue an e-mail that nobody sends."""
    dispatch_id = queued(store, written(PETRA, UWE), now=now()).dispatch_id
    assert dispatch_id
    return dispatch_id


def unknown(store: Store) -> int:
    """Give a dispatch that reached one recipient, and of the other nobody knows."""
    dispatch_id = waiting(store)
    tried(store, "accepted", "unknown", now=now())
    return dispatch_id


def status(store: Store, dispatch: int) -> DispatchStatus:
    return show_dispatch(store, dispatch).line.status


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    "command",
    [
        ("dispatch", "list"),
        ("dispatch", "show", "1"),
        ("dispatch", "watch", "--for", "0"),
        ("contact", "show", "1"),
    ],
)
def test_the_status_of_each_recipient_is_shown(store, command):
    unknown(store)

    said = kontakt(*command)

    assert said.code == 0
    assert "petra@mueller.example" in said.out
    assert ": sent" in said.out
    assert ": unknown" in said.out


@pytest.mark.rule("X5")
def test_a_dispatch_shows_every_attempt_with_the_services_answer(store):
    dispatch = waiting(store)
    tried(store, "accepted", "refused_for_now", now=now())

    said = kontakt("dispatch", "show", str(dispatch))

    assert "status: retrying" in said.out
    assert "uwe@mueller.example: refused for now: the service said: refused_for_now" in said.out
    assert "next try" in said.out


@pytest.mark.parametrize("command", [("dispatch", "list"), ("dispatch", "show", "2")])
def test_a_letter_says_of_which_appointment_it_is(store, command):
    dispatch = waiting(store)
    appointment = invite(store, now=now())

    said = kontakt(*command)

    assert f"appointment {appointment}" in said.out
    assert "None" not in said.out
    assert f"contact {dispatch}" in kontakt("dispatch", "show", "1").out


def test_dispatches_are_listed_by_status(store):
    unknown(store)
    waiting(store)

    said = kontakt("dispatch", "list", "--status", "unknown")

    assert "unknown" in said.out
    assert "queued" not in said.out


@pytest.mark.rule("X5")
def test_watching_shows_what_happens_meanwhile(store):
    waiting(store)

    said = kontakt("dispatch", "watch", "--for", "0.5")

    assert "queued" in said.out
    assert "Ctrl-C" in said.out


@pytest.mark.parametrize(
    ("made", "command", "becomes"),
    [
        (waiting, "cancel", DispatchStatus.CANCELLED),
        (unknown, "resend", DispatchStatus.QUEUED),
        (unknown, "count-as-sent", DispatchStatus.SENT),
    ],
)
def test_people_decide_about_a_dispatch(store, made, command, becomes):
    dispatch = made(store)

    said = kontakt("dispatch", command, str(dispatch), "--as", JONAS)

    assert said.code == 0, said.err
    assert status(store, dispatch) is becomes


def test_a_dispatch_is_put_off(store):
    dispatch, later = waiting(store), now() + timedelta(hours=2)
    command = ("dispatch", "later", str(dispatch), "--as", JONAS)

    said = kontakt(*command, "--not-before", later.isoformat())

    assert said.code == 0
    assert show_dispatch(store, dispatch).line.due_at == later


@pytest.mark.rule("X2")
@pytest.mark.parametrize("command", ["cancel", "resend", "count-as-sent"])
def test_who_may_not_act_is_told_why(store, command):
    dispatch = waiting(store)

    said = kontakt("dispatch", command, str(dispatch), "--as", GUEST)

    assert said.code == 1
    assert len(said.err.splitlines()) == 2
    assert status(store, dispatch) is DispatchStatus.QUEUED


@pytest.mark.parametrize("command", ["resend", "count-as-sent"])
def test_where_nothing_is_unknown_nothing_is_changed(store, command):
    said = kontakt("dispatch", command, str(waiting(store)), "--as", JONAS)

    assert said.code == 1
    assert "nothing is changed" in said.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("dispatch", "show", "4711"), "there is no dispatch 4711"),
        (("dispatch", "cancel", "4711", "--as", JONAS), "there is no dispatch 4711"),
        (("dispatch", "cancel", "1", "--as", JONAS), "nothing of it can be held back"),
        (("message", "read", "4711", "--as", MIA), "there is no message 4711"),
        (("message", "list", "--as", "4711"), "no employee"),
    ],
)
def test_what_cannot_be_done_is_one_line(store, arguments, told):
    unknown(store)

    said = kontakt(*arguments)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert told in said.err


@pytest.mark.rule("M4")
def test_a_message_is_new_until_it_is_read(store):
    contact = written(NewRecipient(employee=MIA), matchcode="[bold]Bitte\x1b[31m lesen[/bold]")
    queued(store, contact, "message", now=now())
    arrived(store)

    before = kontakt("message", "list", "--as", MIA, "--unread")
    read = kontakt("message", "read", "1", "--as", MIA)
    after = kontakt("message", "list", "--as", MIA, "--unread")
    others = kontakt("message", "read", "1", "--as", ANNA)

    assert "[bold]Bitte" in before.out
    assert "\x1b[31m" not in before.out + read.out
    assert "Es läuft wieder." in read.out
    assert "Bitte" not in after.out
    assert others.code == 2


def arrived(store: Store) -> None:
    """Let the message arrive."""
    [parcel] = Ledger(store, "worker").claim("message/inbox", 1, now())
    line = MessageLine()
    line.send(parcel, line.write(parcel, ()))
    assert inbox(store, 3)


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    ("age", "code", "told"),
    [(0, 0, "Sending: alive, last sign of life"), (60, 1, "Sending: not running")],
)
def test_the_status_says_whether_anything_is_sent(store, age, code, told):
    beat(store, now() - timedelta(seconds=age))

    said = kontakt("status")

    assert said.code == code
    assert told in said.out


@pytest.mark.rule("X1")
def test_the_status_says_where_nothing_ever_ran():
    said = kontakt("status")

    assert said.code == 1
    assert "never ran here" in said.out


def test_the_status_shows_every_queue(store):
    waiting(store)
    pause_queue(store, "sms/gateway", "the gateway does not answer", now())

    said = kontakt("status")

    [e_mail] = [line for line in said.out.splitlines() if "e-mail/service" in line]
    [sms] = [line for line in said.out.splitlines() if "sms/gateway" in line]
    assert " 1 " in e_mail
    assert "fine" in e_mail
    assert "rests until" in sms
    assert "the gateway does not answer" in sms
    assert "Mailboxes: 0 watched, 0 failing" in said.out
