"""How much memory an import takes, above that of the process that waits for mail."""

import subprocess
import sys
from collections.abc import Iterable
from random import Random

from bench.bodies import attachment, multipart, text_part
from bench.installation import PASSWORD, USER, installation
from bench.letters import letters
from bench.memory_probe import FIRST_USER
from bench.report import Finding, show
from servers.dovecot import dovecot

TARGET = 150  # MB
LARGE = 25_000_000  # bytes of the message; its file has three quarters of that


def measure_memory(messages: int) -> None:
    """Print the peaks of memory: of many messages, and of a large one."""
    peaks = {
        f"{messages} messages": _peak(letters(messages)),
        "one message of 25 MB": _peak([large_letter()]),
    }
    findings = [
        Finding(what, f"{peak:.0f} MB", target=f"under {TARGET} MB", reached=peak < TARGET)
        for what, peak in peaks.items()
    ]
    show("Peak memory, above the idle process", findings)


def large_letter() -> bytes:
    """Write a message of 25 MB."""
    chance = Random(25)
    file = attachment(chance, int(LARGE * 0.74))
    body = multipart(chance, "mixed", [text_part(chance, "Anbei die Zeichnung."), file])
    return b"From: a@large.example\nMessage-ID: <25@large.example>\nSubject: 25 MB\n" + body


def _peak(messages: Iterable[bytes]) -> float:
    """Import in a fresh process, after a message that warms it up; gives MB."""
    with installation(), dovecot({USER: PASSWORD, FIRST_USER: PASSWORD}) as server:
        server.deliver_many(FIRST_USER, letters(1, seed=99))
        server.deliver_many(USER, messages)
        command = [sys.executable, "-m", "bench.memory_probe", str(server.port)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
