"""The folders of a mailbox on disk (Maildir++), as a delivery agent and a backup treat them."""

import itertools
import os
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imap_tools.imap_utf7 import utf7_encode
from servers.program import Account

_numbers = itertools.count()


@dataclass(frozen=True)
class Folder:
    """One folder of a mailbox."""

    path: Path
    owner: Account

    def create(self) -> None:
        """Make the folder, and the mailbox around it, unless it is there."""
        for directory in (self.path.parent.parent, self.path.parent, self.path):
            self._make(directory)
        for part in ("tmp", "new", "cur"):
            self._make(self.path / part)

    def deliver(self, messages: Iterable[bytes]) -> None:
        """Let messages arrive, each at once and in this order."""
        self.create()
        for raw in messages:
            name = f"{time.time_ns() // 10**9}.M{next(_numbers):09}P{os.getpid()}.test"
            self._write(self.path / "tmp" / name, raw)
            (self.path / "tmp" / name).rename(self.path / "new" / name)

    def restore_from_backup(self) -> None:
        """Forget every UID: the same messages stand here under another UIDVALIDITY."""
        self.create()
        for index in self.path.glob("dovecot.index*"):
            index.unlink()
        uid_list = self.path / "dovecot-uidlist"
        before = _uid_validity(uid_list.read_text()) if uid_list.exists() else int(time.time())
        self._write(uid_list, f"3 V{before + 1} N1 G{uuid.uuid4().hex}\n".encode())

    def _make(self, directory: Path) -> None:
        if not directory.exists():
            directory.mkdir(mode=0o700, parents=True)
            os.chown(directory, self.owner.uid, self.owner.gid)

    def _write(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        os.chown(file, self.owner.uid, self.owner.gid)


def folder_path(mailbox: Path, name: str) -> Path:
    """Say where a mailbox keeps a folder; its name is as people write it."""
    return mailbox if name.upper() == "INBOX" else mailbox / f".{utf7_encode(name).decode()}"


def _uid_validity(uid_list: str) -> int:
    fields = uid_list.splitlines()[0].split()
    return next(int(field[1:]) for field in fields if field.startswith("V"))
