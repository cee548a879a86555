"""The configuration file: mail accounts, and the directory of those who have no ERP at hand."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deployments.demo import directory as demo
from domain.accounts import MailAccount
from domain.directory import Directory
from domain.errors import ConfigurationError
from tasks.accounts import in_one_sentence, save_account
from tasks.settings import Settings
from tasks.store.accounts import enter_account
from tasks.store.database import store
from tasks.store.directory import apply_directory, assignees
from tasks.store.dispatches import Dispatched, enter_dispatch

SECRETS = ("password", "oauth_client_secret", "oauth_refresh_token")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says."""

    directory: Directory
    accounts: tuple[MailAccount, ...]
    dispatches: tuple[Dispatched, ...] = ()  # the demo's, for the bounce that speaks of one


def configuration(settings: Settings) -> Configuration:
    """Read the configuration file or, where there is none, the demo's."""
    if settings.is_demo:
        return Configuration(
            demo.directory(), demo.mail_accounts(settings.demo_imap_port), demo.DISPATCHES
        )
    configured = read(settings.config)
    _require_known(configured, str(settings.config))
    return configured


def read(path: Path) -> Configuration:
    """Read a file; ConfigurationError names the entry and the field that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    return _parsed(content, str(path))


def _parsed(content: dict[str, Any], source: str) -> Configuration:
    entries = content.pop("mail_account", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigurationError(f"{source}: write each mail account below a [[mail_account]]")
    try:
        directory = Directory.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(f"{source}: {in_one_sentence(error)}") from error
    accounts = tuple(_account(entry, source) for entry in entries)
    if len({account.name for account in accounts}) < len(accounts):
        raise ConfigurationError(f"{source}: two mail accounts have the same name")
    return Configuration(directory, accounts)


def _require_known(configured: Configuration, source: str) -> None:
    """Say before anything starts that an account is for somebody who is not there."""
    employees, teams = assignees(store())
    employees |= {employee.number for employee in configured.directory.employee}
    teams |= {team.name for team in configured.directory.team}
    for account in configured.accounts:
        unknown = [f"employee {number}" for number in account.employees if number not in employees]
        unknown += [f"team {name}" for name in account.teams if name not in teams]
        if unknown:
            where = f"{source}: mail account {account.name}"
            raise ConfigurationError(f"{where}: there is no {' and no '.join(unknown)}")


async def apply(configured: Configuration) -> None:
    """Enter the directory into the database, and the accounts as blocks into Prefect."""
    apply_directory(store(), configured.directory)
    for sent in configured.dispatches:
        enter_dispatch(store(), sent)
    for account in configured.accounts:
        enter_account(store(), account)
        await save_account(account)


def _account(entry: dict[str, Any], source: str) -> MailAccount:
    name = entry.get("name", "without a name")
    for secret in SECRETS:
        if value := _secret(entry, secret, f"{source}: mail account {name}"):
            entry[secret] = value
    try:
        return MailAccount.model_validate(entry, extra="forbid")
    except ValidationError as error:
        raise ConfigurationError(
            f"{source}: mail account {name}: {in_one_sentence(error)}"
        ) from error


def _secret(entry: dict[str, Any], secret: str, where: str) -> str | None:
    """Take a secret from the environment (password_env) or a file (password_file)."""
    variable, file = entry.pop(f"{secret}_env", None), entry.pop(f"{secret}_file", None)
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
