"""Mail accounts as Prefect blocks: edited in the UI's forms, secrets encrypted by the server."""

from dataclasses import dataclass

import httpx
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import BlockDocument
from prefect.exceptions import ObjectNotFound
from pydantic import ValidationError

from domain.accounts import MailAccount, MailAccountSettings
from domain.errors import ConfigurationError, PrefectUnreachable


class MailAccountBlock(MailAccountSettings, Block):
    """A mailbox whose e-mails become contacts."""

    _block_type_name = "Mail account"
    _block_type_slug = "mail-account"
    _description = "A mailbox whose e-mails become contacts, and the people they are for."


@dataclass(frozen=True, slots=True)
class AccountProblem:
    """A block that cannot be used, and why, in one sentence that shows no secret."""

    name: str
    problem: str


async def configured_accounts() -> tuple[list[MailAccount], list[AccountProblem]]:
    """Read all accounts; a bad one is named, and the others go on."""
    accounts, problems = [], []
    for document in await _documents():
        try:
            accounts.append(_account(document))
        except ValidationError as error:
            problems.append(AccountProblem(document.name or "?", in_one_sentence(error)))
    return accounts, problems


async def configured_account(name: str) -> MailAccount:
    """Read one account by its name; ConfigurationError where there is none, or a bad one."""
    accounts, problems = await configured_accounts()
    for problem in problems:
        if problem.name == name:
            raise ConfigurationError(f"mail account {name}: {problem.problem}")
    for account in accounts:
        if account.name == name:
            return account
    raise ConfigurationError(f"there is no mail account {name}")


async def save_account(account: MailAccount) -> None:
    """Save an account as a block, or bring it up to date."""
    block = MailAccountBlock(**account.model_dump(exclude={"name"}))
    await block.save(account.name, overwrite=True)


def in_one_sentence(error: ValidationError) -> str:
    """Say what is wrong with a form, field by field, without showing what was entered."""
    return "; ".join(
        f"{'.'.join(map(str, each['loc'])) or 'the account'}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    ).replace(": Value error, ", ": ")


async def _documents() -> list[BlockDocument]:
    """Read all blocks; this one reading is not paged, whatever its parameters promise."""
    slug = MailAccountBlock.get_block_type_slug()
    async with get_client() as client:
        try:
            return await client.read_block_documents_by_type(slug, include_secrets=True)
        except ObjectNotFound:  # nobody has registered the type yet
            return []
        except httpx.TransportError as error:
            raise PrefectUnreachable(
                f"the Prefect server does not answer at {client.api_url}: is `kontakt up` running?"
            ) from error


def _account(document: BlockDocument) -> MailAccount:
    known = MailAccountSettings.model_fields
    values = {name: value for name, value in document.data.items() if name in known}
    return MailAccount(name=document.name, **values)
