"""What must not stand in the header of an outgoing mail, so that nobody can write his own there."""

import re
from collections.abc import Iterator

from domain.mail import MailAddress, ReceptionKind
from domain.outgoing import OutgoingMail

LONGEST_ADDRESS = 320  # characters: RFC 3696, 3

_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
_NO_ATOM = r"\s()<>@,:;\\\"\[\]\ud800-\udfff"
_ADDRESS = re.compile(
    rf'(?:[^{_NO_ATOM}]+|"(?:[^"\\\ud800-\udfff]|\\.)*")@(?:[^{_NO_ATOM}]+|\[[\w.:]+\])', re.DOTALL
)
_ID = re.compile(r"[!-;=?-~]{1,900}")  # printable ASCII without <>, short enough for a line


def injected(mail: OutgoingMail) -> tuple[str, ...]:
    """Say why a mail's header cannot be written; empty means that it can.

    What would end a field, an address or an id could begin another one: it is refused, not mended.
    """
    controlled = [
        f"{field} contains a line break or another control character."
        for field, text in _fields(mail)
        if not text.isprintable() and _CONTROL.search(text)
    ]
    unwritable = [
        f"{address!r} is no address that can be written in a header."
        for address in _addresses(mail)
        if not is_writable_address(address)
    ]
    if not is_writable_id(mail.message_id):
        unwritable.append(f"{mail.message_id!r} is no message id that can be written in a header.")
    return tuple(dict.fromkeys(controlled + unwritable))


def is_writable_address(address: str) -> bool:
    """Tell whether an address can stand in a header, and be nothing else there."""
    return len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def is_writable_id(identifier: str) -> bool:
    """Tell whether a message id or content id can stand in a header, and be nothing else there."""
    return _ID.fullmatch(identifier) is not None


def _fields(mail: OutgoingMail) -> Iterator[tuple[str, str]]:
    yield "The subject", mail.subject
    yield "The sender's name", mail.sender.name
    for mailbox in _written_to(mail):
        yield "A recipient's name", mailbox.name
    for address in _addresses(mail):
        yield "An address", address
    yield "The message id", mail.message_id
    for identifier in filter(None, (mail.in_reply_to, *mail.references)):
        yield "The message id of an earlier message", identifier
    for file in mail.files:
        yield "A file's name", file.name
        yield "A file's content type", file.content_type
        yield "A file's content id", file.content_id or ""


def _addresses(mail: OutgoingMail) -> Iterator[str]:
    yield mail.sender.address
    for mailbox in _written_to(mail):
        yield mailbox.address
    if mail.reply_to:
        yield mail.reply_to


def _written_to(mail: OutgoingMail) -> Iterator[MailAddress]:
    for recipient in mail.recipients:
        if recipient.kind is not ReceptionKind.NONE:  # who gets nothing may have no address
            yield recipient.mailbox
