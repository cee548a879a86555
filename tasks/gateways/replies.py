"""An HTTP gateway's replies: what a status means, how long to wait, which words are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from domain.delivery import Outcome

MOST_BYTES = 64 * 1024
MOST_CHARACTERS = 300  # of a gateway's words
LONGEST_REFERENCE = 200  # characters; gateways use some 40
LONGEST_WAIT = timedelta(days=1)

REFUSES_EVERYBODY = frozenset({401, 402, 403, 407})  # login, credit, permission, proxy's login
_OUTCOMES: dict[int, Outcome] = {
    HTTPStatus.MOVED_PERMANENTLY: Outcome.FOR_GOOD,
    HTTPStatus.TEMPORARY_REDIRECT: Outcome.FOR_GOOD,
    HTTPStatus.PERMANENT_REDIRECT: Outcome.FOR_GOOD,
    HTTPStatus.REQUEST_TIMEOUT: Outcome.FOR_NOW,
    HTTPStatus.CONFLICT: Outcome.UNKNOWN,  # it may have the message already
    HTTPStatus.TOO_EARLY: Outcome.FOR_NOW,
    HTTPStatus.TOO_MANY_REQUESTS: Outcome.FOR_NOW,
    HTTPStatus.SERVICE_UNAVAILABLE: Outcome.FOR_NOW,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, read up to a limit."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the gateway says that it did what was asked."""
        return 200 <= self.status < 300


def outcome_of(status: int) -> Outcome:
    """Tell what a status that is no success means for the message that was handed in."""
    usual = Outcome.FOR_GOOD if 400 <= status < 500 else Outcome.UNKNOWN
    return _OUTCOMES.get(status, usual)


def wait_of(headers: httpx.Headers) -> timedelta | None:
    """Read how long the gateway asks to wait (RFC 9110, Retry-After): seconds or an instant.

    An instant is counted from the reply's own date, so that wrong clocks do no harm.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        # More digits than that are longer than the longest wait anyhow.
        return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    until, since = _instant(asked), _instant(headers.get("Date", ""))
    if until is None or since is None:
        return None
    return min(max(until - since, timedelta(0)), LONGEST_WAIT)


def _instant(written: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if instant.tzinfo else None


def shown(words: str, secret: str = "") -> str:
    """Make a gateway's words fit to be shown: one line, not too long, without our secret."""
    kept = words[: 4 * MOST_BYTES]
    for part in secret.split():
        kept = kept.replace(part, "***")
    readable = "".join(each if each.isprintable() else " " for each in kept)
    line = " ".join(readable.split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]} ..."


def usable(reference: str) -> str:
    """Give a gateway's id of a message, or "" where it is none that can be kept and asked for."""
    return reference if reference.isprintable() and len(reference) <= LONGEST_REFERENCE else ""
