"""Employees' calendar feeds, which phones and office calendars subscribe to."""

import secrets
from datetime import UTC, datetime
from urllib.parse import quote

from domain.errors import UnknownRecord
from domain.feed_tokens import feed_token, is_feed_token
from domain.ical import feed
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.feeds import Subscriber, set_mark, subscribed_events, subscriber


def feed_url(number: str) -> str:
    """Give the secret address of an employee's feed; UnknownRecord where they do not work here."""
    who = _known(number)
    token = feed_token(number, who.mark, settings().token_secret)
    return f"{settings().desk_address}/calendar/{quote(number, safe='')}/{token}.ics"


def reset_feed(number: str) -> str:
    """Make all addresses of an employee's feed void that were given away; gives the new one."""
    set_mark(store(), _known(number).id, secrets.token_hex(8))
    return feed_url(number)


def feed_for(number: str, token: str, now: datetime) -> str | None:
    """Write an employee's feed; None for a wrong address, as for who does not work here."""
    if not (number.isprintable() and token.isprintable()):
        return None
    who = subscriber(store(), number)
    mark = who.mark if who else ""
    if not is_feed_token(token, number, mark, settings().token_secret) or who is None:
        return None
    since = datetime(now.year - 1, 1, 1, tzinfo=UTC)
    return feed(subscribed_events(store(), who.id, since), who.name)


def _known(number: str) -> Subscriber:
    who = subscriber(store(), number)
    if who is None:
        raise UnknownRecord(f"nobody with the personnel number {number} works here")
    return who
