"""Commands about what could not be processed."""

from typing import Annotated

import typer

from deployments.cli.common import (
    Number,
    Viewer,
    console,
    employee_id,
    number_of,
    opened_store,
    require_home,
    say,
)

app = typer.Typer(help="What could not be processed.", no_args_is_help=True)


@app.command("list")
def list_quarantine() -> None:
    """List what is in quarantine, why, and when it is tried again."""
    from deployments.printing.quarantine import quarantine_table
    from tasks.store.quarantine import confined

    console.print(quarantine_table(confined(opened_store())))


@app.command("show")
def show_quarantine(number: Number, viewer: Viewer = None) -> None:
    """Show a quarantined message as it came; one from a private account only to its employees."""
    from deployments.printing.quarantine import raw_panel
    from tasks.store.quarantine import show_confined

    shown = show_confined(opened_store(), number, employee_id(viewer))
    console.print(raw_panel(number, shown))


@app.command("retry")
def retry_quarantine(
    numbers: Annotated[
        list[int] | None,
        number_of("Which; none: all of them."),
    ] = None,
) -> None:
    """Try quarantined messages again now, after an upgrade say."""
    require_home()
    from tasks.quarantine import retry_kept

    for message, trouble in retry_kept(opened_store(), numbers or []):
        outcome = f"stays: {trouble.detail}" if trouble else "is a contact now"
        say(f"{message} {outcome}")
