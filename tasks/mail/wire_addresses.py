"""Addresses as mail servers read them: international domains in ASCII (RFC 5891)."""

from functools import lru_cache

from domain.mail import ReceptionKind
from domain.mail_addresses import ascii_domain
from domain.outgoing import OutgoingMail

VISIBLE = (ReceptionKind.TO, ReceptionKind.CC)


@lru_cache(maxsize=4096)
def wire_address(address: str) -> str:
    """Write an address for headers and envelopes; ValueError where its domain cannot exist."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{ascii_domain(domain)}"
    except ValueError as error:
        raise ValueError(f"{address!r} has a domain that cannot exist: {error}") from error


def is_international(address: str) -> bool:
    """Tell whether a server needs SMTPUTF8 for an address: its local part has no ASCII form."""
    return not address.rpartition("@")[0].isascii()


def needs_smtputf8(mail: OutgoingMail) -> bool:
    """Tell whether a mail's header has an international address (RFC 6531).

    Who gets a blind copy stands in the envelope only: is_international tells about that.
    """
    visible = (each.mailbox.address for each in mail.recipients if each.kind in VISIBLE)
    return any(map(is_international, (mail.sender.address, mail.reply_to or "", *visible)))
