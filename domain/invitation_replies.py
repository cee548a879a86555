"""Answers to invitations, as guests' calendars write them (RFC 5546, 3.2.3 and 3.2.7).

Anybody can write to a mailbox: only the few lines that matter are taken out of a calendar, and only
they are handed to the parser, so that nothing else in it costs anything.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import islice
from urllib.parse import unquote

import icalendar

from domain.mail import InvitationReply, Participation

LONGEST = 64 * 1024  # characters; what is longer is no answer
MOST_EVENTS = 20
_MOST_LINES = 100  # of an event
_LONGEST_LINE = 2_000
_LONGEST_COMMENT = 1_000
_MOST_COUNTED = 2**31 - 1
_FOLD = re.compile(r"\r?\n[ \t]")
_METHODS = {"METHOD:REPLY": False, "METHOD:COUNTER": True}
_BEGIN, _END = "BEGIN:VEVENT", "END:VEVENT"
_TELLING = re.compile(
    r"(?:UID|SEQUENCE|DTSTAMP|RECURRENCE-ID|ATTENDEE|COMMENT)[;:].*", re.IGNORECASE
)


def invitation_replies(calendar: str) -> tuple[InvitationReply, ...]:
    """Read who answers what; ValueError and its kin where it cannot be read."""
    if len(calendar) > LONGEST:
        return ()
    lines = _FOLD.sub("", calendar).split("\n")
    method = next((line for line in lines if line.upper().startswith("METHOD:")), "")
    is_counter = _METHODS.get(method.strip().upper())
    if is_counter is None:
        return ()
    return tuple(reply for event in _events(lines) for reply in _replies(event, is_counter))


def _events(lines: Iterable[str]) -> Iterator[icalendar.Component]:
    for telling in islice(_telling_lines(lines), MOST_EVENTS):
        written = "\r\n".join([_BEGIN, *telling[:_MOST_LINES], _END, ""])
        yield icalendar.Event.from_ical(written)


def _telling_lines(lines: Iterable[str]) -> Iterator[list[str]]:
    """Give the lines that matter of each event."""
    telling: list[str] | None = None
    for line in map(str.strip, lines):
        if line.upper() == _BEGIN:
            telling = []
        elif line.upper() == _END and telling is not None:
            yield telling
            telling = None
        elif telling is not None and _is_telling(line):
            telling.append(line)


def _is_telling(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and _TELLING.fullmatch(line) is not None


def _replies(event: icalendar.Component, is_counter: bool) -> Iterator[InvitationReply]:
    stamp = _when(event, "DTSTAMP")
    recurrence = _when(event, "RECURRENCE-ID")
    if "RECURRENCE-ID" in event and recurrence is None:
        return  # for which occurrence it is cannot be known
    for attendee in _all(event, "ATTENDEE"):
        answer = _answer(attendee)
        if answer is None and not is_counter:
            continue
        yield InvitationReply(
            uid=" ".join(map(str, _all(event, "UID"))),
            guest=_address(str(attendee)),
            answer=None if is_counter else answer,
            sequence=_sequence(event),
            written_at=_instant(stamp),
            recurrence=recurrence,
            comment=" ".join(map(str, _all(event, "COMMENT")))[:_LONGEST_COMMENT],
        )


def _all(event: icalendar.Component, name: str) -> Sequence[object]:
    values = event.get(name, [])
    return values if isinstance(values, list) else [values]


def _answer(attendee: object) -> Participation | None:
    said = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).lower()
    return Participation(said) if said in set(Participation) else None


def _address(uri: str) -> str:
    return unquote(re.sub(r"^mailto:", "", uri.strip(), flags=re.IGNORECASE)).strip()


def _sequence(event: icalendar.Component) -> int:
    written = str(event.get("SEQUENCE", 0))
    return min(int(written), _MOST_COUNTED) if re.fullmatch(r"\d{1,20}", written) else 0


def _when(event: icalendar.Component, name: str) -> date | None:
    """Read a day, an instant (in UTC) or a time without a zone; None where it is none of them.

    Bad ones come as something else, several ones as a list, and one at the ends of the calendar
    may have no instant at all.
    """
    found = event.get(name)
    when = found.dt if isinstance(found, icalendar.vDDDTypes) else None
    if isinstance(when, datetime) and when.tzinfo is not None:
        with suppress(OverflowError):
            return when.astimezone(UTC)
        return None
    return when if isinstance(when, date) else None


def _instant(found: date | None) -> datetime | None:
    return found if isinstance(found, datetime) and found.tzinfo is not None else None
