"""Messages are understood in a process of their own, while this one stores those before.

Understanding a message costs as much as storing it, and the threads of one process do not run
at once. That process ends when the pipe to it closes, so also where this one is killed. Where it
hangs or dies over a message, that message is set apart, and a new process reads the others.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from select import select
from threading import Lock
from traceback import extract_tb
from typing import cast

from domain.arrivals import fingerprint
from domain.mail import Mail
from domain.quarantine import QuarantineReason, Trouble, trouble_with
from tasks.mail.understand import understand

FEW = 10  # messages; so many are read sooner here than there
SMALL = 256 * 1024  # bytes, all together
LARGE = 8 * 1024 * 1024  # bytes; what is larger would be in memory twice
START_SECONDS = 30.0  # for a busy machine
MESSAGE_SECONDS = 2.0
PIPE = 1024 * 1024  # bytes; through a small one, large messages take many turns
LOST = "the process that reads messages was lost over it"

Reader = Callable[[bytes], Mail]
Reading = Mail | Trouble


@dataclass(frozen=True, slots=True)
class Look:
    """By what a message is recognised, and what it says."""

    fingerprint: str
    reading: Reading


def look_at(raw: bytes, reader: Reader = understand) -> Look:
    """Find out everything about a message that its bytes tell."""
    return Look(fingerprint(raw), read(raw, reader))


def read(raw: bytes, reader: Reader = understand) -> Reading:
    """Understand one message, or say what is wrong with it."""
    try:
        mail = reader(raw)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
        return Trouble(QuarantineReason.NOT_UNDERSTOOD, where(error))
    return trouble_with(mail) or mail


def where(error: Exception) -> str:
    """Say what failed and where, without the error's own words: they may quote the message."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, {Path(last.filename).name}:{last.lineno}"


class ReadingProcess:
    """Another process that understands messages; it begins when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def number(self) -> int | None:
        """The process's number in the system, where it runs."""
        return self._process.pid if self._process else None

    def look_at(self, messages: Sequence[bytes]) -> list[Look]:
        """Recognise and understand messages, or say what is wrong with each."""
        size = sum(map(len, messages))
        if len(messages) <= FEW and not SMALL < size <= LARGE:
            return [look_at(raw) for raw in messages]
        with self._lock:
            return self._look_at(messages)

    def close(self) -> None:
        """End the process; it begins again when it is needed."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()

    def _look_at(self, messages: Sequence[bytes]) -> list[Look]:
        process = self._process = self._process or _started()
        try:
            return _answer(process, messages)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
        if len(messages) == 1:
            lost = Trouble(QuarantineReason.NOT_UNDERSTOOD, LOST)
            return [Look(fingerprint(messages[0]), lost)]
        return [found for raw in messages for found in self._look_at([raw])]


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", f"from {__name__} import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        pipesize=PIPE,
        start_new_session=True,  # a Ctrl-C is for the process that stores
    )


def _answer(process: subprocess.Popen[bytes], messages: Sequence[bytes]) -> list[Look]:
    assert process.stdin
    assert process.stdout
    pickle.dump(messages, process.stdin)
    process.stdin.flush()
    patience = START_SECONDS + MESSAGE_SECONDS * len(messages)
    if not select([process.stdout], [], [], patience)[0]:
        raise TimeoutError
    return cast(list[Look], pickle.load(process.stdout))  # noqa: S301 - our own process


def serve() -> None:
    """Answer every list of messages, until the pipe closes; the other process does this."""
    while True:
        try:
            messages = pickle.load(sys.stdin.buffer)  # noqa: S301 - from who started this process
        except EOFError:
            return
        pickle.dump([look_at(raw) for raw in messages], sys.stdout.buffer)
        sys.stdout.buffer.flush()
