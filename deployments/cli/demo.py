"""Commands about the demo's company."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.common import say
from tasks.settings import settings

app = typer.Typer(help="The demo's company.", no_args_is_help=True)


@app.command("send")
def send_to_demo(
    to: Annotated[str, typer.Option(help="One of the demo's mailboxes.")] = "service@demo.example",
    sender: Annotated[str, typer.Option("--from", help="Who writes.")] = "you@example.com",
    subject: Annotated[str, typer.Option(help="The subject.")] = "A question",
    text: Annotated[str, typer.Option(help="The text.")] = "Hello, can you help me?",
    file: Annotated[
        Path | None,
        typer.Option(help="A whole message (.eml) instead.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Send one message into a mailbox of the demo that is running."""
    from deployments.demo.sending import send, written

    raw = file.read_bytes() if file else written(sender, to, subject, text)
    send(settings().demo_smtp_port, to, raw)
    say(f"Sent to {to}; it is a contact in a moment: kontakt contact list")
