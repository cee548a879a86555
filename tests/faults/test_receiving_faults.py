"""Shifts that are killed, servers that crash: each message is still exactly one contact (R1)."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from random import Random

import pytest
from bench.installation import PASSWORD, USER
from bench.letters import letters
from bench.shifts import Workplace, until, workplace
from servers.dovecot import Dovecot, dovecot
from sqlalchemy import func, select

from domain.arrivals import ReceiptOutcome, fingerprint
from tasks.store.tables import contacts, mailboxes, quarantine, receipts

pytestmark = [pytest.mark.faults, pytest.mark.rule("R1")]

MESSAGES = 1_000
KILLS = 20
AT_ONCE = 400  # messages that wait at the beginning; the others come between the kills
LARGEST_FILE = 200_000  # bytes
LONGEST_LIFE = 0.8  # seconds, of a shift once it has begun to import
QUIET_SHIFT = 25  # seconds
DONE = "Erledigt"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A mail server that only one test uses."""
    with dovecot({USER: PASSWORD}) as running:
        yield running


@pytest.fixture
def place() -> Iterator[Workplace]:
    """An installation with a Prefect server, which only one test uses."""
    with workplace() as prepared:
        yield prepared


@pytest.fixture
def sent() -> list[bytes]:
    """The messages that arrive."""
    return list(letters(MESSAGES, largest_file=LARGEST_FILE))


@pytest.mark.parametrize(
    ("move_to", "folder", "flag"),
    [("", "INBOX", "SEEN"), (DONE, DONE, "ALL")],
    ids=["marked as seen", "moved"],
)
def test_shifts_killed_twenty_times_leave_each_message_as_one_contact(
    server, place, sent, move_to, folder, flag
):
    chance = Random(20)
    server.create_folder(USER, DONE)
    place.watch(server.port, move_to)
    deliveries = _portions(sent)
    server.deliver_many(USER, next(deliveries))

    unfinished = 0
    for _ in range(KILLS):
        server.deliver_many(USER, next(deliveries))
        _kill_a_shift(place, chance.uniform(0, LONGEST_LIFE))
        unfinished += _is_unfinished(place, server)
    _work_quietly(place)

    assert unfinished >= KILLS // 4, "the kills came too late to interrupt anything"
    assert _fingerprints(place) == Counter(map(fingerprint, sent))
    assert _outcomes(place) == {(ReceiptOutcome.IMPORTED, True): MESSAGES}
    assert _number_in(place, quarantine) == 0
    assert _is_free(place)
    assert _ids_in(server, folder, flag) == _ids(sent)
    assert _ids_in(server, "INBOX", "UNSEEN") == Counter()


def test_of_two_shifts_at_once_one_is_killed_and_the_other_takes_over(server, place, sent):
    place.watch(server.port)
    deliveries = _portions(sent)

    with ExitStack() as victims:
        victims.enter_context(place.shift())
        until(lambda: place.begun() == 1)
        with place.shift() as survivor:
            until(lambda: place.watching() == 2)
            for number, portion in enumerate(deliveries):
                server.deliver_many(USER, portion)
                if number == KILLS // 2:
                    begun, explained = place.begun(), place.explained()
                    victims.close()
            until(lambda: _outcomes(place).get((ReceiptOutcome.IMPORTED, True)) == MESSAGES)
            is_alive = survivor.process.poll() is None

    assert (begun, is_alive, place.begun()) == (1, True, 2)
    assert explained < MESSAGES
    assert _fingerprints(place) == Counter(map(fingerprint, sent))
    assert _outcomes(place) == {(ReceiptOutcome.IMPORTED, True): MESSAGES}
    assert _ids_in(server, "INBOX", "SEEN") == _ids(sent)


def test_a_mail_server_that_crashes_loses_and_doubles_nothing(server, place, sent):
    chance = Random(5)
    place.watch(server.port)
    server.deliver_many(USER, sent)

    with place.shift():
        until(lambda: place.explained() > 0)
        explained = place.explained()
        for _ in range(3):
            server.crash()
            time.sleep(chance.uniform(0, 2))
            server.start()
            time.sleep(chance.uniform(0, LONGEST_LIFE))
        until(lambda: _outcomes(place).get((ReceiptOutcome.IMPORTED, True)) == MESSAGES)

    assert explained < MESSAGES
    assert _fingerprints(place) == Counter(map(fingerprint, sent))
    assert _outcomes(place) == {(ReceiptOutcome.IMPORTED, True): MESSAGES}
    assert _ids_in(server, "INBOX", "SEEN") == _ids(sent)


def _portions(sent: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Give many messages first, then the others in equal parts, one for each kill."""
    part = (MESSAGES - AT_ONCE) // KILLS
    yield sent[:AT_ONCE]
    for start in range(AT_ONCE, MESSAGES, part):
        yield sent[start : start + part]


def _kill_a_shift(place: Workplace, life: float) -> None:
    """Let a shift live for so long from the moment at which it has the folder's lease."""
    begun = place.begun()
    with place.shift():
        until(lambda: place.begun() > begun)
        time.sleep(life)


def _is_unfinished(place: Workplace, server: Dovecot) -> bool:
    """Say whether the inbox holds a message that is not imported, or not marked."""
    return bool(_ids_in(server, "INBOX", "UNSEEN")) or any(
        not settled for _, settled in _outcomes(place)
    )


def _work_quietly(place: Workplace) -> None:
    with place.shift(QUIET_SHIFT) as program:
        assert program.process
        assert program.process.wait() == 0


def _fingerprints(place: Workplace) -> Counter[str]:
    with place.store.reading() as connection:
        return Counter(connection.scalars(select(contacts.c.fingerprint)))


def _outcomes(place: Workplace) -> dict[tuple[str, bool], int]:
    """Count the receipts, by what became of the message and whether that was settled."""
    kinds = receipts.c.outcome, receipts.c.settled
    with place.store.reading() as connection:
        rows = connection.execute(select(*kinds, func.count()).group_by(*kinds))
        return {(outcome, settled): number for outcome, settled, number in rows}


def _number_in(place: Workplace, table) -> int:
    with place.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def _is_free(place: Workplace) -> bool:
    with place.store.reading() as connection:
        return set(connection.scalars(select(mailboxes.c.leased_until))) == {None}


def _ids(sent: Sequence[bytes]) -> Counter[bytes]:
    return Counter(_message_id(raw) for raw in sent)


def _ids_in(server: Dovecot, folder: str, flag: str) -> Counter[bytes]:
    """Count the message ids of a folder's messages that have a flag."""
    with server.client(USER) as client:
        client.select(folder, readonly=True)
        numbers = client.search(None, flag)[1][0].decode().replace(" ", ",")
        if not numbers:
            return Counter()
        _, answer = client.fetch(numbers, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        return Counter(_message_id(line[1]) for line in answer if isinstance(line, tuple))


def _message_id(raw: bytes) -> bytes:
    return raw.partition(b"Message-ID: <")[2].partition(b">")[0]
