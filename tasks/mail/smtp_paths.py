"""Addresses as SMTP writes them between angle brackets (RFC 5321, 4.1.2: paths)."""

import re

from domain.mail_addresses import ascii_domain

MAX_PATH = 254  # characters; 256 with the brackets (RFC 5321, 4.5.3.1.3)
_ENDS_A_PATH = frozenset("<>,; ")
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\]")


class Unsendable(Exception):
    """What cannot be sent, whoever tries; nothing was said to the server."""


def path(address: str, utf8: bool = False) -> bytes:
    """Write an address as a path; raises Unsendable, in a sentence.

    The domain becomes ASCII (IDNA); a local part that is not ASCII needs a message that goes by
    SMTPUTF8 (RFC 6531).
    """
    local, at, domain = address.rpartition("@")
    breaks_out = not address.isprintable() or not _ENDS_A_PATH.isdisjoint(address)
    if breaks_out or not (local and at and domain):
        raise Unsendable(f"{address[:60]!r} is no address to which mail can be sent")
    if not local.isascii() and not utf8:
        raise Unsendable(f"{address[:60]!r} needs a message that is sent by SMTPUTF8")
    written = f"{local}@{_ascii(domain)}"
    if len(written) > MAX_PATH:
        raise Unsendable(f"{written[:60]!r}... is too long for an address")
    return written.encode()


def _ascii(domain: str) -> str:
    try:
        written = ascii_domain(domain)
    except ValueError as error:
        raise Unsendable(f"{domain[:60]!r} is no domain: {error}") from error
    if not _DOMAIN.fullmatch(written):
        raise Unsendable(f"{domain[:60]!r} is no domain")
    return written
