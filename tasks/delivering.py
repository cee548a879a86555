"""A batch of parcels is sent over a line, one after the other, and each is recorded at once."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from domain.delivery import Answer, DispatchCounts, Outcome, in_words
from domain.errors import ConfigurationError, LoginRefused, MailServerError
from tasks.channels.channel import Line
from tasks.store.files import files_of
from tasks.store.outbox import Ledger
from tasks.store.outcomes import Sent
from tasks.store.parcels import Parcel

PATIENCE = timedelta(minutes=2)  # with a database that does not answer
PAUSE = 0.5  # seconds
ServiceFailed = (MailServerError, ConfigurationError)


@dataclass(frozen=True, slots=True)
class Batch:
    """Parcels of one queue, leased by the ledger's holder, and the line to send them over."""

    ledger: Ledger
    line: Line
    parcels: Sequence[Parcel]
    keeps_copies: bool = False  # whether what was sent is copied afterwards
    stop: Callable[[], bool] = lambda: False  # whether to end after the parcel at hand


@task(name="deliver", task_run_name="deliver for {queue}", cache_policy=NO_CACHE)
async def deliver(batch: Batch, queue: str) -> DispatchCounts:
    """Send a batch's parcels, until told to stop or the line breaks; the log says how each went."""
    return await asyncio.to_thread(_deliver, batch)


def _deliver(batch: Batch) -> DispatchCounts:
    """Send, and tell of the whole batch at once: a line a message would cost more than sending."""
    counts, lines = DispatchCounts(), []
    try:
        for sent in sent_one_by_one(batch):
            counts += DispatchCounts.of(sent.answers.values())
            told = "; ".join(_told(sent.parcel, answer) for answer in sent.answers.values())
            lines.append(f"dispatch {sent.parcel.id}: {told}")
    finally:
        if lines:
            get_run_logger().info("%s", "\n".join(lines))
    return counts


def _told(parcel: Parcel, answer: Answer) -> str:
    """Say what was answered; of a private contact only whether it went well."""
    outcome = in_words(answer.outcome)
    return outcome if parcel.private else f"{outcome}, {answer.text}"


def sent_one_by_one(batch: Batch) -> Iterator[Sent]:
    """Send a batch's parcels; each is given once it is recorded.

    One transaction records what became of a parcel and marks the next one as being sent. What
    is left when this ends is still leased, and is to be given back.
    """
    ledger, waiting = batch.ledger, deque(batch.parcels)
    current = _begun(ledger, waiting)
    while current is not None:
        sent, refused = _sent(batch, current)
        goes_on = waiting and batch.line.is_usable and not refused and not batch.stop()
        following = waiting.popleft() if goes_on else None
        begun = _turned(ledger, sent, following)
        yield sent
        if refused:
            raise refused
        if following is None:
            return
        current = following if begun else _begun(ledger, waiting)


def _begun(ledger: Ledger, waiting: deque[Parcel]) -> Parcel | None:
    """Begin the first that may still be sent: others were cancelled or taken over meanwhile."""
    while waiting:
        parcel = waiting.popleft()
        if ledger.begin(parcel, _now()):
            return parcel
    return None


def _turned(ledger: Ledger, sent: Sent, following: Parcel | None) -> bool:
    """Record what is known by now, even where the database has to come back first."""
    give_up = _now() + PATIENCE
    while True:
        try:
            return ledger.turn(sent, following, _now())
        except OperationalError:
            if _now() >= give_up:
                raise
            time.sleep(PAUSE)


def _sent(batch: Batch, parcel: Parcel) -> tuple[Sent, LoginRefused | None]:
    """Try a parcel; a refused login is an attempt of it, and lets the queue rest."""
    line, began_at = batch.line, _now()
    try:
        files = files_of(batch.ledger.store, parcel.contact_id) if parcel.has_files else ()
        written = line.write(parcel, files)
    except Exception as error:  # noqa: BLE001 - whatever is in it, the others go on
        answer = Answer(Outcome.FOR_GOOD, f"it cannot be written: {error or type(error).__name__}")
        return Sent(parcel, began_at, _now(), _to_all(parcel, answer)), None
    try:
        answers = _handed_over(batch, parcel, written)
    except LoginRefused as error:
        answers = _to_all(parcel, Answer(Outcome.FOR_NOW, str(error)))
        return Sent(parcel, began_at, _now(), answers), error
    accepted = any(answer.outcome is Outcome.ACCEPTED for answer in answers.values())
    wants_copy = batch.keeps_copies and accepted
    return Sent(parcel, began_at, _now(), answers, wants_copy, line.looks_up), None


def _handed_over(batch: Batch, parcel: Parcel, written: Any) -> Mapping[int, Answer]:
    try:
        return batch.line.send(parcel, written)
    except LoginRefused:
        raise  # for this one, or for all: nobody can tell
    except ServiceFailed:
        batch.ledger.put_back(parcel)  # nothing has gone out
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours must not send anything twice
        answer = Answer(Outcome.UNKNOWN, f"a fault of this program: {type(error).__name__}")
        return _to_all(parcel, answer)


def _to_all(parcel: Parcel, answer: Answer) -> dict[int, Answer]:
    return {each.id: answer for each in parcel.waiting}


def _now() -> datetime:
    return datetime.now(UTC)
