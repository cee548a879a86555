"""Guests' answers to invitations, found among the parts of an e-mail."""

from collections.abc import Sequence
from itertools import islice

from domain.mail import InvitationReply
from tasks.mail.charsets import decoded
from tasks.mail.part import Part
from tasks.mail.transfer import content_of

_MOST_PARTS = 3
_MOST_OCTETS = 256 * 1024  # of a part as it is encoded


def read_replies(raw: bytes, leaves: Sequence[Part]) -> tuple[InvitationReply, ...]:
    """Read what an e-mail answers; a calendar that cannot be read answers nothing."""
    calendars = (part for part in leaves if part.content_type == "text/calendar")
    return tuple(reply for part in islice(calendars, _MOST_PARTS) for reply in _replies(raw, part))


def _replies(raw: bytes, part: Part) -> tuple[InvitationReply, ...]:
    # Imported late: few mails have a calendar, and the parser takes a tenth of a second to load.
    from domain.invitation_replies import invitation_replies

    if part.end - part.start > _MOST_OCTETS:
        return ()
    octets = content_of(raw, part.start, part.end, part.encoding).octets
    try:
        return invitation_replies(decoded(octets))
    except Exception:  # noqa: BLE001 - whatever a stranger writes, the mail itself is to be filed
        return ()
