"""The demo's employees at work: real requests to send, as soon as a dispatch shift is alive."""

import asyncio
import sys
from datetime import UTC, datetime
from itertools import cycle

from sqlalchemy.exc import SQLAlchemyError

from deployments.demo.letters import Letter, letters_sent_again, letters_sent_once
from domain.errors import KontaktwerkError
from domain.sending import is_alive
from domain.wording import sentences
from tasks.sending import write_and_send
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.queues import last_beat

LOOK = 1.0  # seconds between looks whether a shift is alive


async def write_letters(pause: float = 60) -> None:
    """Send each first letter once for ever, then one letter after each pause (in seconds)."""
    await asyncio.to_thread(store().upgrade)
    for letter in letters_sent_once():
        await _sent_as_soon_as_possible(letter)
    for letter in cycle(letters_sent_again()):
        await asyncio.sleep(pause)
        await _sent_as_soon_as_possible(letter)


async def _sent_as_soon_as_possible(letter: Letter) -> None:
    """Try until it is queued or refused: no shift may be alive yet, or the database be busy."""
    while True:
        try:
            if await asyncio.to_thread(send_if_alive, letter, datetime.now(UTC)):
                return
        except (KontaktwerkError, SQLAlchemyError) as error:
            _say(f"{letter.matchcode}: {error}")
        await asyncio.sleep(LOOK)


def sends(now: datetime) -> bool:
    """Tell whether a dispatch shift is alive."""
    with store().reading() as connection:
        return is_alive(last_beat(connection), now)


def send_if_alive(letter: Letter, now: datetime) -> bool:
    """Send a letter, or say why not; False where no dispatch shift is alive to take it."""
    if not sends(now):
        return False
    decision = write_and_send(letter.contact(), letter.request(now))  # once, by the request's key
    for sentence in sentences(decision.judgement, settings().language):
        _say(f"{letter.matchcode}: {sentence}")
    return True


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
