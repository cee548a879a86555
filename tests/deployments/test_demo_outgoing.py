"""The demo's employees send one of everything, once for ever, and go on writing."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from builders import rows

from deployments.demo import outgoing
from deployments.demo.directory import directory, fax_gateways, mail_accounts, sms_gateways
from deployments.demo.letters import Letter, letters_sent_again, letters_sent_once
from deployments.demo.outgoing import send_if_alive, write_letters
from domain.phones import international
from domain.sending import ALIVE
from domain.services import Service
from tasks.channels.e_mail import service_of
from tasks.channels.fax import joined
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.dispatches import DispatchLine, list_dispatches
from tasks.store.queues import beat, enter_services
from tasks.store.tables import contacts

ONCE, AGAIN = letters_sent_once(), letters_sent_again()
ACCOUNTS = {each.name: each for each in mail_accounts(10143, 10025)}
SECONDS = 20  # for something that takes one


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def demo(own_store: Store) -> Iterator[Store]:
    """The demo's database, with everything configured and no shift alive."""
    apply_directory(own_store, directory())
    sms = [Service(each.name, "sms") for each in sms_gateways(10080)]
    fax = [each.service for each in joined(fax_gateways(), ACCOUNTS)[0]]
    e_mail = [service_of(each) for each in ACCOUNTS.values() if each.sends]
    enter_services(own_store, [*sms, *fax, *e_mail, Service("inbox", "message")], [])
    yield own_store
    own_store.engine.dispose()


@pytest.fixture
def alive(demo) -> Store:
    """The same, with a dispatch shift that has just given a sign of life."""
    beat(demo, now())
    return demo


def dispatched(store: Store) -> list[DispatchLine]:
    return list_dispatches(store, limit=1000)[::-1]


def send(letters: tuple[Letter, ...]) -> None:
    for letter in letters:
        assert send_if_alive(letter, now())


def test_every_letter_is_granted_as_it_is(alive, capsys):
    send((*ONCE, *AGAIN))

    assert capsys.readouterr().err == ""
    assert [each.channel for each in dispatched(alive)] == [e.channel for e in (*ONCE, *AGAIN)]


def test_all_channels_and_reception_kinds_are_shown(alive):
    send(ONCE)

    sent = dispatched(alive)
    assert {each.channel for each in sent} == {"e-mail", "sms", "fax", "message"}
    kinds = {delivery.kind for each in sent for delivery in each.deliveries}
    assert kinds == {"to", "cc", "bcc"}


@pytest.mark.parametrize("sent_before", range(len(ONCE) + 1))
def test_a_restart_sends_only_what_was_not_sent(alive, sent_before):
    send(ONCE[:sent_before])

    send(ONCE)

    assert len(dispatched(alive)) == rows(alive, contacts) == len(ONCE)


def test_what_is_sent_again_is_a_contact_each_time(alive):
    send(AGAIN * 2)

    assert set(Counter(each.matchcode for each in dispatched(alive)).values()) == {2}


@pytest.mark.parametrize("last_beat", [None, ALIVE + timedelta(seconds=5)])
def test_nothing_is_written_while_no_shift_is_alive(demo, last_beat):
    if last_beat is not None:
        beat(demo, now() - last_beat)

    assert not send_if_alive(ONCE[0], now())

    assert rows(demo, contacts) == 0


def test_it_waits_for_a_shift_and_then_goes_on(demo, monkeypatch):
    monkeypatch.setattr(outgoing, "LOOK", 0.01)

    async def work() -> None:
        writing = asyncio.create_task(write_letters(pause=0.01))
        await asyncio.to_thread(beat, demo, now())
        async with asyncio.timeout(SECONDS):
            while rows(demo, contacts) < len(ONCE) + len(AGAIN) + 1:
                await asyncio.sleep(0.05)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing

    asyncio.run(work())

    first = [each.matchcode for each in dispatched(demo)[: len(ONCE)]]
    assert all(one.matchcode in other for one, other in zip(ONCE, first, strict=True))


def test_one_is_put_off_for_some_minutes():
    at = now()

    instants = [letter.request(at).not_before for letter in ONCE]

    assert list(filter(None, instants)) == [at + timedelta(minutes=10)]


def test_letters_that_are_sent_once_have_different_keys():
    keys = sorted(str(letter.key) for letter in ONCE)

    assert all(one != other for one, other in pairwise(keys))
    assert [letter.key for letter in AGAIN] == [None] * len(AGAIN)


def test_pictures_in_the_text_are_there():
    [letter] = [each for each in ONCE if each.html]

    shown = [file for file in letter.contact().files if file.inline]

    assert [f"cid:{file.content_id}" in (letter.html or "") for file in shown] == [True]
    assert shown[0].content.startswith(b"\x89PNG")


def test_every_number_in_the_demo_is_valid():
    world = directory()
    people = [*world.employee, *world.address, *(p for a in world.address for p in a.person)]
    numbers = [each.mobile for each in people]
    numbers += [getattr(each, "fax", "") for each in people]
    numbers += [letter.number or "" for letter in (*ONCE, *AGAIN)]

    wrong = [number for number in filter(None, numbers) if not international(number, "DE")]

    assert any(numbers)
    assert wrong == []


def test_the_demo_does_not_need_prefect():
    look = "import sys, deployments.demo.__main__; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
