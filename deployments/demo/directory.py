"""The demo's world, as directory.toml tells it."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from deployments.demo.archive_file import with_archive
from domain.accounts import MailAccount
from domain.directory import Directory
from domain.gateways import FaxGateway, SmsGateway
from domain.push_services import PushService
from tasks.store.sent_elsewhere import SentElsewhere

FILE = Path(__file__).with_name("directory.toml")
HOST = "127.0.0.1"
DISPATCHES = (
    SentElsewhere(
        "auf-2026-0012.angebot@demo.example",
        "AUF-2026-0012",
        ("einkauf@mueller-maschinenbau.example",),
    ),
)


class Fate(StrEnum):
    """What becomes of mail to somebody outside."""

    REFUSED = "refused"
    SECOND_TRY = "second_try"
    ANSWERED = "answered"


class Outsider(BaseModel):
    """Somebody outside to whom mail has a special fate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    fate: Fate
    name: str = ""  # of those who answer
    text: str = ""  # what they answer


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def directory() -> Directory:
    """Give the employees, teams, addresses, cases, equipment and activity types."""
    return with_archive(Directory(**{kind: _content()[kind] for kind in Directory.model_fields}))


def mail_accounts(imap_port: int, smtp_port: int) -> tuple[MailAccount, ...]:
    """Give the mail accounts, as they are on the demo's own mail server at these ports."""
    server = {"host": HOST, "port": imap_port, "security": "none", "password": password()}
    smtp = {"smtp_host": HOST, "smtp_port": smtp_port, "smtp_security": "none"}
    return tuple(
        MailAccount(**entry, **server, **(smtp if entry.get("smtp_without_login") else {}))
        for entry in _content()["mail_account"]
    )


def sms_gateways(port: int) -> tuple[SmsGateway, ...]:
    """Give the SMS gateways: the demo's own, at this port."""
    url = f"http://{HOST}:{port}/messages"
    entries = _content()["sms_gateway"]
    return tuple(SmsGateway(**each, url=url, status_url=f"{url}/{{reference}}") for each in entries)


def fax_gateways() -> tuple[FaxGateway, ...]:
    """Give the fax gateways; they are mailboxes of the world outside."""
    return tuple(FaxGateway(**entry) for entry in _content()["fax_gateway"])


def push_services(port: int) -> tuple[PushService, ...]:
    """Give the employees' push services: pages of the demo's own SMS gateway, at this port."""
    phones = f"json://{HOST}:{port}/push"
    entries = _content()["push_service"]
    return tuple(PushService(**each, url=f"{phones}/{each['name']}") for each in entries)


def outsiders() -> tuple[Outsider, ...]:
    """Give those outside to whom mail has a special fate."""
    return tuple(Outsider(**entry) for entry in _content()["outsider"])


def folders_of_mailboxes() -> dict[str, tuple[str, ...]]:
    """Give the folders of each mailbox by its address, those of filed mail too."""
    of_employees: dict[str, tuple[str, ...]] = {
        employee.email: ("INBOX",) for employee in directory().employee if employee.email
    }
    return of_employees | {
        entry["address"]: (
            *entry["folders"],
            *filter(None, [entry.get("move_to"), entry.get("sent_folder")]),
        )
        for entry in _content()["mail_account"]
    }


def password() -> str:
    """Give the one password of all mailboxes of the demo's mail server."""
    return str(_content()["password"])
