"""kontakt, the command line: an error is one line and exit code 2, a refusal says all, and 1."""

import os
import sys
from collections.abc import Sequence

import typer
from rich.console import Console

from deployments.cli import (
    accounts,
    alarms,
    appointments,
    calendars,
    cases,
    contacts,
    demo,
    dispatches,
    messages,
    quarantine,
    reviews,
    todos,
    workflows,
)
from deployments.cli.running import register
from deployments.environment import prefect_environment
from deployments.printing.tables import visible
from domain.errors import KontaktwerkError, Refused
from domain.wording import refusal_sentences
from tasks.settings import settings

app = typer.Typer(
    name="kontakt",
    help="Kontaktwerk: e-mails become contacts, contacts are sent, appointments ring.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
register(app)
app.add_typer(contacts.app, name="contact")
app.add_typer(cases.app, name="case")
app.add_typer(dispatches.app, name="dispatch")
app.add_typer(appointments.app, name="appointment")
app.add_typer(alarms.app, name="alarm")
app.add_typer(calendars.app, name="calendar")
app.command("staff-plan")(calendars.staff_plan)
app.add_typer(messages.app, name="message")
app.add_typer(todos.app, name="todo")
app.add_typer(workflows.app, name="workflow")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(reviews.app, name="review")
app.add_typer(accounts.app, name="account")
app.add_typer(demo.app, name="demo")


def main() -> None:
    """Run the command line; what goes wrong is said in one line, what is refused in sentences."""
    try:
        _require_text(sys.argv)
        for name, value in prefect_environment(settings()).items():
            os.environ.setdefault(name, value)
        app(standalone_mode=True)
    except Refused as refused:
        _complain(*refusal_sentences(refused.refusals, settings().language))
        sys.exit(1)
    except KontaktwerkError as error:
        _complain(f"kontakt: {error}")
        sys.exit(2)


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse what no database takes and no terminal shows: bytes that are no text (UTF-8)."""
    for each in arguments:
        if each.encode(errors="replace") != each.encode(errors="surrogatepass"):
            shown = each.encode(errors="backslashreplace").decode()
            raise KontaktwerkError(f"{visible(shown)} is no text in UTF-8")


def _complain(*sentences: str) -> None:
    for sentence in sentences:
        Console(stderr=True).print(sentence, markup=False, soft_wrap=True)
