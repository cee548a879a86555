"""The demo's mailboxes, in memory: where messages are put, and IMAP finds them."""

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

from domain.mail import address_key

MAX_BYTES = 50 * 1024 * 1024  # of one message


class _InMemory(Config):
    """pymap's in-memory mailboxes, without a question to the DNS at every connection."""

    @property
    def greeting(self) -> bytes:
        return b"Kontaktwerk demo"


class Mailboxes:
    """A set of mailboxes with one password, each with its folders."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self._inboxes: dict[str, MailboxData] = {}

    def knows(self, address: str) -> bool:
        """Say whether this is the address of one of the mailboxes."""
        return self._key(address) in self._inboxes

    async def deliver(
        self, recipients: Iterable[str], raw: bytes, arrived_at: datetime | None = None
    ) -> None:
        """Put a message into each recipient's inbox, once; it arrives now, or did so then."""
        for key in dict.fromkeys(map(self._key, recipients)):
            message = AppendMessage(raw, arrived_at or datetime.now(UTC))
            await self._inboxes[key].append(message, recent=True)

    async def open(self, address: str, folders: Iterable[str], password: str) -> None:
        """Add a mailbox."""
        config = self.login.config
        hashed = await Passwords(config).hash_password(password)
        self.login.users_dict[address] = UserMetadata(config, address, password=hashed)
        identity = Identity(address, self.login, None, frozenset())
        async with identity.new_session() as session:
            await _add_folders(session.mailbox_set, folders)
            self._inboxes[address_key(address)] = await session.mailbox_set.get_mailbox("INBOX")

    def _key(self, address: str) -> str:
        """Name the mailbox of an address; what stands behind a plus is the owner's business."""
        key = address_key(address)
        local, _, domain = key.rpartition("@")
        return key if key in self._inboxes else f"{local.partition('+')[0]}@{domain}"


async def open_mailboxes(folders: Mapping[str, Iterable[str]], password: str) -> Mailboxes:
    """Make empty mailboxes with these addresses and folders."""
    mailboxes = Mailboxes(_login())
    for address, names in folders.items():
        await mailboxes.open(address, names, password)
    return mailboxes


async def _add_folders(mailbox: MailboxSet, folders: Iterable[str]) -> None:
    for folder in folders:
        if folder != "INBOX":
            await mailbox.add_mailbox(folder)


def _login() -> Login:
    config = _InMemory(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=None,
        port=0,
        tls_enabled=False,  # so that a client may log in without it
        demo_data=False,
        demo_user="",
        demo_password="",
        hash_context=BuiltinHash(rounds=1),  # the password is no secret
        max_append_len=MAX_BYTES,
    )
    config.apply_context()
    return Login(config)
