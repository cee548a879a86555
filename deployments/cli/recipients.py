"""Recipients as they are named on the command line."""

import re
from collections.abc import Iterable, Sequence

from domain.contacts import NewRecipient
from domain.mail import ReceptionKind

_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<email>[^<>]+)>")


def recipients(
    to: Sequence[str], cc: Sequence[str], bcc: Sequence[str], employees: Iterable[str]
) -> tuple[NewRecipient, ...]:
    """Read the recipients of a contact, in the order of their reception kinds."""
    by_kind = {ReceptionKind.TO: to, ReceptionKind.CC: cc, ReceptionKind.BCC: bcc}
    named = [recipient(text, kind) for kind, texts in by_kind.items() for text in texts]
    return (*named, *(NewRecipient(employee=number) for number in employees))


def recipient(text: str, kind: ReceptionKind) -> NewRecipient:
    """Read one: an e-mail address, with a name or without, or an address's number and person.

    Such as `petra@mueller.example`, `Petra Müller <petra@mueller.example>`, `10001` or
    `10001/Petra Müller`.
    """
    if named := _NAMED.fullmatch(text.strip()):
        return NewRecipient(named["email"].strip(), named["name"].strip(' "'), kind=kind)
    if "@" in text:
        return NewRecipient(text.strip(), kind=kind)
    number, _, person = text.partition("/")
    return NewRecipient(address=number.strip(), person=person.strip() or None, kind=kind)
