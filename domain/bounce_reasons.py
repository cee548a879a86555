"""What a server's words mean: the status, and whether trying again can help."""

import re

from domain.bounce_texts import SOFT_REASON

REASON_CHARACTERS = 300
READ_CHARACTERS = 2_000

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
REPLY = re.compile(
    r"(?<![\w.@-])#?(?P<reply>[45][0-57]\d)(?=[:\s#-]+[\w#<(*'\"])|(?<![\d.])#?[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)"
)
_SOFT_STATUS = re.compile(r"4\.|5\.2\.2$|5\.4\.7$")
_GENERAL_STATUS = re.compile(r"[45]\.0\.0$")
_KIND_OF_CODE = re.compile(r"^\s*(?:smtp|x-[\w-]+)\s*;\s*", re.IGNORECASE)


def status_in(reported: str, words: str) -> str:
    """Find the status (RFC 3463), the more telling one of a report's field and the server's words.

    A bare SMTP reply such as 550 gives "5.0.0"; words without any number give "".
    """
    field = _ENHANCED.search(reported)
    told = _ENHANCED.search(words[:READ_CHARACTERS])
    if field and not (told and _GENERAL_STATUS.match(field[1])):
        return field[1]
    if told:
        return told[1]
    reply = REPLY.search(words[:READ_CHARACTERS])
    return f"{reply['reply'][0]}.0.0" if reply and reply["reply"] else ""


def is_permanent(status: str, words: str) -> bool:
    """Tell whether the recipient will never be reached (hard), rather than not now (soft).

    Full mailboxes (x.2.2), expired queues and greylisting heal with time, whatever class of
    status the server gave them.
    """
    return not (_SOFT_STATUS.match(status) or SOFT_REASON.search(_flat(words)))


def one_line(words: str) -> str:
    """Write the server's words on one line, cut where they become too long."""
    return _KIND_OF_CODE.sub("", _flat(words))[:REASON_CHARACTERS].strip()


def _flat(words: str) -> str:
    return " ".join(words[:READ_CHARACTERS].split())
