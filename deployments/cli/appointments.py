"""Commands about appointments: what there is, and the registration of those that change it."""

from dataclasses import replace
from typing import Annotated

import typer

from deployments.cli import rebooking
from deployments.cli.booking import new_appointment
from deployments.cli.common import Acting, Number, console, opened_store
from deployments.cli.exporting import ExportFormat, File, Separator, Target, export_list
from deployments.cli.filters import Term, filtered
from deployments.cli.json_output import Json, say_json
from deployments.cli.listing import How, show_list
from domain.lists import Listed, Wish

app = typer.Typer(help="Appointments and follow-ups.", no_args_is_help=True)
app.command("new")(new_appointment)
for command in (
    rebooking.move,
    rebooking.edit,
    rebooking.set_alarm,
    rebooking.done,
    rebooking.undone,
    rebooking.cancel,
    rebooking.delete,
    rebooking.participants,
    rebooking.equipment,
    rebooking.cases,
    rebooking.guests,
):
    app.command("alarm" if command is rebooking.set_alarm else None)(command)


@app.command("list")
@filtered(Listed.APPOINTMENTS)
def list_appointments(
    employee: Acting,
    wish: Wish,
    how: How,
    everybodys: Annotated[
        bool, typer.Option("--all", help="Everybody's that you may see, not only your own.")
    ] = False,
) -> None:
    """List your appointments, the latest begin first.

    Of a contact, a case, an address or your teams: everybody's.
    """
    narrowed = wish.contact or wish.case or wish.address or wish.own_teams
    _show(wish if everybodys or narrowed else replace(wish, own=True), employee, how)


@app.command("search")
@filtered(Listed.APPOINTMENTS, "search")
def search_appointments(term: Term, employee: Acting, wish: Wish, how: How) -> None:
    """Search everybody's appointments that you may see by a part of the matchcode."""
    _show(replace(wish, search=term), employee, how)


@app.command("export")
@filtered(Listed.APPOINTMENTS)
def export_appointments(
    target: Target,
    employee: Acting,
    wish: Wish,
    format_: ExportFormat = None,
    separator: Separator = None,
) -> None:
    """Export all appointments that you may see to a file, exactly as filtered."""
    export_list(Listed.APPOINTMENTS, wish, employee, File(target, format_, separator))


@app.command("show")
def show_appointment(number: Number, employee: Acting, as_json: Json = False) -> None:
    """Show one appointment: when, where, with whom, its text, alarms, and each occurrence."""
    from deployments.printing.appointments import appointment_panel
    from tasks.store import appointments
    from tasks.store.staff import colleague

    store = opened_store()
    who = colleague(store, employee)
    shown = appointments.show_appointment(store, number, who.id)
    if as_json:
        say_json({"appointment": shown})
    else:
        console.print(appointment_panel(shown, who.zone))


def _show(wish: Wish, employee: str, how: How) -> None:
    from deployments.printing.appointments import appointments_table
    from tasks.store.lists.reading import APPOINTMENTS
    from tasks.store.staff import colleague

    who = colleague(opened_store(), employee)
    show_list(APPOINTMENTS, wish, who.id, how, lambda each: appointments_table(each, who.zone))
