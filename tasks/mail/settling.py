"""What is done on the mail server once messages are safely stored: \\Seen, a move, or nothing."""

from domain.accounts import AfterImport, MailAccount
from domain.arrivals import Mailbox
from tasks.mail.imap import ImapFolder
from tasks.store.database import Store
from tasks.store.receipts import settle, unsettled

AT_ONCE = 500  # messages


def settle_on_server(store: Store, folder: ImapFolder, account: MailAccount, box: Mailbox) -> None:
    """Mark or move what is stored; what a crash left undone is done the next time.

    To mark or move a message again changes nothing: its UID is gone after the move.
    """
    if account.after_import is AfterImport.NOTHING:
        return
    waiting = unsettled(store, box.id, folder.uidvalidity)
    for start in range(0, len(waiting), AT_ONCE):
        uids = waiting[start : start + AT_ONCE]
        if account.after_import is AfterImport.SEEN:
            folder.mark_seen(uids)
        elif account.move_to:
            folder.move(uids, account.move_to)
        settle(store, box.id, folder.uidvalidity, uids)
