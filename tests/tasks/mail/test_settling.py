"""What is done on the server once messages are safely stored, and not before."""

import pytest
from builders import (
    NOW,
    SECRET,
    account_at,
    letters,
    not_understood,
    prepared,
)
from servers.dovecot import Dovecot

from domain.accounts import MailAccount
from domain.arrivals import Counts
from domain.errors import MailServerError
from tasks.mail.connecting import open_folder
from tasks.mail.fetching import fetch_chunk
from tasks.mail.reading import Reader
from tasks.mail.settling import settle_on_server
from tasks.mail.understand import understand
from tasks.receiving import receive_chunk
from tasks.store.database import Store
from tasks.store.receiving import Terms


def flags(server: Dovecot, user: str, folder: str = "INBOX") -> list[bytes]:
    """Tell the flags of every message that a folder holds, \\Deleted ones included."""
    with server.client(user) as client:
        client.select(folder)
        return [line for line in client.uid("FETCH", "1:*", "(FLAGS)")[1] if line]


def imported(store: Store, mine: MailAccount, reader: Reader = understand) -> Counts:
    """Import what is there; what would follow on the server has not happened yet."""
    folder = open_folder(mine, "INBOX")
    box = prepared(store, mine)
    chunk = fetch_chunk(folder, mine, box, folder.after(0))
    folder.close()
    return receive_chunk(store, chunk, Terms(SECRET, NOW), reader)


def settled(store: Store, mine: MailAccount) -> None:
    folder = open_folder(mine, "INBOX")
    try:
        settle_on_server(store, folder, mine, prepared(store, mine))
    finally:
        folder.close()


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("after", "here", "seen", "moved"),
    [("nothing", 3, 0, 0), ("seen", 3, 3, 0), ("move", 0, 0, 3)],
)
def test_it_is_the_accounts_choice_and_no_message_is_lost(
    sqlite_store, dovecot_server, imap_user, after, here, seen, moved
):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    dovecot_server.create_folder(imap_user.name, "Done")
    mine = account_at(dovecot_server, imap_user, after_import=after, move_to="Done")
    imported(sqlite_store, mine)

    settled(sqlite_store, mine)

    inbox = flags(dovecot_server, imap_user.name)
    done = flags(dovecot_server, imap_user.name, "Done")
    assert (len(inbox), len(done)) == (here, moved)
    assert sum(rb"\Seen" in each for each in inbox) == seen


@pytest.mark.rule("R1")
@pytest.mark.parametrize("after", ["seen", "move"])
def test_before_the_commit_nothing_is_done(sqlite_store, dovecot_server, imap_user, after):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    dovecot_server.create_folder(imap_user.name, "Done")
    mine = account_at(dovecot_server, imap_user, after_import=after, move_to="Done")

    settled(sqlite_store, mine)  # nothing is stored yet

    inbox = flags(dovecot_server, imap_user.name)
    assert len(inbox) == 3
    assert not any(rb"\Seen" in each for each in inbox)


@pytest.mark.rule("R1", "R6")
def test_what_is_in_quarantine_stays_where_it_is(sqlite_store, dovecot_server, imap_user):
    dovecot_server.deliver_many(imap_user.name, letters(2))
    mine = account_at(dovecot_server, imap_user, after_import="seen")
    imported(sqlite_store, mine, reader=not_understood)

    settled(sqlite_store, mine)

    assert not any(rb"\Seen" in each for each in flags(dovecot_server, imap_user.name))


@pytest.mark.rule("R1")
def test_a_mark_that_somebody_takes_back_is_not_set_again(sqlite_store, dovecot_server, imap_user):
    dovecot_server.deliver(imap_user.name, letters(1)[0])
    mine = account_at(dovecot_server, imap_user, after_import="seen")
    imported(sqlite_store, mine)
    settled(sqlite_store, mine)
    with dovecot_server.client(imap_user.name) as client:
        client.select()
        client.store("1", "-FLAGS", r"(\Seen)")

    settled(sqlite_store, mine)

    assert not any(rb"\Seen" in each for each in flags(dovecot_server, imap_user.name))


@pytest.mark.rule("R1")
def test_a_move_that_fails_is_made_good_when_the_folder_is_there(
    sqlite_store, dovecot_server, imap_user
):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    mine = account_at(dovecot_server, imap_user, after_import="move", move_to="Done")
    imported(sqlite_store, mine)
    with pytest.raises(MailServerError):
        settled(sqlite_store, mine)

    dovecot_server.create_folder(imap_user.name, "Done")
    settled(sqlite_store, mine)

    assert len(flags(dovecot_server, imap_user.name, "Done")) == 3
    assert flags(dovecot_server, imap_user.name) == []


@pytest.mark.rule("R1")
def test_what_somebody_expunged_before_it_was_moved_stops_nothing(
    sqlite_store, dovecot_server, imap_user
):
    dovecot_server.deliver_many(imap_user.name, letters(3))
    dovecot_server.create_folder(imap_user.name, "Done")
    mine = account_at(dovecot_server, imap_user, after_import="move", move_to="Done")
    imported(sqlite_store, mine)
    dovecot_server.expunge(imap_user.name, uid=2)

    settled(sqlite_store, mine)

    assert len(flags(dovecot_server, imap_user.name, "Done")) == 2
