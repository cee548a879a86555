"""Mail accounts as Prefect blocks: edited in the UI's forms, secrets encrypted by the server."""

from prefect.blocks.core import Block

from domain.accounts import MailAccount, MailAccountSettings
from domain.services import Problem
from tasks.blocks import BlockKind


class MailAccountBlock(MailAccountSettings, Block):
    """A mailbox whose e-mails become contacts, and from which contacts are sent."""

    _block_type_name = "Mail account"
    _block_type_slug = "mail-account"
    _description = "A mailbox whose e-mails become contacts, and the people they are for."


MAIL_ACCOUNTS = BlockKind(MailAccountBlock, MailAccount, "mail account")


async def configured_accounts() -> tuple[list[MailAccount], list[Problem]]:
    """Read all accounts; a bad one is named, and the others go on."""
    return await MAIL_ACCOUNTS.all()


async def configured_account(name: str) -> MailAccount:
    """Read one account by its name; ConfigurationError where there is none, or a bad one."""
    return await MAIL_ACCOUNTS.one(name)


async def save_account(account: MailAccount) -> None:
    """Save an account as a block, or bring it up to date."""
    await MAIL_ACCOUNTS.save(account.name, account)
