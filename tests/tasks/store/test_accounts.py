"""Accounts and folders, as the database knows them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from builders import (
    DIRECTORY,
    NOW,
    account,
    letter,
    letters,
    prepared,
    private_account,
    receive_letters,
    rows,
)

from domain.arrivals import Arrival, Chunk, Counts, Position, ReceiptOutcome
from domain.errors import ConfigurationError
from tasks.receiving import receive_chunk
from tasks.store.accounts import (
    enter_account,
    leave_alone_others,
    mailbox_healths,
    record_failure,
    record_success,
)
from tasks.store.directory import apply_directory
from tasks.store.receipts import counts_since, days_with_mail, ledger, settle, unsettled
from tasks.store.receiving import Terms
from tasks.store.tables import mail_account_employees, mail_account_teams, mail_accounts, mailboxes

LATER = NOW + timedelta(minutes=5)


def test_an_account_that_is_entered_again_keeps_its_folders_and_their_positions(store):
    box = prepared(store, account())
    before = receive_letters(store, box, letters(1))

    [again] = enter_account(store, account(address="new@firm.example", employees=("1001",)))

    assert before == Counts(imported=1)
    assert (again.id, again.address) == (box.id, "new@firm.example")
    assert rows(store, mail_accounts) == rows(store, mailboxes) == 1
    assert rows(store, mail_account_employees) == rows(store, mail_account_teams) == 1


def test_an_account_may_have_several_folders(store):
    apply_directory(store, DIRECTORY)

    boxes = enter_account(store, account(folders=("INBOX", "Anfragen für Köln")))

    assert [str(box) for box in boxes] == ["service/INBOX", "service/Anfragen für Köln"]
    assert {box.position for box in boxes} == {Position(0)}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"employees": ("9999",)}, "there is no employee 9999"),
        ({"teams": ("Nobodies",)}, "there is no team Nobodies"),
    ],
)
def test_an_account_for_somebody_unknown_is_refused_and_nothing_is_entered(store, changes, told):
    apply_directory(store, DIRECTORY)

    with pytest.raises(ConfigurationError, match=told):
        enter_account(store, account(**changes))

    assert rows(store, mail_accounts, mailboxes) == 0


def test_shifts_that_enter_an_account_at_once_get_along(store):
    apply_directory(store, DIRECTORY)

    with ThreadPoolExecutor(4) as shifts:
        entered = list(shifts.map(lambda _: enter_account(store, account()), range(12)))

    assert len({boxes[0].id for boxes in entered}) == 1
    assert rows(store, mail_accounts) == rows(store, mailboxes) == 1


def test_a_folder_is_failing_since_the_first_failure_in_a_row(store):
    box = prepared(store, account())

    record_failure(store, box.id, "no connection", NOW)
    record_failure(store, box.id, "still none", LATER)

    [health] = mailbox_healths(store)
    assert (health.failing_since, health.failure) == (NOW, "still none")
    record_success(store, box.id, LATER)
    [health] = mailbox_healths(store)
    assert (health.failing_since, health.failure, health.checked_at) == (None, None, LATER)


@pytest.mark.rule("R1")
def test_an_account_that_is_left_alone_is_not_among_the_watched(store):
    prepared(store, account())

    enter_account(store, account(action="none"))

    assert mailbox_healths(store) == ()


def test_a_folder_that_is_taken_from_the_list_is_not_among_the_watched(store):
    prepared(store, account(folders=("INBOX", "Messe")))

    enter_account(store, account(folders=("INBOX",)))

    assert [health.mailbox.folder for health in mailbox_healths(store)] == ["INBOX"]


def test_accounts_that_are_gone_are_not_among_the_watched_until_they_are_back(store):
    prepared(store, account())
    prepared(store, private_account())

    leave_alone_others(store, ["anna"])
    watched = [health.mailbox.account for health in mailbox_healths(store)]
    enter_account(store, account())

    assert watched == ["anna"]
    assert len(mailbox_healths(store)) == 2


def test_what_came_is_counted_by_folder_and_since_an_instant(store):
    box, other = prepared(store, account()), prepared(store, private_account())
    receive_letters(store, box, [letter(), letter(), b"rubbish"])
    receive_letters(store, other, [letter()])

    assert counts_since(store, NOW) == {
        box.id: Counts(imported=1, duplicate=1, quarantined=1),
        other.id: Counts(duplicate=1),
    }
    assert counts_since(store, LATER) == {}


def test_days_with_mail_are_those_of_the_account_whatever_became_of_it(store):
    box, _ = prepared(store, account()), prepared(store, private_account())
    days = [NOW - timedelta(days=ago) for ago in (0, 1, 5, 90)]
    arrivals = [
        Arrival(uid, day, letter(message_id=f"<{uid}@x.example>")) for uid, day in enumerate(days)
    ]
    receive_chunk(store, Chunk(box, 1, arrivals), Terms(b"secret", NOW))

    found = days_with_mail(store, "service", NOW - timedelta(days=60))

    assert found == {day.date() for day in days[:3]}
    assert days_with_mail(store, "anna", NOW - timedelta(days=60)) == set()


@pytest.mark.rule("R1")
def test_what_is_stored_waits_to_be_settled_and_what_is_quarantined_does_not(store):
    box = prepared(store, account(after_import="seen"))
    arrivals = [Arrival(1, NOW, letter()), Arrival(2, NOW, letter()), Arrival(3, NOW, b"rubbish")]
    receive_chunk(store, Chunk(box, 5, arrivals, settles=True), Terms(b"secret", NOW))
    waiting = unsettled(store, box.id, 5)

    settle(store, box.id, 5, [1])

    assert waiting == [1, 2]
    assert unsettled(store, box.id, 5) == [2]
    assert unsettled(store, box.id, 6) == []
    assert set(ledger(store, box.id, 5).values()) == set(ReceiptOutcome) - {ReceiptOutcome.SKIPPED}
