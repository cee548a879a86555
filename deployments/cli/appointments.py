"""Commands about appointments: what there is, and the registration of those that change it."""

from typing import Annotated

import typer

from deployments.cli import rebooking
from deployments.cli.booking import new_appointment
from deployments.cli.common import Acting, Limit, Number, console, numbered, opened_store

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
def list_appointments(
    employee: Acting,
    everybodys: Annotated[
        bool, typer.Option("--all", help="Everybody's that you may see, not only your own.")
    ] = False,
    case: Annotated[str | None, typer.Option(help="Only those of a case, by its number.")] = None,
    contact: Annotated[
        int | None, numbered("Only the follow-ups of a contact, by its number.")
    ] = None,
    limit: Limit = 50,
) -> None:
    """List your appointments, the latest begin first; those of a case or a contact: everybody's."""
    from deployments.printing.appointments import appointments_table
    from tasks.store import appointments
    from tasks.store.staff import colleague

    store = opened_store()
    who = colleague(store, employee)
    own = not (everybodys or case or contact)
    lines = appointments.list_appointments(
        store, who.id, contact_id=contact, case=case, own=own, limit=limit
    )
    console.print(appointments_table(lines, who.zone))


@app.command("show")
def show_appointment(number: Number, employee: Acting) -> None:
    """Show one appointment: when, where, with whom, its text, alarms, and each occurrence."""
    from deployments.printing.appointments import appointment_panel
    from tasks.store import appointments
    from tasks.store.staff import colleague

    store = opened_store()
    who = colleague(store, employee)
    console.print(appointment_panel(appointments.show_appointment(store, number, who.id), who.zone))
