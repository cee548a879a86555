"""Every message on the mail servers is explained; what is not is imported (R1)."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from domain.accounts import MailAccount
from domain.arrivals import Counts, Listed, Mailbox
from domain.errors import ConfigurationError, KontaktwerkError
from domain.public_holidays import public_holidays
from domain.silence import silent_since
from flows.watching import opened_chunks
from tasks.accounts import configured_accounts
from tasks.boards import Row, show_board
from tasks.mail.connecting import open_folder
from tasks.mail.imap import ImapFolder
from tasks.prefect_api import sealed
from tasks.receiving import import_chunk
from tasks.settings import settings
from tasks.store.accounts import enter_account
from tasks.store.database import store
from tasks.store.receipts import days_with_mail, ledger

NOTHING = Counts()
HABIT = timedelta(days=60)  # of days with mail, to notice an account's silence


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of every message that a folder holds now."""

    mailbox: str
    known: Counts = NOTHING
    found: Counts = NOTHING  # the ones that had been unexplained
    problem: str = ""

    @property
    def row(self) -> Row:
        """The folder's row on the board."""
        return {
            "mailbox": self.mailbox,
            "imported": self.known.imported,
            "duplicate": self.known.duplicate,
            "quarantined": self.known.quarantined,
            "skipped": self.known.skipped,
            "unexplained, now imported": self.found.total,
            "problem": self.problem,
        }


@flow(name="reconcile-mailboxes", flow_run_name="reconcile mailboxes")
async def reconcile_mailboxes(account_name: str | None = None) -> State[list[Explanation]]:
    """Compare servers and ledger, of one account or of all; report what is wrong or silent."""
    accounts, problems = await configured_accounts()
    explanations = [Explanation(problem.name, problem=problem.problem) for problem in problems]
    if account_name not in (None, *(account.name for account in accounts)):
        return Failed(message=f"there is no mail account {account_name}", data=[])
    for account in accounts:
        if account.creates_contacts and account_name in (None, account.name):
            explanations += await _explain_account(account)
    await show_board("reconciliation", [each.row for each in explanations], "What became of all.")
    return _outcome(explanations)


async def _explain_account(account: MailAccount) -> list[Explanation]:
    try:
        boxes = await asyncio.to_thread(enter_account, store(), account)
    except ConfigurationError as error:
        return [Explanation(account.name, problem=str(error))]
    explanations = []
    for box in boxes:
        try:
            explanations.append(await _explain(account, box))
        except KontaktwerkError as error:
            explanations.append(Explanation(str(box), problem=str(error)))
    return [*explanations, *await _notice_silence(account)]


async def _explain(account: MailAccount, box: Mailbox) -> Explanation:
    folder = await asyncio.to_thread(open_folder, account, box.folder)
    try:
        there = await asyncio.to_thread(folder.after, 0)
        explained = await asyncio.to_thread(ledger, store(), box.id, folder.uidvalidity)
        known = Counts.of(explained[m.place] for m in there if m.place in explained)
        unexplained = [message for message in there if message.place not in explained]
        found = await _import(folder, account, box, unexplained)
        return Explanation(str(box), known, found)
    finally:
        await asyncio.to_thread(folder.close)


async def _import(
    folder: ImapFolder, account: MailAccount, box: Mailbox, listed: list[Listed]
) -> Counts:
    counts = Counts()
    async with aclosing(opened_chunks(folder, account, box, listed)) as chunks:
        async for chunk in chunks:
            counts += await import_chunk(sealed(chunk), None)
    return counts


async def _notice_silence(account: MailAccount) -> list[Explanation]:
    now = datetime.now(UTC)
    days = await asyncio.to_thread(days_with_mail, store(), account.name, now - HABIT)
    place = settings()
    days_off = public_holidays(place.country, place.state, {now.year, (now - HABIT).year})
    since = silent_since(days, now.date(), days_off)
    if since is None:
        return []
    problem = f"brought mail daily, and none since {since}: look whether it still arrives there"
    return [Explanation(account.name, problem=problem)]


def _outcome(explanations: list[Explanation]) -> State[list[Explanation]]:
    found = sum((each.found for each in explanations), Counts())
    problems = [f"{each.mailbox}: {each.problem}" for each in explanations if each.problem]
    for problem in problems:
        get_run_logger().warning("%s", problem)
    told = "; ".join([f"{found.total} unexplained messages imported", *problems])
    state = Failed if problems else Completed
    return state(message=told, data=explanations)
