"""A shift that is told to end (SIGTERM) hands over at once, and says so, instead of dying."""

import asyncio
import signal
import threading
from contextlib import suppress

_told = threading.Event()


def listen() -> None:
    """Heed SIGTERM from now on; outside the main thread nobody can, and nothing changes.

    Each flow and each subflow calls it: Prefect puts a handler of its own in place as one begins.
    """
    with suppress(NotImplementedError, RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _told.set)


def is_told() -> bool:
    """Tell whether this process has been asked to end."""
    return _told.is_set()
