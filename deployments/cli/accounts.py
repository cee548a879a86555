"""Commands about mail accounts."""

import asyncio

import typer

from deployments.cli.common import console, opened_store, require_home

app = typer.Typer(help="The mail accounts.", no_args_is_help=True)


@app.command("list")
def list_accounts() -> None:
    """List the watched folders and how they fare."""
    from deployments.printing.health import mailboxes_table
    from tasks.store.accounts import mailbox_healths

    console.print(mailboxes_table(mailbox_healths(opened_store())))


@app.command("test")
def test_account(name: str) -> None:
    """Try a mail account: connection, TLS, login, folders, IDLE, MOVE, and whether it can send."""
    require_home()
    from deployments.printing.health import findings_table
    from tasks.accounts import configured_account
    from tasks.mail.probing import probe

    findings = probe(asyncio.run(configured_account(name)))
    console.print(findings_table(findings))
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)
