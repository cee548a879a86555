"""The command with which appointments are booked."""

from typing import Annotated

import typer

from deployments.cli.common import Acting, console, numbered, say
from deployments.cli.recipients import recipient
from deployments.cli.times import Begin, Clocks, End, Minutes, Zone, clocks, period
from domain.appointments import Guest, NewAppointment, Period, Priority
from domain.mail import ReceptionKind
from domain.written_times import ALARMS

With = Annotated[
    list[str] | None, typer.Option("--with", help="A participant, by the personnel number.")
]
Guests = Annotated[
    list[str] | None,
    typer.Option("--guest", help="A participant from outside: Name <address>, who is invited."),
]
Equipment = Annotated[list[str] | None, typer.Option(help="What it needs, by its number.")]
Cases = Annotated[list[str] | None, typer.Option("--case", help="The number of a case.")]


def new_appointment(
    employee: Acting,
    matchcode: Annotated[str, typer.Option(help="What it is about.")],
    begin: Begin,
    end: End = None,
    minutes: Minutes = None,
    zone: Zone = None,
    all_day: Annotated[bool, typer.Option("--all-day", help="Whole days.")] = False,
    responsible: Annotated[
        str | None, typer.Option(help="Who is responsible, by the personnel number; none: you.")
    ] = None,
    participants: With = None,
    guests: Guests = None,
    equipment: Equipment = None,
    cases: Cases = None,
    contact: Annotated[int | None, numbered("The contact that it follows up.")] = None,
    place: Annotated[str, typer.Option(help="Where it is.")] = "",
    text: Annotated[str, typer.Option(help="The text.")] = "",
    priority: Annotated[Priority, typer.Option(help="How important it is.")] = Priority.NORMAL,
    alarm: Annotated[str, typer.Option(metavar="WHEN", help=f"{ALARMS}.")] = "none",
    rule: Annotated[
        str | None, typer.Option(help="How it recurs, as FREQ=WEEKLY;COUNT=10 (RFC 5545).")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show when it would be and conflicts; save nothing.")
    ] = False,
) -> None:
    """Book an appointment, and give its number; conflicts are shown, and forbid nothing."""
    by = clocks(employee, zone)
    when = period(by, begin, end, minutes, all_day)
    new = NewAppointment(
        when,
        responsible or employee,
        matchcode,
        text,
        place,
        priority,
        tuple(participants or ()),
        tuple(guest(each) for each in guests or ()),
        tuple(equipment or ()),
        tuple(cases or ()),
        by.alarm(alarm, when.begins),
        rule,
        contact,
    )
    if dry_run:
        _look(new, employee)
    else:
        _book(new, employee)


def guest(text: str) -> Guest:
    """Read a guest: an e-mail address, with a name or without."""
    named = recipient(text, ReceptionKind.TO)
    return Guest(named.email or text, named.name)


def _book(new: NewAppointment, employee: str) -> None:
    from deployments.printing.appointments import conflicts_report
    from tasks.appointments import book_appointment

    booked = book_appointment(new, employee)
    say(f"Appointment {booked.id} is booked: kontakt appointment show {booked.id}")
    console.print(conflicts_report(booked.conflicts, _zone_of(employee)))


def _look(new: NewAppointment, employee: str) -> None:
    from deployments.printing.appointments import conflicts_report, periods_report
    from domain.recurrence import begins
    from tasks.appointments import look_before_booking

    conflicts = look_before_booking(new, employee)
    occurrences: list[Period] = [
        new.period.beginning(each) for each in begins(new.period, new.rule)
    ]
    console.print(periods_report(occurrences, _zone_of(employee)))
    console.print(conflicts_report(conflicts, _zone_of(employee)))
    say("Nothing is saved.")


def _zone_of(employee: str) -> str:
    own: Clocks = clocks(employee)
    return own.zone
