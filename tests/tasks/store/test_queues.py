"""The queues: what is configured, whether it works, and how long it rests."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW
from outgoing_contacts import QUEUE, SERVICES, begun, queued, ready

from domain.accounts import TokenPlace
from domain.services import Service
from tasks.store.database import Store
from tasks.store.queues import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    QueueHealth,
    beat,
    enter_services,
    last_beat,
    pause_queue,
    queue_healths,
    queue_name,
    resume_queue,
    services_of,
)

E_MAIL = SERVICES[0]
FULL = Service(
    "sales",
    "e-mail",
    "sales@firm.example",
    "Verkauf",
    "Ihr Verkauf",
    "[Verkauf]",
    TokenPlace.REPLY_ADDRESS,
    True,
    3,
    60,
    frozenset({1, 2}),
    frozenset({7}),
)


def services(store: Store, channel: str = "e-mail") -> list[Service]:
    with store.reading() as connection:
        return sorted(services_of(connection, channel), key=lambda each: each.name)


def health(store: Store, name: str = QUEUE) -> QueueHealth:
    [found] = [each for each in queue_healths(store) if each.name == name]
    return found


def test_what_is_configured_is_read_back_as_it_was_entered(store):
    enter_services(store, [E_MAIL, FULL, *SERVICES[1:]], ["e-mail", "sms", "fax", "message"])

    assert services(store) == [FULL, E_MAIL]
    assert services(store, "sms") == [SERVICES[1]]


def test_what_is_entered_again_is_brought_up_to_date(store):
    enter_services(store, [E_MAIL], ["e-mail"])
    changed = replace(E_MAIL, subject_prefix="[Neu]", connections=5, per_minute=30)

    enter_services(store, [changed], ["e-mail"])

    assert services(store) == [changed]
    assert [each.name for each in queue_healths(store)] == [queue_name(E_MAIL)]


@pytest.mark.rule("X1")
def test_what_is_not_configured_any_more_is_no_service_until_it_is_again(store):
    enter_services(store, SERVICES, ["e-mail", "sms", "fax", "message"])

    enter_services(store, [FULL], ["e-mail"])
    without = services(store), services(store, "sms"), health(store).enabled
    enter_services(store, [FULL, E_MAIL], ["e-mail"])

    assert without == ([FULL], [SERVICES[1]], False)
    assert services(store) == [FULL, E_MAIL]


@pytest.mark.rule("X1")
def test_the_last_sign_of_life_is_kept_for_each_service(store):
    for minute in range(3):
        beat(store, NOW + timedelta(minutes=minute))
    beat(store, NOW, "another")

    with store.reading() as connection:
        beats = [last_beat(connection, *name) for name in ((), ("another",), ("none",))]

    assert beats == [NOW + timedelta(minutes=2), NOW, None]


def test_a_queue_whose_service_fails_rests_ever_longer_until_it_works(store):
    ready(store)

    pauses = [pause_queue(store, QUEUE, f"failure {n}", NOW) - NOW for n in range(9)]
    failing = health(store)
    resume_queue(store, QUEUE)

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert (failing.failure, failing.paused_until) == ("failure 8", NOW + LONGEST_PAUSE)
    assert (health(store).failure, health(store).paused_until) == (None, None)
    assert pause_queue(store, QUEUE, "again", NOW) == NOW + FIRST_PAUSE


def test_since_when_a_service_fails_is_kept_through_its_failures(store):
    ready(store)
    later = NOW + timedelta(hours=1)

    pause_queue(store, QUEUE, "first", NOW)
    pause_queue(store, QUEUE, "second", later)

    assert (health(store).failing_since, health(store).failure) == (NOW, "second")


def test_a_queue_tells_how_many_wait_in_it(store):
    ready(store)
    for _ in range(3):
        queued(store)
    queued(store, channel="sms")
    ledger, parcel = begun(store)

    assert health(store).waiting == 3
    assert health(store, "sms/gateway").waiting == 1
    assert health(store, "fax/gateway").waiting == 0
    assert parcel.queue == QUEUE
    ledger.put_back(parcel)
