"""Appointments, as lists and one by one, and the conflicts that they bring."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.history import history_lines
from deployments.printing.tables import table, visible
from domain.appointments import Alarm, Period, Priority
from domain.calendar_words import day_in_full, words
from domain.time_words import period_in_words
from domain.zones import instant, wall
from tasks.settings import settings
from tasks.store.appointments import (
    AppointmentDetails,
    AppointmentLine,
    Item,
    Occurrence,
)
from tasks.store.conflicts import Conflict
from tasks.store.guest_list import Invited

SHOWN = 60  # occurrences, at most


def appointments_table(
    lines: Sequence[AppointmentLine], zone: str, title: str = "Appointments"
) -> RenderableType:
    """Show appointments by the clocks of a zone."""
    rows = [
        (
            str(line.id),
            _day(line.period, zone),
            line.matchcode,
            line.place,
            line.responsible,
            str(line.contact_id or ""),
            ", ".join(_marks(line)),
        )
        for line in lines
    ]
    columns = ("no.", "when", "matchcode", "place", "responsible", "contact", "")
    return table(title, columns, rows)


def appointment_panel(details: AppointmentDetails, zone: str) -> RenderableType:
    """Show an appointment with all that belongs to it."""
    several = len(details.occurrences) > 1
    one = details.occurrences[0]
    facts = [
        period_in_words(details.period if several else one.period, zone, settings().language),
        *([] if several else [f"alarm: {_alarm(one, zone)}"]),
        *_named("where", [details.place]),
        *_named("responsible", [_person(details.responsible)]),
        *_named("with", [_person(each) for each in details.participants]),
        *_named("invited", [_invited(each) for each in details.guests if not each.uninvited_at]),
        *_named("equipment", [_person(each) for each in details.equipment]),
        *_named("cases", [f"{each.number} {each.name}" for each in details.cases]),
        *_named("follow-up of contact", [_contact(details)]),
        *_named("priority", [details.priority]),
        *_named("booked by", [_person(details.creator)]),
        *([f"\n{details.text}"] if details.text else []),
    ]
    parts: list[RenderableType] = [Text(visible(fact)) for fact in facts]
    parts += [occurrences_table(details, zone)] if several else []
    parts += history_lines(details.changes, details.version, zone)
    title = visible(f"{details.id}: {details.matchcode}{_state(details)}")
    return Panel(Group(*parts), title=Text(title))


def occurrences_table(details: AppointmentDetails, zone: str) -> RenderableType:
    """Show when a series takes place, and what is different on some days."""
    rows = [
        (_day(each.period, zone), _alarm(each, zone), ", ".join(_deviations(each, zone)))
        for each in details.occurrences[:SHOWN]
    ]
    rows += _rest(len(details.occurrences))
    return table(f"{details.rule}", ("when", "alarm", ""), rows)


def periods_report(periods: Sequence[Period], zone: str) -> RenderableType:
    """Show when an appointment would take place."""
    rows = [(_day(each, zone),) for each in periods[:SHOWN]] + _rest(len(periods))
    return table("It would take place", ("when",), [row[:1] for row in rows])


def conflicts_report(conflicts: Sequence[Conflict], zone: str) -> RenderableType:
    """Say who and what would be in two places; they are told, and forbid nothing."""
    return Group(*(Text(conflict_line(each, zone), "bold yellow") for each in conflicts))


def conflict_line(conflict: Conflict, zone: str) -> str:
    """Say in one line who or what is needed twice."""
    when = Period(wall(conflict.begins_at, zone), wall(conflict.ends_at, zone), zone)
    what = f"{conflict.matchcode} (appointment {conflict.appointment_id})"
    told = what if conflict.matchcode else words(settings().language).busy
    return visible(f"Conflict: {conflict.name}, {_day(when, zone)}: {told}")


def _day(period: Period, zone: str) -> str:
    """Write a period briefly, by the clocks of a zone."""
    said = words(settings().language)
    begins, ends = period.begins, period.ends - timedelta(days=1)
    if not period.all_day:
        begins, ends = wall(period.begins_at, zone), wall(period.ends_at, zone)
    first, last = day_in_full(begins.date(), said), day_in_full(ends.date(), said)
    until = "" if first == last else f"{last} "
    if period.all_day:
        return f"{first}{f'–{until}' if until else ' '}{said.all_day}"
    return f"{first} {begins:%H:%M}–{until}{ends:%H:%M}"


def _alarm(occurrence: Occurrence, zone: str) -> str:
    """Say when an occurrence rings."""
    if occurrence.alarm is None:
        return "none"
    if occurrence.rings_at is None:
        return "rings no more"
    return f"{_lead(occurrence.alarm)}{wall(occurrence.rings_at, zone):%Y-%m-%d %H:%M}"


def _lead(alarm: Alarm) -> str:
    if alarm.lead is None:
        return ""
    parts = zip(_units(alarm.lead), ("d", "h", "min"), strict=True)
    told = " ".join(f"{count} {unit}" for count, unit in parts if count)
    return f"{told} before: " if told else "at the begin: "


def _units(lead: timedelta) -> tuple[int, int, int]:
    minutes = int(lead.total_seconds()) // 60
    return lead.days, minutes // 60 % 24, minutes % 60


def _marks(line: AppointmentLine) -> list[str]:
    marks = {"recurs": line.rule, "done": line.done, "cancelled": line.cancelled}
    priority = [] if line.priority is Priority.NORMAL else [line.priority]
    return [*priority, *(name for name, is_so in marks.items() if is_so)]


def _deviations(each: Occurrence, zone: str) -> list[str]:
    by_rule = wall(instant(each.recurrence, each.period.zone), zone)
    moved = f"moved from {by_rule:%Y-%m-%d %H:%M}"
    marks = {moved: each.changed, "done": each.done, "cancelled": each.cancelled}
    return [name for name, is_so in marks.items() if is_so]


def _state(details: AppointmentDetails) -> str:
    if details.cancelled_at:
        return " (cancelled)"
    left = [each for each in details.occurrences if not each.cancelled]
    return " (done)" if all(each.done for each in left) else ""


def _named(name: str, values: Sequence[str]) -> list[str]:
    """Name what there is; nothing where there is nothing."""
    there = [value for value in values if value]
    return [f"{name}: {', '.join(there)}"] if there else []


def _person(each: Item) -> str:
    return f"{each.name} ({each.number})"


def _invited(each: Invited) -> str:
    named = f"{each.guest.name} <{each.guest.address}>" if each.guest.name else each.guest.address
    answers = [f"{_on(recurrence)}{answer}" for recurrence, answer in each.answers.items()]
    outdated = [
        f"before it was moved: {_on(recurrence)}{answer}"
        for recurrence, answer in each.outdated.items()
    ]
    return f"{named} ({', '.join([*(answers or ['no answer yet']), *outdated])})"


def _on(recurrence: str) -> str:
    return f"{datetime.fromisoformat(recurrence):%Y-%m-%d %H:%M}: " if recurrence else ""


def _contact(details: AppointmentDetails) -> str:
    return f"{details.contact_id} {details.contact_matchcode}" if details.contact_id else ""


def _rest(count: int) -> list[tuple[str, str, str]]:
    return [(f"... {count - SHOWN} more", "", "")] if count > SHOWN else []
