"""Commands about contacts: what came, what is written, and what is sent."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.common import (
    Limit,
    Number,
    Viewer,
    console,
    employee_id,
    opened_store,
    say,
)
from deployments.cli.writing import edit_contact, new_contact, send_contact, set_status
from domain.errors import KontaktwerkError

app = typer.Typer(help="Contacts: what came, and what is written.", no_args_is_help=True)
app.command("new")(new_contact)
app.command("edit")(edit_contact)
app.command("status")(set_status)
app.command("send")(send_contact)


@app.command("list")
def list_contacts(
    viewer: Viewer = None,
    own: Annotated[bool, typer.Option(help="Only what stands in your own views.")] = False,
    limit: Limit = 50,
) -> None:
    """List contacts, the latest first."""
    from deployments.printing.contacts import contacts_table
    from tasks.store import contacts

    lines = contacts.list_contacts(opened_store(), employee_id(viewer), own, limit)
    console.print(contacts_table(lines))


@app.command("show")
def show_contact(number: Number, viewer: Viewer = None) -> None:
    """Show one contact: people, text, files, its case and why, dispatches and follow-ups."""
    from deployments.printing.contacts import contact_panel
    from tasks.store import contacts
    from tasks.store.appointments import follow_ups
    from tasks.store.dispatches import list_dispatches

    store, who = opened_store(), employee_id(viewer)
    contact = contacts.show_contact(store, number, who)
    sent, to_come = list_dispatches(store, who, contact_id=number), follow_ups(store, number, who)
    console.print(contact_panel(contact, sent, to_come))


@app.command("raw")
def raw_contact(number: Number, target: Path, viewer: Viewer = None) -> None:
    """Write a contact's message to a file, byte for byte as it came."""
    from tasks.store import contacts

    raw = contacts.raw_of_contact(opened_store(), number, employee_id(viewer))
    try:
        target.write_bytes(raw)
    except OSError as error:
        raise KontaktwerkError(f"{target} cannot be written: {error.strerror}") from error
    say(f"{len(raw)} bytes written to {target}")
