"""The demo's world, as directory.toml tells it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from domain.accounts import MailAccount
from domain.directory import Directory
from tasks.store.dispatches import Dispatched

FILE = Path(__file__).with_name("directory.toml")
HOST = "127.0.0.1"
DISPATCHES = (
    Dispatched(
        "auf-2026-0012.angebot@demo.example",
        "AUF-2026-0012",
        ("einkauf@mueller-maschinenbau.example",),
    ),
)


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def directory() -> Directory:
    """Give the employees, teams, addresses and cases."""
    return Directory(**{kind: _content()[kind] for kind in ("employee", "team", "address", "case")})


def mail_accounts(imap_port: int) -> tuple[MailAccount, ...]:
    """Give the mail accounts, as they are on the demo's own mail server at this port."""
    server = {"host": HOST, "port": imap_port, "security": "none", "password": password()}
    return tuple(MailAccount(**entry, **server) for entry in _content()["mail_account"])


def folders_of_mailboxes() -> dict[str, tuple[str, ...]]:
    """Give the folders of each mailbox by its address, those for imported messages included."""
    return {
        entry["address"]: (*entry["folders"], *filter(None, [entry.get("move_to")]))
        for entry in _content()["mail_account"]
    }


def password() -> str:
    """Give the one password of all the demo's mailboxes."""
    return str(_content()["password"])
