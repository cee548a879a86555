"""The demo's customer may follow one service call: what came of it so far is published once."""

import asyncio
import sys

from sqlalchemy.exc import SQLAlchemyError

from domain.errors import KontaktwerkError
from domain.lists import Order, Wish
from tasks.publishing import preview, publications_of, publish
from tasks.store.database import store
from tasks.store.lists.reading import CONTACTS

CASE = "SC-1042"
PUBLISHER = "1001"
FIRST = 3  # contacts that are published
PAUSE = 2.0  # seconds, until its mail has arrived


async def publish_history() -> None:
    """Publish the first contacts of the service call, as soon as they are there."""
    while True:
        await asyncio.sleep(PAUSE)
        try:
            if await asyncio.to_thread(_published):
                return
        except (KontaktwerkError, SQLAlchemyError) as error:
            sys.stderr.write(f"publishing {CASE}: {error}\n")
            sys.stderr.flush()


def _published() -> bool:
    wish = Wish(case=CASE, order=Order.OLDEST)
    there = [line.id for line in CONTACTS.page(store(), wish, limit=FIRST).lines]
    for contact in there:
        shown = preview(contact, PUBLISHER)
        if not shown.refusals and not publications_of(contact, PUBLISHER):
            publish(contact, PUBLISHER, confirmed=shown.cautions)
    return len(there) == FIRST
