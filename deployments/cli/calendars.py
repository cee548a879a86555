"""Commands about calendars: an employee's week, the staff plan, and calendars for elsewhere."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from deployments.cli.common import Acting, console, opened_store, say
from domain.errors import KontaktwerkError
from domain.written_times import written_time, written_week
from domain.zones import instant, wall
from tasks.settings import settings

if TYPE_CHECKING:
    from deployments.printing.calendars import Reader
    from deployments.printing.staff_plan import Plan
    from tasks.store.staff import Colleague

T = TypeVar("T")
DAY = timedelta(days=1)
WEEK = 7 * DAY

Week = Annotated[str | None, typer.Option(help="Such as 2026-W48; none: this week.")]

app = typer.Typer(help="An employee's calendar: a week, a file, a feed.")


@app.callback(invoke_without_command=True)
def show_week(
    context: typer.Context,
    employee: Annotated[str | None, typer.Option("--as", help="Your personnel number.")] = None,
    week: Week = None,
    following: Annotated[bool, typer.Option("--next", help="The week after it.")] = False,
) -> None:
    """Show your week: days side by side, or below one another where there is little room."""
    if context.invoked_subcommand:
        return
    if employee is None:
        raise typer.BadParameter("say who you are: --as NUMBER")
    from deployments.printing import calendars
    from tasks.store.agenda import agenda

    store, (who, reader) = opened_store(), _reader(employee)
    monday = _monday(week, reader.today) + (WEEK if following else timedelta(0))
    entries = agenda(store, who.id, [who.id], *_between(monday, WEEK, who.zone))
    console.print(calendars.week(who.name, monday, entries, reader, console.width))


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="The file, such as my.ics.")], employee: Acting
) -> None:
    """Write your appointments to an iCalendar file, those of last year too."""
    from domain.ical import feed
    from tasks.store.feeds import subscribed_events

    who, reader = _reader(employee)
    since = instant(datetime.combine(date(reader.today.year - 1, 1, 1), time()), who.zone)
    events = subscribed_events(opened_store(), who.id, since)
    try:
        target.write_text(feed(events, who.name), encoding="utf-8", newline="")
    except OSError as error:
        raise KontaktwerkError(f"{target} cannot be written: {error.strerror}") from error
    say(f"{len(events)} appointments written to {target}")


@app.command("feed")
def show_feed(
    employee: Acting,
    reset: Annotated[
        bool, typer.Option("--reset", help="Make the addresses void that were given away.")
    ] = False,
) -> None:
    """Show the address that your phone or office calendar subscribes to; it is secret."""
    from tasks.feeds import feed_url, reset_feed

    opened_store()
    say(reset_feed(employee) if reset else feed_url(employee))


def staff_plan(
    employee: Acting,
    day: Annotated[str | None, typer.Option(help="A day; none: today.")] = None,
    week: Annotated[str | None, typer.Option(help="A week instead, such as 2026-W48.")] = None,
    team: Annotated[str | None, typer.Option(help="Only the members of a team.")] = None,
) -> None:
    """Show all employees side by side, and equipment; who and what is needed twice is marked."""
    from deployments.printing.staff_plan import day_plan, week_plan

    who, reader = _reader(employee)
    if week and day:
        raise KontaktwerkError("say either --day or --week")
    if week:
        monday = _monday(week, reader.today)
        plan = _plan(who, team, *_between(monday, WEEK, who.zone))
        console.print(week_plan(monday, plan, reader, console.width))
    else:
        wanted = _day(day, reader.today)
        plan = _plan(who, team, *_between(wanted, DAY, who.zone))
        console.print(day_plan(wanted, plan, reader, console.width))


def _plan(who: "Colleague", team: str | None, begin: datetime, end: datetime) -> "Plan":
    """Read who and what is needed for what between two instants."""
    from deployments.printing.staff_plan import Plan
    from tasks.store.staff_plan import equipment_rows, staff_rows

    store = opened_store()
    return Plan(
        staff_rows(store, who.id, begin, end, team), equipment_rows(store, who.id, begin, end)
    )


def _reader(employee: str) -> "tuple[Colleague, Reader]":
    from deployments.printing.calendars import Reader
    from tasks.store.staff import colleague

    store = opened_store()
    who = colleague(store, employee)
    today = wall(store.now(), who.zone).date()
    return who, Reader(who.zone, settings().language, today)


def _between(first: date, length: timedelta, zone: str) -> tuple[datetime, datetime]:
    """Give the instants at which days begin and end, by the clocks of a zone."""
    midnight = datetime.combine(first, time())
    return instant(midnight, zone), instant(midnight + length, zone)


def _monday(week: str | None, today: date) -> date:
    if week is None:
        return today - today.weekday() * DAY
    return _told(lambda: written_week(week))


def _day(day: str | None, today: date) -> date:
    if day is None:
        return today
    return _told(lambda: written_time(day, datetime.combine(today, time()))).date()


def _told(reading: Callable[[], T]) -> T:
    try:
        return reading()
    except ValueError as error:
        raise KontaktwerkError(str(error)) from error
