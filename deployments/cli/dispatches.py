"""Commands about dispatches: following them, and deciding about them."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.live import Live

from deployments.cli.common import (
    Acting,
    Limit,
    Number,
    Viewer,
    console,
    employee_id,
    instant,
    opened_store,
    say,
)
from domain.delivery import DispatchStatus

REFRESH = 1.0  # seconds; a view is at most five behind (X5)
NOBODY_UNKNOWN = "Dispatch {} has no recipient of whom nobody knows: nothing is changed."

app = typer.Typer(help="What is sent, and how it goes.", no_args_is_help=True)


@app.command("list")
def list_dispatches(
    status: Annotated[
        list[DispatchStatus] | None, typer.Option(help="Only these; none: all.")
    ] = None,
    viewer: Viewer = None,
    limit: Limit = 50,
) -> None:
    """List dispatches with the status of each recipient, the latest first."""
    from deployments.printing.dispatches import dispatches_table
    from tasks.store import dispatches

    wanted = status or list(DispatchStatus)
    lines = dispatches.list_dispatches(opened_store(), employee_id(viewer), wanted, limit=limit)
    console.print(dispatches_table(lines))


@app.command("show")
def show_dispatch(number: Number, viewer: Viewer = None) -> None:
    """Show one dispatch: each recipient's status, and every attempt with the service's answer."""
    from deployments.printing.dispatches import dispatch_panel
    from tasks.store import dispatches

    console.print(
        dispatch_panel(dispatches.show_dispatch(opened_store(), number, employee_id(viewer)))
    )


@app.command("watch")
def watch_dispatches(
    viewer: Viewer = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, help="For so many seconds; none: until Ctrl-C.")
    ] = None,
    limit: Limit = 20,
) -> None:
    """Show the latest dispatches as they go out, refreshed each second."""
    from deployments.printing.dispatches import watched
    from tasks.store import dispatches

    store, who = opened_store(), employee_id(viewer)

    def shown() -> RenderableType:
        lines = dispatches.list_dispatches(store, who, limit=limit)
        return watched(lines, datetime.now(UTC))

    end = None if seconds is None else time.monotonic() + seconds
    try:
        with Live(shown(), console=console, auto_refresh=False) as live:
            while end is None or time.monotonic() < end:
                time.sleep(REFRESH)
                live.update(shown(), refresh=True)
    except KeyboardInterrupt:
        pass


@app.command("cancel")
def cancel(number: Number, employee: Acting) -> None:
    """Cancel what of a dispatch has not gone out yet."""
    from tasks.store.dispatch_actions import cancel_dispatch

    cancel_dispatch(opened_store(), number, employee, datetime.now(UTC))
    say(f"Dispatch {number} is cancelled.")


@app.command("later")
def later(
    number: Number,
    employee: Acting,
    not_before: Annotated[
        datetime,
        typer.Option(parser=instant, metavar="INSTANT", help="Such as 2026-11-24T09:00."),
    ],
) -> None:
    """Send what of a dispatch has not gone out yet not before an instant."""
    from tasks.store.dispatch_actions import put_off

    put_off(opened_store(), number, employee, not_before, datetime.now(UTC))
    say(f"Dispatch {number} goes out after {not_before.astimezone():%Y-%m-%d %H:%M:%S}.")


@app.command("resend")
def resend(number: Number, employee: Acting) -> None:
    """Send again to those of whom nobody knows whether it reached them; it may arrive twice."""
    from tasks.store.dispatch_actions import send_again

    _report(number, send_again(opened_store(), number, employee, datetime.now(UTC)), "queued again")


@app.command("count-as-sent")
def count_as_sent(number: Number, employee: Acting) -> None:
    """Take those for reached of whom nobody knows."""
    from tasks.store import dispatch_actions

    counted = dispatch_actions.count_as_sent(opened_store(), number, employee, datetime.now(UTC))
    _report(number, counted, "counted as sent")


def _report(number: int, recipients: int, what: str) -> None:
    if not recipients:
        say(NOBODY_UNKNOWN.format(number))
        raise typer.Exit(1)
    say(f"Dispatch {number} is {what}; recipients: {recipients}.")
