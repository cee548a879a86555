"""The configuration file's entries that are kept as blocks, with their secrets from elsewhere."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from domain.accounts import MailAccount
from domain.errors import ConfigurationError
from domain.gateways import FaxGateway, SmsGateway
from domain.push_services import PushService
from tasks.accounts import MAIL_ACCOUNTS
from tasks.blocks import BlockKind, in_one_sentence
from tasks.gateway_blocks import FAX_GATEWAYS, PUSH_SERVICES, SMS_GATEWAYS

T = TypeVar("T", MailAccount, SmsGateway, FaxGateway, PushService)


@dataclass(frozen=True, slots=True)
class EntryKind(Generic[T]):
    """A kind of entry: how the file calls it, what it becomes, and which fields are secret."""

    key: str  # in the file, such as "mail_account"
    blocks: BlockKind[T]
    secrets: tuple[str, ...] = ()

    def taken_from(self, content: dict[str, Any], source: str) -> tuple[T, ...]:
        """Take the entries out of a file's content; ConfigurationError names what is wrong."""
        entries = content.pop(self.key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            called = self.blocks.called
            raise ConfigurationError(f"{source}: write each {called} below a [[{self.key}]]")
        values = tuple(self._value(entry, source) for entry in entries)
        if len({value.name for value in values}) < len(values):
            raise ConfigurationError(f"{source}: two {self.blocks.called}s have the same name")
        return values

    async def save(self, values: tuple[T, ...]) -> None:
        """Save the values as blocks, or bring the blocks up to date."""
        for value in values:
            await self.blocks.save(value.name, value)

    def _value(self, entry: Mapping[str, Any], source: str) -> T:
        where = f"{source}: {self.blocks.called} {entry.get('name', 'without a name')}"
        fields = dict(entry)
        for secret in self.secrets:
            if value := _secret(fields, secret, where):
                fields[secret] = value
        try:
            return self.blocks.value.model_validate(fields, extra="forbid")
        except ValidationError as error:
            raise ConfigurationError(f"{where}: {in_one_sentence(error)}") from error


def _secret(fields: dict[str, Any], secret: str, where: str) -> str | None:
    """Take a secret from the environment (password_env) or a file (password_file)."""
    variable, file = fields.pop(f"{secret}_env", None), fields.pop(f"{secret}_file", None)
    if not all(isinstance(given, str | None) for given in (variable, file)):
        raise ConfigurationError(f"{where}: {secret}_env and {secret}_file must be texts")
    if variable and variable not in os.environ:
        raise ConfigurationError(f"{where}: the environment has no {variable}")
    if variable:
        return os.environ[variable]
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\n") if file else None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{where}: {file} cannot be read: {error}") from error


ACCOUNTS = EntryKind(
    "mail_account",
    MAIL_ACCOUNTS,
    ("password", "smtp_password", "oauth_client_secret", "oauth_refresh_token"),
)
SMS = EntryKind("sms_gateway", SMS_GATEWAYS, ("token",))
FAX = EntryKind("fax_gateway", FAX_GATEWAYS)
PUSH = EntryKind("push_service", PUSH_SERVICES, ("url",))
