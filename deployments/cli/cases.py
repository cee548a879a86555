"""Commands about cases: which there are, what belongs to them, and what customers see."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.common import Acting, Viewer, console, employee_id, opened_store, say
from deployments.cli.exporting import ExportFormat, File, Separator, Target, export_list
from deployments.cli.filters import Term, filtered
from deployments.cli.json_output import Json, say_json
from deployments.cli.listing import How, show_list
from domain.errors import KontaktwerkError
from domain.lists import Listed, Wish

app = typer.Typer(help="Cases, and what customers see of them.", no_args_is_help=True)


@app.command("list")
@filtered(Listed.CASES)
def list_cases(wish: Wish, how: How, viewer: Viewer = None) -> None:
    """List cases by their numbers."""
    _show(wish, viewer, how)


@app.command("search")
@filtered(Listed.CASES, "search")
def search_cases(term: Term, wish: Wish, how: How, viewer: Viewer = None) -> None:
    """Search cases by a part of the number or of the title."""
    _show(replace(wish, search=term), viewer, how)


@app.command("export")
@filtered(Listed.CASES)
def export_cases(
    target: Target,
    wish: Wish,
    viewer: Viewer = None,
    format_: ExportFormat = None,
    separator: Separator = None,
) -> None:
    """Export cases to a file, exactly as filtered: as CSV or XLSX."""
    export_list(Listed.CASES, wish, viewer, File(target, format_, separator))


@app.command("show")
def show_case(number: str, viewer: Viewer = None, as_json: Json = False) -> None:
    """Show a case: its address and owner, and the first of what belongs to it."""
    from deployments.printing.cases import case_panel
    from tasks.settings import settings
    from tasks.store.case_details import show_case
    from tasks.store.staff import colleague

    store = opened_store()
    shown = show_case(store, number, employee_id(viewer))
    zone = colleague(store, viewer).zone if viewer else settings().zone
    if as_json:
        say_json({"case": shown})
    else:
        console.print(case_panel(shown, zone))


@app.command("history")
def show_history(
    number: str,
    employee: Acting,
    html: Annotated[
        Path | None, typer.Option(help="Write it to this file, as a page for browsers.")
    ] = None,
    files: Annotated[
        bool, typer.Option("--files", help="With the released attachments in the page.")
    ] = False,
) -> None:
    """Show a service call's communication as its customer sees it."""
    from deployments.printing.publishing import history_panel
    from tasks.histories.page import page
    from tasks.publishing import service_history
    from tasks.settings import settings

    store = opened_store()
    history = service_history(number, employee, with_files=files and html is not None)
    if html is None:
        console.print(history_panel(history))
        return
    _write(html, page(history, store.now(), settings().zone, settings().language))
    say(f"{len(history.entries)} published contacts written to {html}")


def _show(wish: Wish, viewer: str | None, how: How) -> None:
    from deployments.printing.cases import cases_table
    from tasks.store.lists.reading import CASES

    show_list(CASES, wish, employee_id(viewer), how, cases_table)


def _write(target: Path, text: str) -> None:
    from tasks.exporting.files import replacing

    try:
        with replacing(target) as file:
            file.write(text.encode())
    except OSError as error:
        raise KontaktwerkError(f"{target} cannot be written: {error.strerror}") from error
