"""Commands about contacts whose case a person has to choose."""

import typer

from deployments.cli.common import Limit, Number, Viewer, console, employee_id, opened_store, say
from deployments.cli.contacts import show_contact

app = typer.Typer(help="Contacts whose case a person has to choose.", no_args_is_help=True)


@app.command("list")
def list_reviews(viewer: Viewer = None, limit: Limit = 50) -> None:
    """List the contacts whose case is ambiguous, the latest first."""
    from deployments.printing.contacts import contacts_table
    from tasks.store import contacts

    lines = contacts.list_reviews(opened_store(), employee_id(viewer), limit)
    console.print(contacts_table(lines))


@app.command("show")
def show_review(number: Number, viewer: Viewer = None) -> None:
    """Show a contact with the candidates for its case and their reasons."""
    show_contact(number, viewer)


@app.command("decide")
def decide_review(number: Number, case: str, viewer: Viewer = None) -> None:
    """Give a contact its case; its thread learns it too."""
    from tasks.store import reviews

    reviews.decide_review(opened_store(), number, case, employee_id(viewer))
    say(f"Contact {number} belongs to {case} now.")
