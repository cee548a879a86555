"""Commands about the internal messages in one's inbox."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deployments.cli.common import Acting, Limit, Number, console, opened_store

app = typer.Typer(help="Internal messages, in your own inbox.", no_args_is_help=True)


@app.command("list")
def list_messages(
    employee: Acting,
    unread: Annotated[bool, typer.Option("--unread", help="Only new ones.")] = False,
    limit: Limit = 50,
) -> None:
    """List your messages, the latest first."""
    from deployments.printing.messages import inbox_table
    from tasks.store.directory import employee_by_number
    from tasks.store.inbox import inbox

    store = opened_store()
    console.print(inbox_table(inbox(store, employee_by_number(store, employee), unread, limit)))


@app.command("read")
def read_message(
    number: Number,
    employee: Acting,
    keep_new: Annotated[bool, typer.Option("--keep-new", help="Leave it marked as new.")] = False,
) -> None:
    """Show a message; then it counts as read."""
    from deployments.printing.messages import message_panel
    from tasks.store.directory import employee_by_number
    from tasks.store.inbox import mark_read, show_message

    store = opened_store()
    reader = employee_by_number(store, employee)
    console.print(message_panel(show_message(store, reader, number)))
    if not keep_new:
        mark_read(store, reader, number, datetime.now(UTC))
