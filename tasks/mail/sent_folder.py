"""The account's folder of sent mail: what stands there, and copies put into it, each once."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from imap_tools import BaseMailBox, MailMessageFlags
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError

from domain.accounts import MailAccount
from domain.errors import FolderMissing, MailServerError, ServerUnreachable
from tasks.mail.connecting import connect
from tasks.mail.imap import disconnect

Copy = tuple[str, datetime, bytes]  # Message-ID without brackets, when it was sent, the message
AT_ONCE = 10  # ids in one search; its line stays below what servers read
_QUOTABLE = re.compile(r'[^\s<>"\\\x00-\x1f\x7f-\U0010ffff]{1,250}')
_BRACKETED = re.compile(rb"<([^<>\s]+)>")


def stands_in_sent_folder(account: MailAccount, message_ids: Sequence[str]) -> set[str]:
    """Tell which messages stand in the account's folder of sent mail; raises a MailServerError.

    An id that cannot be written into a search as it is stands nowhere.
    """
    wanted = [each for each in dict.fromkeys(message_ids) if _QUOTABLE.fullmatch(each)]
    if not wanted:
        return set()
    with _sent_folder(account) as mailbox:
        return _standing(mailbox, wanted)


def append_copies(account: MailAccount, copies: Sequence[Copy]) -> None:
    """Put copies into the account's folder of sent mail, as read, unless they stand there already.

    What cannot be searched for is left out: nobody could tell whether it stands there.
    """
    wanted = {copy[0]: copy for copy in copies if _QUOTABLE.fullmatch(copy[0])}
    if not wanted:
        return
    with _sent_folder(account) as mailbox:
        there = _standing(mailbox, list(wanted))
        for message_id, at, raw in wanted.values():
            if message_id not in there:
                mailbox.append(raw, account.sent_folder, at, [MailMessageFlags.SEEN])


@contextmanager
def _sent_folder(account: MailAccount) -> Iterator[BaseMailBox]:
    """Open the folder to look at it; it is closed afterwards, whatever happens."""
    mailbox = connect(account)
    try:
        mailbox.folder.set(account.sent_folder, readonly=True)
        yield mailbox
    except MailboxFolderSelectError as error:
        raise FolderMissing(f"there is no folder {account.sent_folder}") from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise ServerUnreachable(f"the connection broke: {error}") from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailServerError(f"the server refused: {error}") from error
    finally:
        disconnect(mailbox)


def _standing(mailbox: BaseMailBox, message_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(message_ids), AT_ONCE):
        found |= _seen(mailbox, message_ids[start : start + AT_ONCE])
    return found


def _seen(mailbox: BaseMailBox, message_ids: Sequence[str]) -> set[str]:
    """Search, and look at what was found: some servers find what is only similar."""
    fields = [f'HEADER Message-ID "<{each}>"' for each in message_ids]
    criteria = " ".join([*(f"OR {field}" for field in fields[:-1]), fields[-1]])
    uids = b" ".join(_answered(mailbox, "SEARCH", criteria)).split()
    if not uids:
        return set()
    asked = "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
    headers = b" ".join(_answered(mailbox, "FETCH", b",".join(uids).decode(), asked))
    read = {each.decode("ascii", "replace") for each in _BRACKETED.findall(headers)}
    return read.intersection(message_ids)


def _answered(mailbox: BaseMailBox, command: str, *arguments: str) -> list[bytes]:
    status, lines = mailbox.client.uid(command, *arguments)
    if status != "OK":
        raise MailServerError(f"the server answered {status} to {command}")
    return [b" ".join(line) if isinstance(line, tuple) else line for line in lines if line]
