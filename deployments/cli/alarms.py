"""Commands about alarms: one's own, noticing them, and how one wants to be informed."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from deployments.cli.common import Acting, Limit, console, number_of, opened_store, say
from domain.alarms import E_MAIL, PUSH, Preferences
from domain.errors import KontaktwerkError

app = typer.Typer(help="The alarms of appointments.", no_args_is_help=True)


class Channel(StrEnum):
    """By what an employee can be informed beside the internal message."""

    E_MAIL = E_MAIL
    PUSH = PUSH


Number = Annotated[int, number_of("The alarm's number, as its message says.")]


@app.command("list")
def list_alarms(
    employee: Acting,
    unacknowledged: Annotated[
        bool, typer.Option("--unacknowledged", help="Only those that wait for you.")
    ] = False,
    limit: Limit = 20,
) -> None:
    """List your alarms: what rang, the latest first, and what is armed, the next one first."""
    from deployments.printing.alarms import alarms_table
    from tasks.store.alarm_lines import alarms_of, alarms_to_come
    from tasks.store.staff import colleague

    store = opened_store()
    who = colleague(store, employee)
    rung = alarms_of(store, who.id, unacknowledged, limit)
    console.print(alarms_table("Rung", rung, who.zone))
    if not unacknowledged:
        console.print(alarms_table("Armed", alarms_to_come(store, who.id, limit), who.zone))


@app.command("acknowledge")
def acknowledge(number: Number, employee: Acting) -> None:
    """Say that you have noticed an alarm, by whichever channel it came."""
    from tasks.store import acknowledging

    store = opened_store()
    acknowledging.acknowledge(store, number, employee, store.now())
    say(f"Alarm {number} is acknowledged.")


@app.command("snooze")
def snooze(
    number: Number,
    employee: Acting,
    minutes: Annotated[int, typer.Option(min=1, max=1_000_000, help="In so many.")] = 10,
) -> None:
    """Let an alarm ring again later."""
    from tasks.store import acknowledging

    store = opened_store()
    now = store.now()
    acknowledging.snooze(store, number, employee, now + timedelta(minutes=minutes), now)
    say(f"Alarm {number} rings again in {minutes} min.")


@app.command("wishes")
def wishes(
    employee: Acting,
    channels: Annotated[
        list[Channel] | None,
        typer.Option("--channel", help="Inform me by this too; named, these are all."),
    ] = None,
    messages_only: Annotated[
        bool, typer.Option("--messages-only", help="By nothing but the internal message.")
    ] = False,
    escalate_after: Annotated[
        int | None,
        typer.Option(min=0, max=1_440, help="Minutes without acknowledgement; 0: never."),
    ] = None,
    escalate_to: Annotated[Channel | None, typer.Option(help="Then inform me by this.")] = None,
) -> None:
    """Show how you are informed of appointments beside the internal message, or change it."""
    from deployments.printing.alarms import wishes_text
    from tasks.store.staff import colleague
    from tasks.store.wishes import set_wishes, wishes_of

    store = opened_store()
    who = colleague(store, employee)
    with store.reading() as connection:
        before = wishes_of(connection, [who.id])[who.id]
    named = frozenset(str(each) for each in channels or ())
    after = replace(before, channels=named) if named or messages_only else before
    after = _escalating(after, escalate_after, escalate_to)
    if after != before:
        set_wishes(store, employee, after, store.now())
    say(wishes_text(after))


def _escalating(wishes: Preferences, after: int | None, to: Channel | None) -> Preferences:
    """Change when and by what one is informed again; both go together."""
    if after == 0:
        return replace(wishes, escalate_after=None, escalate_to=None)
    minutes = wishes.escalate_after if after is None else timedelta(minutes=after)
    channel = str(to) if to else wishes.escalate_to
    if (minutes is None) != (channel is None):
        raise KontaktwerkError("--escalate-after and --escalate-to go together")
    return replace(wishes, escalate_after=minutes, escalate_to=channel)
