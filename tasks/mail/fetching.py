"""Messages fetched from a folder, whatever the server does with single ones."""

from collections.abc import Container, Sequence

from domain.accounts import AfterImport, MailAccount
from domain.arrivals import Arrival, Chunk, Listed, Mailbox, Place
from domain.errors import MailServerError, ServerUnreachable
from tasks.mail.imap import ImapFolder


def fetch_chunk(
    folder: ImapFolder,
    account: MailAccount,
    box: Mailbox,
    listed: Sequence[Listed],
    explained: Container[Place] = (),
) -> Chunk:
    """Fetch messages; each is explained already, fetched, skipped, withheld, or not there now."""
    new = [message for message in listed if message.place not in explained]
    wanted = [message for message in new if not _is_too_old(message, account)]
    arrivals = _fetch(folder, wanted) if wanted else []
    return Chunk(
        box,
        folder.uidvalidity,
        arrivals,
        withheld=_withheld(folder, wanted, arrivals),
        skipped=[message for message in new if _is_too_old(message, account)],
        settles=account.after_import is not AfterImport.NOTHING,
        upto=max(message.uid for message in listed),
    )


def is_another(folder: ImapFolder, uid: int, explained: Container[Place]) -> bool:
    """Whether a UID that was read before belongs to another message now: a backup was restored."""
    there = folder.sizes([uid]) if uid else []
    return any(message.place not in explained for message in there)


def _is_too_old(message: Listed, account: MailAccount) -> bool:
    return account.import_since is not None and message.received_at.date() < account.import_since


def _fetch(folder: ImapFolder, listed: Sequence[Listed]) -> list[Arrival]:
    """Fetch what the server hands over; where it refuses the whole, each is asked for alone."""
    try:
        return folder.fetch(listed)
    except ServerUnreachable:
        raise
    except MailServerError:
        if len(listed) == 1:
            return []
        return [arrival for message in listed for arrival in _fetch(folder, [message])]


def _withheld(
    folder: ImapFolder, wanted: Sequence[Listed], arrivals: Sequence[Arrival]
) -> list[Listed]:
    """Name what is still there and yet was not handed over, so that it is not passed over."""
    got = {arrival.uid for arrival in arrivals}
    missing = [message.uid for message in wanted if message.uid not in got]
    return folder.sizes(missing) if missing else []
