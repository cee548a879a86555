"""The ways to read a mailbox that are compared; each gives how many messages it read."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

from bench.installation import PASSWORD, USER
from bench.letters import SECRET
from imap_tools import MailBoxUnencrypted
from servers.dovecot import Dovecot

from domain.accounts import MailAccount
from flows.watching import opened_chunks
from tasks.mail.connecting import open_folder
from tasks.receiving import receive_opened
from tasks.store.accounts import enter_account
from tasks.store.database import Store
from tasks.store.receiving import Terms

AT_ONCE = 100  # messages


def to_contacts(store: Store, account: MailAccount) -> int:
    """Import all, as a shift does, without Prefect's engine."""
    return asyncio.run(_to_contacts(store, account))


async def _to_contacts(store: Store, account: MailAccount) -> int:
    [box] = await asyncio.to_thread(enter_account, store, account)
    folder = await asyncio.to_thread(open_folder, account, box.folder)
    read = 0
    try:
        listed = await asyncio.to_thread(folder.after, 0)
        async with aclosing(opened_chunks(folder, account, box, listed)) as chunks:
            async for chunk in chunks:
                terms = Terms(SECRET, datetime.now(UTC))
                read += (await asyncio.to_thread(receive_opened, store, chunk, terms)).imported
    finally:
        await asyncio.to_thread(folder.close)
    return read


def with_imap_tools(server: Dovecot, bulk: bool | int) -> int:
    """Fetch and parse with imap-tools, and look at what a contact would be made of."""
    read = 0
    with MailBoxUnencrypted(server.host, server.port).login(USER, PASSWORD) as mailbox:
        for each in mailbox.fetch(mark_seen=False, bulk=bulk):
            said = (each.subject, each.from_, each.to, each.text, each.html, each.attachments)
            read += len(said) > 0
    return read


def raw_download(server: Dovecot) -> int:
    """Download with the standard library's client; nothing is parsed, nothing is kept."""
    read = 0
    with server.client(USER) as client:
        client.select("INBOX", readonly=True)
        uids = client.uid("SEARCH", "ALL")[1][0].decode().split()
        for start in range(0, len(uids), AT_ONCE):
            asked = ",".join(uids[start : start + AT_ONCE])
            _, answer = client.uid("FETCH", asked, "(BODY.PEEK[])")
            read += sum(isinstance(line, tuple) for line in answer)
    return read
