"""The buttons of a contact: what it says, where it stands, its cases, how it reaches whom."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.contacts import ContactStatus
from domain.entered import RecordNumber, Version
from domain.errors import KontaktwerkError
from domain.forms import Lines, MaybeOneLine, OneLine
from domain.mail import ReceptionKind
from flows.pressing import entered, pressed, require_change
from tasks import contacts
from tasks.store.writing import Change

LONGEST_POSITION = 6  # digits


@flow(name="edit-contact", flow_run_name="edit contact {contact}")
async def edit_contact(
    contact: RecordNumber,
    employee: OneLine,
    matchcode: MaybeOneLine = "",
    text: Lines = "",
    seen: Version | None = None,
) -> State[Any]:
    """Change what a contact says, as long as it was not sent.

    Args:
        contact: The contact's number, as lists show it.
        employee: The personnel number of who changes it; what they may do is checked.
        matchcode: The new subject. Left empty: as it is.
        text: The new text, which makes rich text plain. Left empty: as it is.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def editing() -> None:
        change = Change(entered(matchcode), entered(text))
        require_change(change.matchcode, change.text)
        contacts.edit(contact, employee, change, seen=seen)

    return await pressed(editing, f"contact {contact} is changed")


@flow(name="set-contact-status", flow_run_name="status of contact {contact}")
async def set_contact_status(
    contact: RecordNumber, employee: OneLine, status: ContactStatus, seen: Version | None = None
) -> State[Any]:
    """Set where a contact stands; that can be done after sending too.

    Args:
        contact: The contact's number, as lists show it.
        employee: The personnel number of who sets it; what they may do is checked.
        status: Where it stands from now on.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    return await pressed(
        lambda: contacts.set_status(contact, employee, status, seen=seen),
        f"contact {contact} is {status}",
    )


@flow(name="set-contact-case", flow_run_name="cases of contact {contact}")
async def set_contact_case(
    contact: RecordNumber,
    employee: OneLine,
    main_case: MaybeOneLine = "",
    add: list[OneLine] | None = None,
    remove: list[OneLine] | None = None,
    seen: Version | None = None,
) -> State[Any]:
    """Give a contact another main case, or other cases beside it; also after it was sent.

    Args:
        contact: The contact's number, as lists show it.
        employee: The personnel number of who sets it; what they may do is checked.
        main_case: The number of its main case from now on, such as SC-1042; instead of the others.
        add: The numbers of cases that it belongs to from now on, beside its main one.
        remove: The numbers of cases that it belongs to no more.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def filing() -> None:
        if bool(main_case) == bool(add or remove):
            raise KontaktwerkError("name a main case, or cases to add and to remove")
        if main_case:
            contacts.set_main_case(contact, employee, main_case, seen=seen)
        else:
            contacts.change_cases(contact, employee, add or (), remove or (), seen=seen)

    return await pressed(filing, f"the cases of contact {contact} are changed")


@flow(name="set-reception-kind", flow_run_name="reception kind in contact {contact}")
async def set_reception_kind(
    contact: RecordNumber,
    employee: OneLine,
    recipient: OneLine,
    kind: ReceptionKind,
    seen: Version | None = None,
) -> State[Any]:
    """Set how a contact reaches a recipient, as long as it was not sent.

    Args:
        contact: The contact's number, as lists show it.
        employee: The personnel number of who sets it; what they may do is checked.
        recipient: The recipient's position on the contact, such as 1, or the e-mail address.
        kind: How the recipient gets it; *none* gets nothing.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """
    is_position = recipient.isascii() and recipient.isdigit() and len(recipient) <= LONGEST_POSITION
    who = int(recipient) if is_position else recipient
    return await pressed(
        lambda: contacts.set_reception_kind(contact, employee, who, kind, seen=seen),
        f"the recipient of contact {contact} has the reception kind {kind}",
    )
