"""Commands that start everything, bring it up to date, and tell how it fares."""

import asyncio
from datetime import UTC, datetime

import typer

from deployments.cli.common import console, opened_store, require_home
from tasks.settings import settings


def register(app: typer.Typer) -> None:
    """Add these commands, which stand alone, to the command line."""
    for command in (up, runner, upgrade, status):
        app.command()(command)


def up() -> None:
    """Start everything: the Prefect server, the runner and, with nothing configured, the demo."""
    require_home()
    from deployments.up import up as start_all

    try:
        start_all(settings(), console)
    except KeyboardInterrupt:
        console.print("Everything has ended.")


def runner() -> None:
    """Serve the deployments to a Prefect server that is up already (PREFECT_API_URL)."""
    require_home()
    from deployments.runner import run  # imported late: Prefect takes seconds

    asyncio.run(run())


def upgrade() -> None:
    """Bring the database's structure up to date; up and runner do it by themselves."""
    opened_store()
    console.print("The database is up to date.")


def status() -> None:
    """Show how sending, its queues and the watched folders fare; code 1 if nothing is sent."""
    from deployments.printing.health import status_report
    from domain.sending import is_alive
    from tasks.store.accounts import mailbox_healths
    from tasks.store.queues import last_beat, queue_healths

    store, now = opened_store(), datetime.now(UTC)
    with store.reading() as connection:
        beat = last_beat(connection)
    console.print(status_report(beat, queue_healths(store), mailbox_healths(store), now))
    if not is_alive(beat, now):
        raise typer.Exit(1)
