"""A folder on a real server: listed, fetched, waited at, marked and moved, never expunged."""

import time
from collections.abc import Callable, Iterator
from threading import Timer

import pytest
from builders import NOW, account, account_at, letter, letters
from servers.dovecot import WITHOUT_IDLE, Dovecot, dovecot
from servers.fixtures import ImapUser
from servers.scripted import scripted

from domain.arrivals import Listed
from domain.errors import MailServerError, ServerUnreachable
from tasks.mail.connecting import open_folder
from tasks.mail.imap import LARGE, ImapFolder

SOON = 3.0  # seconds, within which an idling client has to be told
HANGS = 20.0  # seconds, after which a test gives up
ANNA = ImapUser("anna", "secret")

Opening = Callable[..., ImapFolder]


@pytest.fixture
def opened(dovecot_server: Dovecot, imap_user: ImapUser) -> Iterator[Opening]:
    """Open folders of the user, which are closed after the test."""
    folders: list[ImapFolder] = []

    def opening(folder: str = "INBOX") -> ImapFolder:
        folders.append(open_folder(account_at(dovecot_server, imap_user), folder))
        return folders[-1]

    yield opening
    for folder in folders:
        folder.close()


@pytest.fixture
def own_server() -> Iterator[Dovecot]:
    with dovecot({ANNA.name: ANNA.password}) as server:
        yield server


def flags(server: Dovecot, user: str, folder: str = "INBOX") -> list[bytes]:
    """Tell the flags of every message that a folder holds, \\Deleted ones included."""
    with server.client(user) as client:
        client.select(folder)
        return [line for line in client.uid("FETCH", "1:*", "(FLAGS)")[1] if line]


def never() -> bool:
    return False


@pytest.mark.rule("R1")
def test_only_messages_above_a_uid_are_listed(dovecot_server, imap_user, opened):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    folder = opened()

    assert [message.uid for message in folder.after(0)] == [1, 2, 3]
    assert [message.uid for message in folder.after(2)] == [3]
    assert folder.after(3) == []  # though the server names the last one again
    assert folder.after(99) == []


def test_an_empty_folder_lists_nothing(opened):
    folder = opened()

    assert folder.after(0) == []
    assert folder.fetch([]) == []
    assert folder.sizes([1, 2]) == []


def test_messages_are_fetched_byte_for_byte_and_stay_unseen(dovecot_server, imap_user, opened):
    raws = [b"Subject: \xfc\r\n\r\n)\r\n", b"\r\n", b'Subject: "a\\b"\r\n\r\nx', letter()]
    dovecot_server.deliver_many(imap_user.name, raws)
    folder = opened()

    arrivals = folder.fetch(folder.after(0))

    assert [arrival.raw for arrival in arrivals] == raws
    assert [arrival.place for arrival in arrivals] == [each.place for each in folder.after(0)]
    assert all(rb"\Seen" not in each for each in flags(dovecot_server, imap_user.name))


def test_a_large_message_comes_in_pieces_and_is_the_same(dovecot_server, imap_user, opened):
    large = letter(text="Ä" * 60 + "\n") + b"0123456789abcdef" * (5 * 1024 * 64) + b"end"
    exactly = b"Subject: x\r\n\r\n" + b"x" * (LARGE - 14)
    dovecot_server.deliver_many(imap_user.name, [letter(), large, exactly])
    folder = opened()

    arrivals = folder.fetch(folder.after(0))

    assert [arrival.raw for arrival in arrivals] == [letter(), large, exactly]


def test_a_thousand_messages_are_fetched(dovecot_server, imap_user, opened):
    raws = letters(1000)
    dovecot_server.deliver_many(imap_user.name, raws)
    folder = opened()

    arrivals = folder.fetch(folder.after(0))

    assert [arrival.raw for arrival in arrivals] == raws


@pytest.mark.rule("R1")
def test_what_is_expunged_between_listing_and_fetching_is_left_out(
    dovecot_server, imap_user, opened
):
    raws = [letter(), b"Subject: x\r\n\r\n" + b"x" * LARGE, letter()]
    dovecot_server.deliver_many(imap_user.name, raws)
    folder = opened()
    listed = folder.after(0)

    dovecot_server.expunge(imap_user.name, uid=2)

    assert [arrival.uid for arrival in folder.fetch(listed)] == [1, 3]
    assert [message.uid for message in folder.sizes([1, 2, 3])] == [1, 3]


def test_an_idling_client_is_woken_at_once(dovecot_server, imap_user, opened):
    folder = opened()
    folder.after(0)
    delivering = Timer(0.3, dovecot_server.deliver, (imap_user.name, letter()))
    delivering.start()
    begin = time.monotonic()

    woken = folder.wait_for_news(HANGS, never)

    assert woken
    assert time.monotonic() - begin < SOON
    assert len(folder.after(0)) == 1


@pytest.mark.rule("R1")
def test_news_between_the_listing_and_the_waiting_is_not_missed(dovecot_server, imap_user, opened):
    dovecot_server.deliver(imap_user.name, letter())
    folder = opened()
    folder.after(0)
    dovecot_server.deliver(imap_user.name, letter())
    folder.mark_seen([1])  # its answer tells of the news, which IDLE then does not repeat
    begin = time.monotonic()

    woken = folder.wait_for_news(HANGS, never)

    assert woken
    assert time.monotonic() - begin < SOON


def test_a_wait_ends_when_it_is_over_and_the_folder_is_of_use_afterwards(
    dovecot_server, imap_user, opened
):
    folder = opened()
    folder.after(0)
    begin = time.monotonic()

    woken = folder.wait_for_news(HANGS, over=lambda: time.monotonic() - begin > 0.5)

    dovecot_server.deliver(imap_user.name, letter())
    assert not woken
    assert time.monotonic() - begin < SOON
    assert len(folder.after(0)) == 1


