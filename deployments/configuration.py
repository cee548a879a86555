"""The configuration file: accounts, gateways, and the directory of those with no ERP at hand."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deployments.demo import directory as demo
from deployments.entries import ACCOUNTS, FAX, PUSH, SMS
from domain.accounts import MailAccount
from domain.directory import Directory
from domain.errors import ConfigurationError
from domain.gateways import FaxGateway, SmsGateway
from domain.push_services import PushService
from tasks.blocks import in_one_sentence
from tasks.channels import CHANNELS
from tasks.gateways.push_plugin import problem_of_address
from tasks.services import configured_services, make_known
from tasks.settings import Settings
from tasks.store.accounts import enter_account
from tasks.store.database import store
from tasks.store.directory import apply_directory, assignees
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says."""

    directory: Directory
    accounts: tuple[MailAccount, ...]
    sms_gateways: tuple[SmsGateway, ...] = ()
    fax_gateways: tuple[FaxGateway, ...] = ()
    push_services: tuple[PushService, ...] = ()
    dispatches: tuple[SentElsewhere, ...] = ()  # the demo's, for the bounce that speaks of one


def configuration(settings: Settings) -> Configuration:
    """Read the configuration file or, where there is none, the demo's."""
    if settings.is_demo:
        return Configuration(
            demo.directory(),
            demo.mail_accounts(settings.demo_imap_port, settings.demo_smtp_port),
            demo.sms_gateways(settings.demo_sms_port),
            demo.fax_gateways(),
            demo.push_services(settings.demo_sms_port),
            demo.DISPATCHES,
        )
    configured = read(settings.config)
    if problems := list(unknown(configured)):
        raise ConfigurationError(f"{settings.config}: {'; '.join(problems)}")
    return configured


def read(path: Path) -> Configuration:
    """Read a file; ConfigurationError names the entry and the field that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    return _parsed(content, str(path))


def _parsed(content: dict[str, Any], source: str) -> Configuration:
    accounts = ACCOUNTS.taken_from(content, source)
    sms_gateways = SMS.taken_from(content, source)
    fax_gateways = FAX.taken_from(content, source)
    push_services = PUSH.taken_from(content, source)
    try:
        directory = Directory.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(f"{source}: {in_one_sentence(error)}") from error
    return Configuration(directory, accounts, sms_gateways, fax_gateways, push_services)


def unknown(configured: Configuration) -> Iterator[str]:
    """Say what entries name that is not there."""
    yield from _unknown_assignees(configured)
    yield from _unknown_fax_accounts(configured)
    yield from _unknown_options(configured)
    yield from _unusable_push_services(configured)


def _unknown_assignees(configured: Configuration) -> Iterator[str]:
    employees, teams = assignees(store())
    employees |= {employee.number for employee in configured.directory.employee}
    teams |= {team.name for team in configured.directory.team}
    for account in configured.accounts:
        unknown = [f"employee {number}" for number in account.employees if number not in employees]
        unknown += [f"team {name}" for name in account.teams if name not in teams]
        if unknown:
            yield f"mail account {account.name}: there is no {' and no '.join(unknown)}"


def _unknown_fax_accounts(configured: Configuration) -> Iterator[str]:
    accounts = {account.name: account for account in configured.accounts}
    for gateway in configured.fax_gateways:
        account = accounts.get(gateway.account)
        if account is None:
            yield f"fax gateway {gateway.name}: there is no mail account {gateway.account}"
        elif not account.sends:
            yield f"fax gateway {gateway.name}: mail account {account.name} has no SMTP server"


def _unknown_options(configured: Configuration) -> Iterator[str]:
    for kind in configured.directory.activity_type:
        for option in kind.options:
            if option not in CHANNELS:
                yield f"activity type {kind.name}: there is no channel {option}"


def _unusable_push_services(configured: Configuration) -> Iterator[str]:
    numbers, _ = assignees(store())
    numbers |= {employee.number for employee in configured.directory.employee}
    for service in configured.push_services:
        if service.employee not in numbers:
            yield f"push service {service.name}: there is no employee {service.employee}"
        if problem := problem_of_address(service):
            yield f"push service {service.name}: {problem}"


async def apply(configured: Configuration) -> None:
    """Enter the directory into the database, and accounts and gateways as blocks into Prefect."""
    apply_directory(store(), configured.directory)
    for sent in configured.dispatches:
        note_sent_elsewhere(store(), sent, datetime.now(UTC))
    for account in configured.accounts:
        enter_account(store(), account)
    await ACCOUNTS.save(configured.accounts)
    await SMS.save(configured.sms_gateways)
    await FAX.save(configured.fax_gateways)
    await PUSH.save(configured.push_services)
    found, _ = await configured_services()  # of bad ones the dispatch shift tells
    make_known(found)  # requests may come before a shift begins
