"""Commands with which a contact gets other cases, and reaches its recipients in another way."""

from typing import Annotated

import typer

from deployments.cli.common import Acting, Number, Seen, opened_store, say
from domain.errors import KontaktwerkError
from domain.mail import ReceptionKind

Recipient = Annotated[
    str, typer.Argument(help="The recipient's position on the contact, or the e-mail address.")
]


def file_contact(
    number: Number,
    editor: Acting,
    main: Annotated[str | None, typer.Option(help="Its main case from now on.")] = None,
    add: Annotated[
        list[str] | None, typer.Option("--add", help="One more case, beside the main one.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="One case less.")] = None,
    seen: Seen = None,
) -> None:
    """Give a contact another main case, or other cases beside it; also after it was sent."""
    from tasks import contacts

    others = bool(add or remove)
    if (main is not None) == others:
        raise KontaktwerkError("name a case with --main, or some with --add and --remove")
    opened_store()
    if main is not None:
        contacts.set_main_case(number, editor, main, seen=seen)
    else:
        contacts.change_cases(number, editor, add or (), remove or (), seen=seen)
    say(f"The cases of contact {number} are changed.")


def set_reception_kind(
    number: Number, recipient: Recipient, kind: ReceptionKind, editor: Acting, seen: Seen = None
) -> None:
    """Set how a contact that was not sent yet reaches a recipient."""
    from tasks import contacts

    at = recipient.strip()
    who = int(at) if at.isascii() and at.isdigit() else at
    opened_store()
    contacts.set_reception_kind(number, editor, who, kind, seen=seen)
    say(f"Recipient {recipient} of contact {number} has the reception kind {kind}.")