@pytest.mark.parametrize(
    "idle",
    [
        b"+ idling\r\n* 2 EXISTS\r\n",  # in one piece: nothing is left for the socket to show
        b"* 2 EXISTS\r\n+ idling\r\n",
        b"* OK still here\r\n+ idling\r\n* 2 EXISTS\r\n",
    ],
)
def test_news_that_comes_with_the_answer_to_idle_is_news(idle):
    with scripted({"IDLE": idle, "UID": b"%(tag)s OK done\r\n"}) as server:
        folder = open_folder(account(port=server.port, timeout_seconds=5), "INBOX")
        folder.after(1)
        begin = time.monotonic()

        woken = folder.wait_for_news(HANGS, never)

        assert woken
        assert time.monotonic() - begin < SOON
        folder.close()


def test_a_server_that_refuses_idle_says_so():
    with scripted({"IDLE": b"%(tag)s NO not now\r\n"}) as server:
        folder = open_folder(account(port=server.port, timeout_seconds=5), "INBOX")

        with pytest.raises(MailServerError, match="refused"):
            folder.wait_for_news(HANGS, never)

        folder.close()


@pytest.mark.parametrize(
    "answer",
    [
        b'* 1 FETCH (UID 1 INTERNALDATE "23-Nov-2026 09:00:00 +0000" BODY[] {4}\r\nab\r\n)\r\n',
        b'* 1 FETCH (BODY[] {4}\r\nab\r\n UID 1 INTERNALDATE "23-Nov-2026 09:00:00 +0000")\r\n',
        b"* 9 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 BODY[] {4}\r\nab\r\n)\r\n",
        b"* 8 FETCH (UID 8 BODY[] {1}\r\nx)\r\n* 1 FETCH (UID 1 BODY[] {4}\r\nab\r\n)\r\n",
    ],
)
def test_a_body_belongs_to_the_uid_beside_it_wherever_that_stands(answer):
    with scripted({"UID": answer + b"%(tag)s OK done\r\n"}) as server:
        folder = open_folder(account(port=server.port, timeout_seconds=5), "INBOX")

        arrivals = folder.fetch([Listed(1, 4, NOW)])

        assert [(each.uid, each.raw) for each in arrivals] == [(1, b"ab\r\n")]
        folder.close()


def test_marking_as_seen_marks_these_and_no_other(dovecot_server, imap_user, opened):
    dovecot_server.deliver_many(imap_user.name, letters(3))

    opened().mark_seen([1, 3])

    seen = [rb"\Seen" in each for each in flags(dovecot_server, imap_user.name)]
    assert seen == [True, False, True]


@pytest.mark.rule("R1")
def test_a_move_leaves_the_others_alone_and_can_be_repeated(dovecot_server, imap_user, opened):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    dovecot_server.create_folder(imap_user.name, "Erledigt für Köln")
    folder = opened()

    folder.move([1, 2], "Erledigt für Köln")
    folder.move([1, 2], "Erledigt für Köln")

    assert [message.uid for message in folder.after(0)] == [3]
    assert len(opened("Erledigt für Köln").after(0)) == 2


@pytest.mark.rule("R1")
def test_without_move_messages_are_copied_and_nothing_is_expunged(own_server):
    without_move = WITHOUT_IDLE.replace(" MOVE", "")
    with (own_server.directory / "dovecot.conf").open("a") as configuration:
        configuration.write(f"{without_move}\n")
    own_server.restart()
    own_server.deliver_many(ANNA.name, letters(3))
    own_server.create_folder(ANNA.name, "Done")
    folder = open_folder(account_at(own_server, ANNA), "INBOX")

    folder.move([1, 2], "Done")

    folder.close()
    here = flags(own_server, ANNA.name)
    assert not folder.has_move
    assert [rb"\Deleted" in each for each in here] == [True, True, False]
    assert len(flags(own_server, ANNA.name, "Done")) == 2


def test_a_move_to_a_folder_that_is_not_there_is_said_and_moves_nothing(
    dovecot_server, imap_user, opened
):
    dovecot_server.deliver(imap_user.name, letter())
    folder = opened()

    with pytest.raises(MailServerError):
        folder.move([1], "Nowhere")

    assert len(folder.after(0)) == 1


@pytest.mark.rule("R1")
def test_a_folder_tells_its_uidvalidity_and_that_it_changed(dovecot_server, imap_user, opened):
    dovecot_server.deliver_many(imap_user.name, letters(2))
    before = opened()

    dovecot_server.change_uidvalidity(imap_user.name)

    after = opened()
    assert before.uidvalidity != after.uidvalidity
    assert (before.uidnext, after.uidnext) == (3, 3)
    assert len(after.after(0)) == 2


@pytest.mark.parametrize("end", [Dovecot.stop, Dovecot.crash])
def test_a_server_that_goes_away_while_it_is_waited_at_is_unreachable(own_server, end):
    folder = open_folder(account_at(own_server, ANNA), "INBOX")
    folder.after(0)
    ending = Timer(0.3, end, (own_server,))
    ending.start()

    with pytest.raises(ServerUnreachable):
        folder.wait_for_news(HANGS, never)

    ending.join()
    folder.close()


def test_a_server_that_hangs_is_unreachable_in_its_time(own_server):
    folder = open_folder(account_at(own_server, ANNA, timeout_seconds=0.3), "INBOX")
    own_server.freeze()
    begin = time.monotonic()

    with pytest.raises(ServerUnreachable):
        folder.after(0)
    folder.close()

    assert time.monotonic() - begin < SOON
    own_server.thaw()
