"""Mail accounts as the database knows them: for whom they are, and how their folders fare."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from domain.accounts import MailAccount
from domain.arrivals import Mailbox, Position
from domain.audience import Assignment
from tasks.store.database import Store
from tasks.store.directory import number_id, team_id
from tasks.store.tables import (
    Instant,
    employees,
    mail_account_employees,
    mail_account_teams,
    mail_accounts,
    mailboxes,
)


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """How a folder fares."""

    mailbox: Mailbox
    checked_at: datetime | None
    failing_since: datetime | None
    failure: str | None


def enter_account(store: Store, account: MailAccount) -> tuple[Mailbox, ...]:
    """Enter an account or bring it up to date, and give its watched folders."""
    return store.write(lambda connection: _enter(connection, account))


def _enter(connection: Connection, account: MailAccount) -> tuple[Mailbox, ...]:
    values = {"address": account.address}
    same = mail_accounts.c.name == account.name
    account_id = connection.scalar(select(mail_accounts.c.id).where(same))
    if account_id is None:
        created = insert(mail_accounts).values(name=account.name, **values)
        account_id = connection.scalar(created.returning(mail_accounts.c.id))
    else:
        connection.execute(update(mail_accounts).where(same).values(**values))
    assert account_id is not None
    _assign(connection, account_id, account)
    others = (mailboxes.c.account_id == account_id) & mailboxes.c.folder.not_in(account.folders)
    connection.execute(update(mailboxes).where(others).values(watched=False))
    return tuple(
        _enter_folder(connection, account_id, folder, account.creates_contacts)
        for folder in account.folders
    )


def _assign(connection: Connection, account_id: int, account: MailAccount) -> None:
    employee_ids = [number_id(connection, employees, number) for number in account.employees]
    team_ids = [team_id(connection, name) for name in account.teams]
    _link(connection, mail_account_employees, "employee_id", account_id, employee_ids)
    _link(connection, mail_account_teams, "team_id", account_id, team_ids)


def _link(
    connection: Connection, table: Table, column: str, account_id: int, ids: Sequence[int]
) -> None:
    connection.execute(delete(table).where(table.c.account_id == account_id))
    if ids:
        rows = [{"account_id": account_id, column: linked} for linked in ids]
        connection.execute(insert(table), rows)


def _enter_folder(connection: Connection, account_id: int, folder: str, watched: bool) -> Mailbox:
    same = (mailboxes.c.account_id == account_id) & (mailboxes.c.folder == folder)
    if connection.scalar(select(mailboxes.c.id).where(same)) is None:
        row = {"account_id": account_id, "folder": folder, "watched": watched}
        connection.execute(insert(mailboxes).values(**row))
    else:
        connection.execute(update(mailboxes).where(same).values(watched=watched))
    return _mailbox(connection.execute(_selecting().where(same)).one())


def leave_alone_others(store: Store, names: Collection[str]) -> None:
    """Note that only the accounts with these names are watched; the others' contacts stay."""
    other_accounts = select(mail_accounts.c.id).where(mail_accounts.c.name.not_in(names))
    others = mailboxes.c.watched & mailboxes.c.account_id.in_(other_accounts)
    with store.reading() as connection:
        nothing_to_do = connection.scalar(select(mailboxes.c.id).where(others)) is None
    if not nothing_to_do:
        changing = update(mailboxes).where(others).values(watched=False)
        store.write(lambda connection: connection.execute(changing))


def mailbox(store: Store, mailbox_id: int) -> Mailbox:
    """Read one folder anew, with its position."""
    with store.reading() as connection:
        return _mailbox(connection.execute(_selecting().where(mailboxes.c.id == mailbox_id)).one())


def _selecting() -> Select[Any]:
    return select(mailboxes, mail_accounts.c.name.label("account"), mail_accounts.c.address).join(
        mail_accounts
    )


def _mailbox(row: Any) -> Mailbox:
    position = Position(row.uidvalidity, row.last_uid)
    return Mailbox(row.id, row.account, row.address, row.folder, position)


def assignment_of(connection: Connection, mailbox_id: int) -> Assignment:
    """Tell for whom a folder's account is (R3)."""
    this = mailboxes.c.id == mailbox_id
    of_account = mailboxes.c.account_id
    employee_ids = select(mail_account_employees.c.employee_id).join(
        mailboxes, of_account == mail_account_employees.c.account_id
    )
    team_ids = select(mail_account_teams.c.team_id).join(
        mailboxes, of_account == mail_account_teams.c.account_id
    )
    return Assignment(
        frozenset(connection.scalars(employee_ids.where(this))),
        frozenset(connection.scalars(team_ids.where(this))),
    )


def record_success(store: Store, mailbox_id: int, now: datetime) -> None:
    """Note that a folder was read."""
    _record(store, mailbox_id, checked_at=now, failing_since=None, failure=None)


def record_failure(store: Store, mailbox_id: int, failure: str, now: datetime) -> None:
    """Note that a folder could not be read; it is failing since the first time in a row."""
    since = func.coalesce(mailboxes.c.failing_since, bindparam("since", now, Instant))
    _record(store, mailbox_id, failing_since=since, failure=failure)


def _record(store: Store, mailbox_id: int, **values: Any) -> None:
    changing = update(mailboxes).where(mailboxes.c.id == mailbox_id).values(**values)
    store.write(lambda connection: connection.execute(changing))


def mailbox_healths(store: Store) -> tuple[MailboxHealth, ...]:
    """Tell how every watched folder fares, by name."""
    query = _selecting().where(mailboxes.c.watched)
    ordered = query.order_by(mail_accounts.c.name, mailboxes.c.folder)
    with store.reading() as connection:
        rows = connection.execute(ordered).all()
    return tuple(
        MailboxHealth(_mailbox(row), row.checked_at, row.failing_since, row.failure) for row in rows
    )
