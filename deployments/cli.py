"""kontakt, the command line; every error is one line and exit code 2."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deployments import printing
from deployments.environment import prefect_environment
from domain.errors import KontaktwerkError, StoreUnavailable
from tasks.settings import settings
from tasks.store.database import Store, store

app = typer.Typer(
    name="kontakt",
    help="Kontaktwerk: mailboxes' e-mails become contacts.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
contact_app = typer.Typer(help="What came: contacts with their cases.", no_args_is_help=True)
quarantine_app = typer.Typer(help="What could not be processed.", no_args_is_help=True)
review_app = typer.Typer(help="Contacts whose case a person has to choose.", no_args_is_help=True)
account_app = typer.Typer(help="The watched mailboxes.", no_args_is_help=True)
demo_app = typer.Typer(help="The demo's company.", no_args_is_help=True)
app.add_typer(contact_app, name="contact")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(review_app, name="review")
app.add_typer(account_app, name="account")
app.add_typer(demo_app, name="demo")

console = Console()
As = Annotated[
    str | None,
    typer.Option("--as", help="Your personnel number; without it nothing private is shown."),
]
Limit = Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)]


@app.command()
def up() -> None:
    """Start everything: the Prefect server, the runner and, with nothing configured, the demo."""
    _require_home()
    from deployments.up import up as start_all

    try:
        start_all(settings(), console)
    except KeyboardInterrupt:
        console.print("Everything has ended.")


@app.command()
def runner() -> None:
    """Serve the deployments to a Prefect server that is up already (PREFECT_API_URL)."""
    _require_home()
    from deployments.runner import run  # imported late: Prefect takes seconds

    asyncio.run(run())


@app.command()
def upgrade() -> None:
    """Bring the database's structure up to date; up and runner do it by themselves."""
    store().upgrade()
    console.print("The database is up to date.")


@contact_app.command("list")
def list_contacts(
    viewer: As = None,
    own: Annotated[bool, typer.Option(help="Only what stands in your own views.")] = False,
    limit: Limit = 50,
) -> None:
    """List contacts, the latest first."""
    from tasks.store import contacts

    lines = contacts.list_contacts(_store(), _employee(viewer), own, limit)
    console.print(printing.contacts_table(lines))


@contact_app.command("show")
def show_contact(number: int, viewer: As = None) -> None:
    """Show one contact: who wrote to whom, its text, its files, and why its case was chosen."""
    from tasks.store import contacts

    console.print(
        printing.contact_panel(contacts.show_contact(_store(), number, _employee(viewer)))
    )


@contact_app.command("raw")
def raw_contact(number: int, target: Path, viewer: As = None) -> None:
    """Write a contact's message to a file, byte for byte as it came."""
    from tasks.store import contacts

    raw = contacts.raw_of_contact(_store(), number, _employee(viewer))
    try:
        target.write_bytes(raw)
    except OSError as error:
        raise KontaktwerkError(f"{target} cannot be written: {error.strerror}") from error
    console.print(f"{len(raw)} bytes written to {target}")


@quarantine_app.command("list")
def list_quarantine() -> None:
    """List what is in quarantine, why, and when it is tried again."""
    from tasks.store.quarantine import confined

    console.print(printing.quarantine_table(confined(_store())))


@quarantine_app.command("show")
def show_quarantine(number: int, viewer: As = None) -> None:
    """Show a quarantined message as it came; one from a private account only to its employees."""
    from tasks.store.quarantine import show_confined

    console.print(printing.raw_panel(number, show_confined(_store(), number, _employee(viewer))))


@quarantine_app.command("retry")
def retry_quarantine(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which; none: all of them.")] = None,
) -> None:
    """Try quarantined messages again now, after an upgrade say."""
    _require_home()
    from tasks.quarantine import retry_kept

    for message, trouble in retry_kept(_store(), numbers or []):
        outcome = f"stays: {trouble.detail}" if trouble else "is a contact now"
        console.print(f"{message} {outcome}", markup=False)


@review_app.command("list")
def list_reviews(viewer: As = None, limit: Limit = 50) -> None:
    """List the contacts whose case is ambiguous, the latest first."""
    from tasks.store import contacts

    lines = contacts.list_reviews(_store(), _employee(viewer), limit)
    console.print(printing.contacts_table(lines))


@review_app.command("show")
def show_review(number: int, viewer: As = None) -> None:
    """Show a contact with the candidates for its case and their reasons."""
    show_contact(number, viewer)


@review_app.command("decide")
def decide_review(number: int, case: str, viewer: As = None) -> None:
    """Give a contact its case; its thread learns it too."""
    from tasks.store import reviews

    reviews.decide_review(_store(), number, case, _employee(viewer))
    console.print(f"Contact {number} belongs to {case} now.", markup=False)


@account_app.command("list")
def list_accounts() -> None:
    """List the watched folders and how they fare."""
    from tasks.store.accounts import mailbox_healths

    console.print(printing.mailboxes_table(mailbox_healths(_store())))


@account_app.command("test")
def test_account(name: str) -> None:
    """Try a mail account: connection, TLS, login, folders, IDLE, MOVE."""
    _require_home()
    from tasks.accounts import configured_account
    from tasks.mail.probing import probe

    findings = probe(asyncio.run(configured_account(name)))
    console.print(printing.findings_table(findings))
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@demo_app.command("send")
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
    console.print(f"Sent to {to}; it is a contact in a moment: kontakt contact list", markup=False)


def main() -> None:
    """Run the command line; what goes wrong is said in one line."""
    try:
        for name, value in prefect_environment(settings()).items():
            os.environ.setdefault(name, value)
        app(standalone_mode=True)
    except KontaktwerkError as error:
        Console(stderr=True).print(f"kontakt: {error}", markup=False, soft_wrap=True)
        sys.exit(2)


def _require_home() -> None:
    """Make Prefect's folder before Prefect is imported: it warns where it cannot."""
    folder = settings().folder
    try:
        (folder / "prefect").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"{folder} cannot be written: {error.strerror}") from error


def _store() -> Store:
    store().upgrade()
    return store()


def _employee(number: str | None) -> int | None:
    from tasks.store.directory import employee_by_number

    return employee_by_number(_store(), number) if number else None


if __name__ == "__main__":
    main()
