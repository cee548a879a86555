"""Commands with which appointments are changed, as wholes or one occurrence of a series."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from deployments.cli.booking import guest
from deployments.cli.common import Acting, Seen, console, number_of, opened_store, say
from deployments.cli.times import (
    Clocks,
    End,
    Minutes,
    Occurrence,
    Zone,
    clocks,
    moved,
)
from domain.appointments import Alarm, Period, Priority
from domain.written_times import ALARMS, TIMES
from tasks.store.appointments import AppointmentDetails, show_appointment
from tasks.store.conflicts import Conflict
from tasks.store.rebooking import Change
from tasks.store.staff import colleague

Number = Annotated[int, number_of("The appointment's number.")]
Add = Annotated[list[str] | None, typer.Option("--add", help="One more.")]
Remove = Annotated[list[str] | None, typer.Option("--remove", help="One less.")]


def move(
    number: Number,
    employee: Acting,
    begin: Annotated[
        str | None, typer.Option(metavar="TIME", help=f"The new begin: {TIMES}; none: as it is.")
    ] = None,
    end: End = None,
    minutes: Minutes = None,
    zone: Zone = None,
    occurrence: Occurrence = None,
    seen: Seen = None,
) -> None:
    """Move an appointment, shorten or lengthen it; with neither end nor minutes as long as now."""
    from tasks.appointments import move_appointment

    by, details = clocks(employee, zone), _details(number, employee)
    this = named_occurrence(details, by, occurrence)
    there = period_of(details, this)
    where = moved(there, by, begin, end, minutes)
    conflicts = move_appointment(
        number, employee, where if zone else by.kept(where, there.zone), this, seen=seen
    )
    say(f"Appointment {number} is moved.")
    _show(conflicts, employee)


def edit(
    number: Number,
    employee: Acting,
    matchcode: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    text: Annotated[str | None, typer.Option(help="The text.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    priority: Annotated[Priority | None, typer.Option(help="How important it is.")] = None,
    responsible: Annotated[
        str | None, typer.Option(help="Who is responsible, by the personnel number.")
    ] = None,
    seen: Seen = None,
) -> None:
    """Change what an appointment says, how important it is, or who is responsible for it."""
    from tasks.appointments import edit_appointment

    change = Change(matchcode, text, place, priority, responsible)
    opened_store()
    conflicts = edit_appointment(number, employee, change, seen=seen)
    say(f"Appointment {number} is changed.")
    _show(conflicts, employee)


def set_alarm(
    number: Number,
    employee: Acting,
    when: Annotated[str, typer.Argument(help=f"{ALARMS}.")] = "begin",
    occurrence: Occurrence = None,
    seen: Seen = None,
) -> None:
    """Set the alarm to the begin, to so long before it or to any other time; none clears it."""
    from tasks import appointments

    by, details = clocks(employee), _details(number, employee)
    this = named_occurrence(details, by, occurrence)
    there = period_of(details, this)
    wanted = by.alarm(when, there.begins)
    if wanted and wanted.at:
        wanted = Alarm(at=by.elsewhere(wanted.at, there.zone))
    appointments.set_alarm(number, employee, wanted, this, seen=seen)
    say(f"Appointment {number} {'has an alarm' if wanted else 'rings no alarm'}.")


def done(
    number: Number, employee: Acting, occurrence: Occurrence = None, seen: Seen = None
) -> None:
    """Mark an appointment as done: it rings no alarm any more."""
    _mark(number, employee, True, occurrence, seen)
    say(f"Appointment {number} is done.")


def undone(
    number: Number, employee: Acting, occurrence: Occurrence = None, seen: Seen = None
) -> None:
    """Mark an appointment as not done."""
    _mark(number, employee, False, occurrence, seen)
    say(f"Appointment {number} is not done.")


def cancel(
    number: Number, employee: Acting, occurrence: Occurrence = None, seen: Seen = None
) -> None:
    """Cancel an appointment, or what is to come of a series; it stays to be seen."""
    from tasks.appointments import cancel_appointment

    this = _occurrence(number, employee, occurrence)
    cancel_appointment(number, employee, this, seen=seen)
    say(f"Appointment {number} is cancelled.")


def delete(number: Number, employee: Acting, seen: Seen = None) -> None:
    """Delete an appointment: nobody sees it any more, and guests are told."""
    from tasks.appointments import delete_appointment

    opened_store()
    delete_appointment(number, employee, seen=seen)
    say(f"Appointment {number} is deleted.")


def participants(
    number: Number, employee: Acting, add: Add = None, remove: Remove = None, seen: Seen = None
) -> None:
    """Let employees take part, or no more, by their personnel numbers."""
    from tasks.appointments import change_participants

    opened_store()
    conflicts = change_participants(number, employee, add or (), remove or (), seen=seen)
    say(f"The participants of appointment {number} are changed.")
    _show(conflicts, employee)


def equipment(
    number: Number, employee: Acting, add: Add = None, remove: Remove = None, seen: Seen = None
) -> None:
    """Let an appointment use equipment, or no more, by its numbers."""
    from tasks.appointments import change_equipment

    opened_store()
    conflicts = change_equipment(number, employee, add or (), remove or (), seen=seen)
    say(f"The equipment of appointment {number} is changed.")
    _show(conflicts, employee)


def cases(
    number: Number, employee: Acting, add: Add = None, remove: Remove = None, seen: Seen = None
) -> None:
    """Let an appointment belong to cases, or no more, by their numbers."""
    from tasks.appointments import change_cases

    opened_store()
    change_cases(number, employee, add or (), remove or (), seen=seen)
    say(f"The cases of appointment {number} are changed.")


def guests(
    number: Number, employee: Acting, add: Add = None, remove: Remove = None, seen: Seen = None
) -> None:
    """Invite guests from outside (Name <address>), or no more, by e-mail."""
    from tasks.appointments import change_guests

    opened_store()
    invited, left = [guest(each) for each in add or ()], [guest(each) for each in remove or ()]
    change_guests(number, employee, invited, [each.address for each in left], seen=seen)
    say(f"The guests of appointment {number} are changed.")


def named_occurrence(details: AppointmentDetails, by: Clocks, text: str | None) -> datetime | None:
    """Find an occurrence by its begin, as it is now or as the rule has it; gives the latter."""
    if text is None:
        return None
    shown = by.time(text)
    named = shown if details.period.all_day else by.elsewhere(shown, details.period.zone)
    now_there = [each for each in details.occurrences if each.period.begins == named]
    return now_there[0].recurrence if now_there else named


def period_of(details: AppointmentDetails, occurrence: datetime | None) -> Period:
    """Give from when until when an appointment is, or one occurrence of it."""
    found = [each.period for each in details.occurrences if each.recurrence == occurrence]
    return found[0] if found else details.period


def _details(number: int, employee: str) -> AppointmentDetails:
    store = opened_store()
    return show_appointment(store, number, colleague(store, employee).id)


def _occurrence(number: int, employee: str, occurrence: str | None) -> datetime | None:
    return named_occurrence(_details(number, employee), clocks(employee), occurrence)


def _mark(
    number: int, employee: str, is_done: bool, occurrence: str | None, seen: int | None
) -> None:
    from tasks.appointments import set_done

    this = _occurrence(number, employee, occurrence)
    set_done(number, employee, is_done, this, seen=seen)


def _show(conflicts: Sequence[Conflict], employee: str) -> None:
    from deployments.printing.appointments import conflicts_report

    console.print(conflicts_report(conflicts, clocks(employee).zone))
