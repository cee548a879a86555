"""Calendars in an outgoing e-mail: an invitation for the mailer to show, and a file to keep.

An invitation is a rendering of the mail beside its text (RFC 6047, 2.4), and a file too, as
mailers that cannot show it offer it then. What nobody has to answer is a file only.
"""

import re

from domain.outgoing import File
from tasks.mail.written_parts import text_part

_METHOD = re.compile(r"^METHOD:(REQUEST|CANCEL)\r?$", re.MULTILINE)


def invitation_part(calendar: str) -> bytes | None:
    """Write an invitation, or what calls it off, to be shown; None where it is neither."""
    method = _METHOD.search(calendar)
    if method is None:
        return None
    return text_part(f"text/calendar; method={method[1]}; charset=utf-8", calendar)


def calendar_file(calendar: str) -> File:
    """Give a calendar as a file; an invitation's has a type that mailers do not show again."""
    if _METHOD.search(calendar):
        return File("invite.ics", "application/ics", calendar.encode())
    return File("appointment.ics", "text/calendar; charset=utf-8", calendar.encode())
