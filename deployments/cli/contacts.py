"""Commands about contacts: what came, what is written, and what is sent."""

from dataclasses import replace
from pathlib import Path

import typer

from deployments.cli.common import (
    Number,
    Viewer,
    console,
    employee_id,
    opened_store,
    say,
)
from deployments.cli.exporting import ExportFormat, File, Separator, Target, export_list
from deployments.cli.filters import Term, filtered
from deployments.cli.json_output import Json, say_json
from deployments.cli.listing import How, show_list, show_page
from deployments.cli.publishing import (
    list_publications,
    preview_contact,
    publish_contact,
    withdraw_contact,
)
from deployments.cli.refiling import file_contact, set_reception_kind
from deployments.cli.writing import edit_contact, new_contact, send_contact, set_status
from domain.errors import KontaktwerkError
from domain.lists import Listed, Wish

app = typer.Typer(help="Contacts: what came, and what is written.", no_args_is_help=True)
app.command("new")(new_contact)
app.command("edit")(edit_contact)
app.command("status")(set_status)
app.command("case")(file_contact)
app.command("reception")(set_reception_kind)
app.command("send")(send_contact)
app.command("preview")(preview_contact)
app.command("publish")(publish_contact)
app.command("withdraw")(withdraw_contact)
app.command("publications")(list_publications)


@app.command("list")
@filtered(Listed.CONTACTS)
def list_contacts(wish: Wish, how: How, viewer: Viewer = None) -> None:
    """List contacts, the latest first."""
    _show(wish, viewer, how)


@app.command("search")
@filtered(Listed.CONTACTS, "search")
def search_contacts(term: Term, wish: Wish, how: How, viewer: Viewer = None) -> None:
    """Search contacts by a part of the matchcode."""
    _show(replace(wish, search=term), viewer, how)


@app.command("export")
@filtered(Listed.CONTACTS)
def export_contacts(
    target: Target,
    wish: Wish,
    viewer: Viewer = None,
    format_: ExportFormat = None,
    separator: Separator = None,
) -> None:
    """Export contacts to a file, exactly as filtered: as CSV or XLSX."""
    export_list(Listed.CONTACTS, wish, viewer, File(target, format_, separator))


@app.command("show")
def show_contact(number: Number, viewer: Viewer = None, as_json: Json = False) -> None:
    """Show one contact: people, text, files, its case and why, dispatches and follow-ups."""
    from deployments.printing.contacts import contact_panel
    from tasks.store import contacts
    from tasks.store.appointments import follow_ups
    from tasks.store.dispatches import list_dispatches

    store, who = opened_store(), employee_id(viewer)
    contact = contacts.show_contact(store, number, who)
    sent, to_come = list_dispatches(store, who, contact_id=number), follow_ups(store, number, who)
    if as_json:
        say_json({"contact": contact, "dispatches": sent, "follow_ups": to_come})
    else:
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


def _show(wish: Wish, viewer: str | None, how: How) -> None:
    from deployments.printing.contacts import contacts_table, hits_table
    from tasks.store.lists.full_text import search_contacts
    from tasks.store.lists.reading import CONTACTS

    who = employee_id(viewer)
    if not wish.full_text or how.count:
        show_list(CONTACTS, wish, who, how, contacts_table)
        return
    page = search_contacts(opened_store(), wish, who, how.limit, how.page)
    show_page(page.lines, page.next, how, hits_table)
