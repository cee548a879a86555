"""Commands with which contacts are shown to customers: looked at before, published, withdrawn."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from deployments.cli.common import Acting, Number, console, opened_store, record_number, say
from domain.publishing import Caution
from domain.publishing_texts import Told, became, caution_sentence, told
from tasks.settings import settings

CONFIRMING = "--confirm-warnings"
Files = Annotated[
    list[int] | None,
    typer.Option(
        "--file",
        parser=record_number,
        metavar="POSITION",
        help="An attachment that customers get, by its position in the preview.",
    ),
]


def preview_contact(number: Number, employee: Acting, file: Files = None) -> None:
    """Show what customers would see of a contact, and what stands against it."""
    from deployments.printing.publishing import preview_panel
    from tasks.publishing import preview

    opened_store()
    console.print(preview_panel(number, preview(number, employee, file or ())))


def publish_contact(
    number: Number,
    employee: Acting,
    file: Files = None,
    confirm_warnings: Annotated[
        bool, typer.Option(CONFIRMING, help="Publish in spite of warnings.")
    ] = False,
) -> None:
    """Let customers see a contact in its service call's history; warnings are to be confirmed."""
    from tasks.publishing import publish

    opened_store()
    files, language = file or (), settings().language
    toggled = publish(number, employee, files)
    while toggled.cautions:
        _warn(toggled.cautions)
        if not confirm_warnings and not _is_confirmed(number):
            raise typer.Exit(1)
        toggled = publish(number, employee, files, toggled.cautions)
    say(became(toggled, number, language))


def withdraw_contact(number: Number, employee: Acting) -> None:
    """Let customers not see a contact any more; that is always possible."""
    from tasks.publishing import withdraw

    opened_store()
    say(became(withdraw(number, employee), number, settings().language))


def list_publications(number: Number, employee: Acting) -> None:
    """List when customers could see a contact, who let them, and what they saw."""
    from deployments.printing.publishing import publications_table
    from tasks.publishing import publications_of

    opened_store()
    console.print(publications_table(publications_of(number, employee)))


def _warn(cautions: Sequence[Caution]) -> None:
    for each in cautions:
        typer.echo(caution_sentence(each, settings().language), err=True)


def _is_confirmed(number: int) -> bool:
    """Ask where somebody is at the terminal; else say what confirms the warnings."""
    if not sys.stdin.isatty():
        typer.echo(CONFIRMING, err=True)
        return False
    return typer.confirm(told(Told.CONFIRM, number, settings().language))
