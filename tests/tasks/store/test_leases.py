"""Two shifts over one folder: a lease keeps them apart, its token fences off the late one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from builders import NOW, account, letter, letters, prepared, receive_letters, rows
from sqlalchemy import event

from domain.arrivals import Counts, Position
from domain.errors import LeaseLost
from domain.lease import LEASE_TIME
from domain.mail import Mail
from tasks.mail.understand import understand
from tasks.store.accounts import mailbox
from tasks.store.leases import give_back, renew_lease, take_lease
from tasks.store.tables import contacts, quarantine, raw_messages, receipts, thread_nodes

EXPIRED = NOW + LEASE_TIME + timedelta(seconds=1)


@pytest.mark.rule("R1")
def test_of_many_shifts_one_gets_the_folder(store):
    box = prepared(store, account())

    with ThreadPoolExecutor(8) as shifts:
        leases = list(shifts.map(lambda _: take_lease(store, box.id, NOW), range(8)))

    assert sum(lease is not None for lease in leases) == 1


def test_a_lease_that_is_given_back_is_free_at_once(store):
    box = prepared(store, account())
    first = take_lease(store, box.id, NOW)

    give_back(store, first)

    second = take_lease(store, box.id, NOW)
    assert second is not None
    assert second.token > first.token


@pytest.mark.rule("R1")
def test_a_lease_that_is_renewed_is_not_free_when_its_first_time_is_over(store):
    box = prepared(store, account())
    lease = take_lease(store, box.id, NOW)

    renew_lease(store, lease, NOW + LEASE_TIME - timedelta(seconds=1))

    assert take_lease(store, box.id, EXPIRED) is None


@pytest.mark.rule("R1")
def test_the_folder_of_a_shift_that_died_is_taken_over_when_its_lease_expires(store):
    box = prepared(store, account())
    take_lease(store, box.id, NOW)

    assert take_lease(store, box.id, NOW + LEASE_TIME) is None
    assert take_lease(store, box.id, EXPIRED) is not None


@pytest.mark.rule("R1")
def test_who_lost_the_lease_writes_nothing(store):
    box = prepared(store, account())
    late = take_lease(store, box.id, NOW)
    receive_letters(store, box, [letter()], lease=take_lease(store, box.id, EXPIRED))
    other = letter(message_id="<late@x.example>")

    with pytest.raises(LeaseLost):
        receive_letters(store, box, [other], first_uid=2, lease=late)

    assert rows(store, contacts) == rows(store, raw_messages) == rows(store, receipts) == 1
    assert mailbox(store, box.id).position == Position(1, 1)


@pytest.mark.rule("R1", "R6")
def test_who_loses_the_lease_while_it_sets_a_message_apart_writes_nothing(store):
    box = prepared(store, account())
    late = take_lease(store, box.id, NOW)

    def losing(_raw: bytes) -> Mail:
        """Let the first try fail, and the lease be lost just after it."""
        event.listen(
            store.engine, "checkin", lambda *_: take_lease(store, box.id, EXPIRED), once=True
        )
        return Mail(subject="\ud800", header_fields=1)  # no database takes a lone surrogate

    with pytest.raises(LeaseLost):
        receive_letters(store, box, [letter()], lease=late, reader=losing)

    assert rows(store, contacts, raw_messages, receipts, quarantine, thread_nodes) == 0


@pytest.mark.rule("R1")
def test_who_lost_the_lease_neither_renews_it_nor_gives_away_the_others(store):
    box = prepared(store, account())
    late = take_lease(store, box.id, NOW)
    take_lease(store, box.id, EXPIRED)

    with pytest.raises(LeaseLost):
        renew_lease(store, late, EXPIRED)
    give_back(store, late)

    assert take_lease(store, box.id, EXPIRED) is None


@pytest.mark.rule("R1")
def test_two_that_receive_the_same_messages_at_once_make_each_one_contact(store):
    box = prepared(store, account())
    raws = letters(20)

    def receiving(_shift: int) -> Counts:
        return receive_letters(store, box, raws)  # without a lease, as a reconciliation does

    with ThreadPoolExecutor(4) as shifts:
        counts = sum(shifts.map(receiving, range(4)), Counts())

    assert counts == Counts(imported=20)
    assert rows(store, contacts) == rows(store, receipts) == 20


@pytest.mark.rule("R1", "R5")
def test_two_accounts_that_receive_the_same_messages_at_once_share_the_contacts(store):
    boxes = [prepared(store, account(name=name)) for name in ("service", "sales", "orders")]
    raws = letters(20)

    with ThreadPoolExecutor(3) as watches:
        counts = sum(watches.map(lambda box: receive_letters(store, box, raws), boxes), Counts())

    assert counts == Counts(imported=20, duplicate=40)
    assert rows(store, contacts) == 20


@pytest.mark.rule("R1")
def test_a_lease_lost_between_fetching_and_storing_leaves_no_trace_of_the_chunk(store):
    box = prepared(store, account())
    late = take_lease(store, box.id, NOW)

    def slow(raw: bytes) -> Mail:
        take_lease(store, box.id, EXPIRED)  # the other one comes while this one still reads
        return understand(raw)

    with pytest.raises(LeaseLost):
        receive_letters(store, box, [letter()], lease=late, reader=slow)

    assert rows(store, contacts, raw_messages, receipts, thread_nodes) == 0
