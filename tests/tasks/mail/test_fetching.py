"""Every listed message is fetched, skipped, withheld, or no longer there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from builders import NOW, account, letter

from domain.accounts import MailAccount
from domain.arrivals import Arrival, Chunk, Listed, Mailbox, Position
from domain.errors import MailServerError, ServerUnreachable
from tasks.mail.fetching import fetch_chunk

BOX = Mailbox(1, "service", "service@firm.example", "INBOX", Position(7))


@dataclass
class Folder:
    """A folder on a server with its moods."""

    gone: Collection[int] = ()
    withheld: Collection[int] = ()
    refused: Collection[int] = ()
    broken: bool = False
    uidvalidity: int = 7

    def fetch(self, listed: Sequence[Listed]) -> list[Arrival]:
        if self.broken:
            raise ServerUnreachable("the connection broke")
        if any(message.uid in self.refused for message in listed):
            raise MailServerError("the server answered NO")
        kept_back = {*self.gone, *self.withheld}
        return [Arrival(m.uid, m.received_at, letter()) for m in listed if m.uid not in kept_back]

    def sizes(self, uids: Iterable[int]) -> list[Listed]:
        return [message for message in listed(*uids) if message.uid not in self.gone]


def listed(*uids: int) -> list[Listed]:
    return [Listed(uid, 100, NOW + timedelta(days=uid)) for uid in uids]


def fetched(folder: Folder, **changes: object) -> Chunk:
    return fetch_chunk(folder, account(**changes), BOX, listed(1, 2, 3))  # type: ignore[arg-type]


def uids(messages: Iterable[Arrival | Listed]) -> list[int]:
    return [message.uid for message in messages]


def test_a_chunk_reaches_up_to_the_last_message_that_was_listed():
    chunk = fetched(Folder())

    assert uids(chunk.arrivals) == [1, 2, 3]
    assert (chunk.uidvalidity, chunk.upto) == (7, 3)
    assert not chunk.withheld
    assert not chunk.skipped


@pytest.mark.rule("R1")
def test_what_is_expunged_meanwhile_is_passed_over():
    chunk = fetched(Folder(gone={2, 3}))

    assert uids(chunk.arrivals) == [1]
    assert not chunk.withheld
    assert chunk.upto == 3


@pytest.mark.rule("R1", "R6")
@pytest.mark.parametrize("mood", ["withheld", "refused"])
def test_what_the_server_lists_and_does_not_hand_over_is_named(mood):
    chunk = fetched(Folder(**{mood: {2}}))

    assert uids(chunk.arrivals) == [1, 3]
    assert uids(chunk.withheld) == [2]


@pytest.mark.rule("R1")
def test_a_connection_that_breaks_withholds_nothing():
    with pytest.raises(ServerUnreachable):
        fetched(Folder(broken=True))


@pytest.mark.rule("R1")
def test_messages_before_the_accounts_first_day_are_skipped_and_not_fetched():
    first_day = (NOW + timedelta(days=2)).date()

    chunk = fetched(Folder(refused={1}), import_since=first_day)

    assert uids(chunk.skipped) == [1]
    assert uids(chunk.arrivals) == [2, 3]
    assert fetched(Folder(), import_since=date(2030, 1, 1)).arrivals == []


@pytest.mark.rule("R1")
def test_what_is_explained_already_is_not_fetched_again():
    explained = {listed(1)[0].place, (2, NOW)}  # another message had UID 2 before

    chunk = fetch_chunk(Folder(), account(), BOX, listed(1, 2, 3), explained)  # type: ignore[arg-type]

    assert uids(chunk.arrivals) == [2, 3]
    assert not chunk.skipped


@pytest.mark.parametrize(("after", "settles"), [("nothing", False), ("seen", True)])
def test_a_chunk_says_whether_its_messages_are_to_be_settled(after, settles):
    mine: MailAccount = account(after_import=after)

    chunk = fetch_chunk(Folder(), mine, BOX, listed(1))  # type: ignore[arg-type]

    assert chunk.settles is settles
