"""A real Dovecot with a configuration of its own, for what only a real IMAP server shows."""

import grp
import imaplib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from imap_tools.imap_utf7 import utf7_encode
from servers.certificates import write_certificates
from servers.maildir import Folder, folder_path
from servers.program import (
    Account,
    Program,
    account,
    free_port,
    greets,
    required,
    temporary_directory,
    until_exit,
)
from servers.tokens import TokenServer, token_server

TEMPLATE = Path(__file__).with_name("dovecot.conf")
WITHOUT_IDLE = (
    "imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE UNSELECT CHILDREN NAMESPACE"
    " UIDPLUS CONDSTORE QRESYNC ESEARCH SEARCHRES MOVE LITERAL+"
)
# Takes the token by POST, so that it stands in no log of requests.
OAUTH2 = """\
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot: where it listens, and what can happen to its mailboxes."""

    host: str
    port: int  # IMAP in plain text, with STARTTLS
    tls_port: int
    ca_file: Path
    directory: Path
    tokens: TokenServer  # whose tokens XOAUTH2 accepts
    owner: Account  # of the mailboxes' files
    program: Program

    def add_user(self, user: str, password: str) -> None:
        """Give somebody a mailbox."""
        (self.directory / "users" / user).write_text(f"{user}:{{PLAIN}}{password}\n")

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Let a message arrive; a client that idles is told after half a second."""
        self.deliver_many(user, [raw], folder)

    def deliver_many(self, user: str, messages: Iterable[bytes], folder: str = "INBOX") -> None:
        """Let messages arrive in this order."""
        self._folder(user, folder).deliver(messages)

    def create_folder(self, user: str, folder: str) -> None:
        """Make a folder, unless it is there."""
        self._folder(user, folder).create()

    def change_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Restore a folder from its backup: its clients are cut off, its UIDs are worth nothing."""
        self.disconnect(user)
        self._folder(user, folder).restore_from_backup()

    def expunge(self, user: str, uid: int, folder: str = "INBOX") -> None:
        """Remove a message for good, as another client would."""
        with self.client(user) as client:
            _succeeded(client.select(_quoted(folder)))
            _succeeded(client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
            _succeeded(client.uid("EXPUNGE", str(uid)))

    def client(self, user: str) -> imaplib.IMAP4:
        """Log in a client of the standard library; it logs out as a context manager."""
        password = (
            (self.directory / "users" / user).read_text().rstrip("\n").partition("{PLAIN}")[2]
        )
        client = imaplib.IMAP4(self.host, self.port, timeout=10)
        client.login(user, password)
        return client

    def disconnect(self, user: str) -> None:
        """Cut off every client of a user."""
        configuration = str(self.directory / "dovecot.conf")
        command = [required("doveadm"), "-c", configuration, "kick", user]
        subprocess.run(command, check=False, capture_output=True)  # fails where nobody is there

    def start(self) -> None:
        """Begin to answer again, on the same ports."""
        self.program.start()

    def stop(self) -> None:
        """End as for a maintenance: the clients are told, the ports refuse."""
        self.program.stop()

    def restart(self) -> None:
        """Stop and start again."""
        self.stop()
        self.start()

    def crash(self) -> None:
        """End at once, as in a power failure."""
        self.program.kill()

    def freeze(self) -> None:
        """Hang: connections are accepted and kept, and nothing is answered."""
        self.program.freeze()

    def thaw(self) -> None:
        """Go on after a freeze."""
        self.program.thaw()

    def _folder(self, user: str, folder: str) -> Folder:
        mailbox = self.directory / "mail" / user / "Maildir"
        return Folder(folder_path(mailbox, folder), self.owner)


@contextmanager
def dovecot(users: Mapping[str, str] | None = None, *, idle: bool = True) -> Iterator[Dovecot]:
    """Run a Dovecot with these users and passwords; it ends with the context."""
    program = required("dovecot", "/usr/sbin")
    with until_exit() as stack:
        directory = temporary_directory(stack, "dovecot")
        server = _prepared(program, directory, stack.enter_context(token_server()), idle)
        for user, password in (users or {}).items():
            server.add_user(user, password)
        stack.callback(server.stop)
        server.start()
        yield server


def _prepared(program: str, directory: Path, tokens: TokenServer, idle: bool) -> Dovecot:
    owner = account("nobody")
    port, tls_port = free_port(), free_port()
    _lay_out(directory, owner)
    (directory / "oauth2.conf").write_text(OAUTH2.format(url=tokens.url))
    configuration = directory / "dovecot.conf"
    configuration.write_text(_configuration(directory, owner, port, tls_port, idle))
    command = [program, "-F", "-c", str(configuration)]
    running = Program(command, lambda: greets(port, b"* OK"), directory / "dovecot.log")
    ca_file = directory / "ca.pem"
    return Dovecot("127.0.0.1", port, tls_port, ca_file, directory, tokens, owner, running)


def _lay_out(directory: Path, owner: Account) -> None:
    directory.chmod(0o755)  # Dovecot's own accounts must reach what is below it
    for name in ("users", "mail"):
        (directory / name).mkdir()
    os.chown(directory / "mail", owner.uid, owner.gid)
    write_certificates(directory)


def _configuration(directory: Path, owner: Account, port: int, tls_port: int, idle: bool) -> str:
    root = os.getuid() == 0
    return Template(TEMPLATE.read_text()).substitute(
        directory=directory,
        identity="" if root else _everything_as(owner),
        no_chroot="" if root else "chroot =",  # which only root may do
        capability="" if idle else WITHOUT_IDLE,
        uid=owner.uid,
        gid=owner.gid,
        port=port,
        tls_port=tls_port,
    )


def _everything_as(user: Account) -> str:
    return (
        f"default_internal_user = {user.name}\n"
        f"default_internal_group = {grp.getgrgid(user.gid).gr_name}\n"
        f"default_login_user = {user.name}"
    )


def _quoted(folder: str) -> str:
    return f'"{utf7_encode(folder).decode()}"'


def _succeeded(answer: tuple[str, object]) -> None:
    status, text = answer
    if status != "OK":
        raise RuntimeError(f"the server refused: {text!r}")
