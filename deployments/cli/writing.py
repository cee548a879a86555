"""Commands with which contacts are written, changed and sent."""

import mimetypes
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.common import (
    Acting,
    NotBefore,
    Number,
    Seen,
    instant,
    numbered,
    opened_store,
    say,
)
from deployments.cli.recipients import recipients
from domain.contacts import E_MAIL, ContactStatus, NewContact
from domain.errors import KontaktwerkError
from domain.outgoing import File
from domain.sending import Ask, Request

NAMED = "An e-mail address, an address's number, or number/person."
Matchcode = Annotated[str, typer.Option(help="The subject.")]
Text = Annotated[str, typer.Option(help="The text.")]
Html = Annotated[
    Path | None, typer.Option(help="A file with the rich text.", exists=True, dir_okay=False)
]
To = Annotated[list[str] | None, typer.Option(help=NAMED)]
Cc = Annotated[list[str] | None, typer.Option(help=NAMED)]
Bcc = Annotated[list[str] | None, typer.Option(help=NAMED)]
Employees = Annotated[
    list[str] | None, typer.Option("--employee", help="An employee's personnel number.")
]
Deadline = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="Until when it is tried."),
]


def new_contact(
    creator: Acting,
    matchcode: Matchcode = "",
    text: Text = "",
    html: Html = None,
    to: To = None,
    cc: Cc = None,
    bcc: Bcc = None,
    employee: Employees = None,
    case: Annotated[str | None, typer.Option(help="The number of its case.")] = None,
    answers: Annotated[int | None, numbered("The contact that it answers.")] = None,
    file: Annotated[
        list[Path] | None, typer.Option(help="A file with it.", exists=True, dir_okay=False)
    ] = None,
    activity_type: Annotated[str, typer.Option("--type", help="Its activity type.")] = E_MAIL,
    channel: Annotated[
        str | None, typer.Option("--send", help="Send it at once: e-mail, sms, fax, message.")
    ] = None,
) -> None:
    """Write a contact, and give its number; with --send it is sent as well."""
    contact = NewContact(
        creator,
        matchcode,
        text,
        _read(html),
        activity_type,
        recipients(to or (), cc or (), bcc or (), employee or ()),
        tuple(_file(path) for path in file or ()),
        case,
        answers,
    )
    if channel:
        _write_and_send(contact, channel)
    else:
        say(str(_saved(contact)))


def edit_contact(
    number: Number,
    editor: Acting,
    matchcode: Annotated[str | None, typer.Option(help="The subject.")] = None,
    text: Annotated[str | None, typer.Option(help="The text.")] = None,
    html: Html = None,
    to: To = None,
    cc: Cc = None,
    bcc: Bcc = None,
    employee: Employees = None,
    seen: Seen = None,
) -> None:
    """Change a contact that was not sent yet; recipients, where named, replace all there were."""
    from tasks import contacts
    from tasks.store.writing import Change

    opened_store()
    named = recipients(to or (), cc or (), bcc or (), employee or ())
    change = Change(matchcode, text, _read(html), named or None)
    contacts.edit(number, editor, change, seen=seen)
    say(f"Contact {number} is changed.")


def set_status(number: Number, status: ContactStatus, editor: Acting, seen: Seen = None) -> None:
    """Set where a contact stands; that can be done after sending too."""
    from tasks import contacts

    opened_store()
    contacts.set_status(number, editor, status, seen=seen)
    say(f"Contact {number} is {status}.")


def send_contact(
    number: Number,
    employee: Acting,
    channel: Annotated[str, typer.Option(help="E-mail, sms, fax or message.")] = E_MAIL,
    recipient: Annotated[int | None, numbered("For SMS and fax: the recipient's position.")] = None,
    phone: Annotated[
        str | None, typer.Option("--number", help="For SMS and fax: the number.")
    ] = None,
    service: Annotated[str | None, typer.Option(help="The account or gateway.")] = None,
    confirm_empty_subject: Annotated[bool, typer.Option("--confirm-empty-subject")] = False,
    confirm_empty_text: Annotated[bool, typer.Option("--confirm-empty-text")] = False,
    confirm_without_files: Annotated[bool, typer.Option("--confirm-without-files")] = False,
    not_before: NotBefore = None,
    deadline: Deadline = None,
) -> None:
    """Send a contact; on a terminal you are asked what is open."""
    from deployments.cli.asking import send

    confirmed = {
        Ask.EMPTY_SUBJECT: confirm_empty_subject,
        Ask.EMPTY_TEXT: confirm_empty_text,
        Ask.WITHOUT_FILES: confirm_without_files,
    }
    opened_store()
    send(
        Request(
            channel,
            number,
            employee,
            service,
            recipient,
            phone,
            frozenset(ask for ask, said in confirmed.items() if said),
            not_before,
            deadline,
        )
    )


def _saved(contact: NewContact) -> int:
    from tasks.store.writing import save_contact

    return save_contact(opened_store(), contact, datetime.now(UTC))


def _write_and_send(contact: NewContact, channel: str) -> None:
    from deployments.cli.asking import report, send
    from tasks.sending import write_and_send

    opened_store()
    request = Request(channel, 0, contact.creator)
    decision = write_and_send(contact, request)
    say(str(decision.contact_id))
    if decision.judgement.refusals or decision.judgement.is_granted:
        report(decision)
    else:
        send(replace(request, contact_id=decision.contact_id))


def _read(html: Path | None) -> str | None:
    if html is None:
        return None
    try:
        return html.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KontaktwerkError(f"{html} cannot be read as UTF-8 text") from error


def _file(path: Path) -> File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        return File(path.name, kind, path.read_bytes())
    except OSError as error:
        raise KontaktwerkError(f"{path} cannot be read: {error.strerror}") from error
