"""The folder of sent mail on a real server: looked into, and given copies, each once."""

import imaplib
from datetime import UTC, datetime
from time import mktime

import pytest
from builders import account, account_at, letter
from servers.scripted import scripted

from domain.errors import FolderMissing, MailServerError, ServerUnreachable
from tasks.mail.sent_folder import append_copies, stands_in_sent_folder

SENT_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def sender(dovecot_server, imap_user):
    """An account with an empty folder of sent mail."""
    dovecot_server.create_folder(imap_user.name, "Gesendet für Köln")
    return account_at(dovecot_server, imap_user, sent_folder="Gesendet für Köln")


def copy(number: int) -> tuple[str, datetime, bytes]:
    message_id = f"{number}@firm.example"
    return message_id, SENT_AT, letter(message_id=f"<{message_id}>")


def in_folder(server, user) -> list[tuple[bytes, bytes]]:
    """Give flags and date, and the whole text, of every message in the folder."""
    with server.client(user.name) as client:
        client.select('"Gesendet f&APw-r K&APY-ln"', readonly=True)
        lines = client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")[1]
        return [line for line in lines if isinstance(line, tuple)]


def test_a_copy_stands_in_the_folder_read_dated_and_byte_for_byte(
    dovecot_server, imap_user, sender
):
    append_copies(sender, [copy(1)])

    [(attributes, raw)] = in_folder(dovecot_server, imap_user)
    assert rb"\Seen" in attributes
    assert mktime(imaplib.Internaldate2tuple(attributes)) == SENT_AT.timestamp()
    assert raw == copy(1)[2]


def test_a_copy_that_is_put_twice_stands_once(dovecot_server, imap_user, sender):
    append_copies(sender, [copy(1), copy(2), copy(1)])
    append_copies(sender, [copy(2), copy(3)])

    assert len(in_folder(dovecot_server, imap_user)) == 3


def test_what_stands_there_is_told_from_what_does_not(sender):
    append_copies(sender, [copy(number) for number in range(25)])

    found = stands_in_sent_folder(sender, [copy(number)[0] for number in range(20, 45)])

    assert found == {copy(number)[0] for number in range(20, 25)}


@pytest.mark.parametrize("similar", ["1@firm.example", "21@firm", "irm.exampl", "21@FIRM.example"])
def test_an_id_that_is_only_similar_stands_not_there(sender, similar):
    append_copies(sender, [copy(21)])

    assert stands_in_sent_folder(sender, [similar]) == set()


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        'a" OR ALL "',
        "a\r\nx DELETE INBOX",
        "a\\",
        "a b@firm.example",
        "ü@firm.example",
        "\x00@firm.example",
        "\x80@firm.example",
        "<21@firm.example>",
        "a" * 251,
    ],
)
def test_an_id_that_cannot_be_quoted_stands_nowhere_and_comes_nowhere(
    dovecot_server, imap_user, sender, hostile
):
    append_copies(sender, [(hostile, SENT_AT, letter()), copy(21)])

    assert stands_in_sent_folder(sender, [hostile, copy(21)[0]]) == {copy(21)[0]}
    assert len(in_folder(dovecot_server, imap_user)) == 1


def test_to_ask_about_nothing_asks_no_server():
    nowhere = account(port=1)

    assert stands_in_sent_folder(nowhere, []) == set()
    append_copies(nowhere, [])


def test_a_folder_that_is_not_there_is_named(dovecot_server, imap_user):
    nowhere = account_at(dovecot_server, imap_user, sent_folder="Nirgendwo")

    with pytest.raises(FolderMissing, match="Nirgendwo"):
        append_copies(nowhere, [copy(1)])
    with pytest.raises(FolderMissing, match="Nirgendwo"):
        stands_in_sent_folder(nowhere, [copy(1)[0]])


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ({"UID": b"%(tag)s NO not now\r\n"}, MailServerError),
        ({"UID": b"%(tag)s BAD what\r\n"}, MailServerError),
        ({"UID": b"* BYE\r\n"}, ServerUnreachable),
    ],
)
def test_a_server_that_does_not_search_is_told_from_one_that_is_gone(replies, error):
    opening = {"EXAMINE": b"%(tag)s OK [READ-ONLY] done\r\n"}

    with scripted({**opening, **replies}) as server, pytest.raises(error):
        stands_in_sent_folder(account(port=server.port), ["1@firm.example"])


def test_what_a_server_finds_is_looked_at():
    found = {
        "EXAMINE": b"%(tag)s OK [READ-ONLY] done\r\n",
        "UID": b"* SEARCH 1\r\n* 1 FETCH (UID 1 BODY[HEADER.FIELDS (MESSAGE-ID)] {31}\r\n"
        b"Message-ID: <11@firm.example>\r\n)\r\n%(tag)s OK done\r\n",
    }

    with scripted(found) as server:
        assert stands_in_sent_folder(account(port=server.port), ["1@firm.example"]) == set()
