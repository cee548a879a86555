"""Usual values for tests, changed where a test says so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from servers.dovecot import Dovecot
from servers.fixtures import ImapUser
from sqlalchemy import Connection, Table, delete, exists, func, insert, or_, select, text

from domain.accounts import MailAccount
from domain.arrivals import Arrival, Chunk, Counts, Mailbox
from domain.directory import Address, Case, CaseKind, Directory, Employee, Person, Team
from domain.lease import Lease
from domain.mail import Mail
from tasks.mail.reading import Reader
from tasks.mail.understand import understand
from tasks.receiving import receive_chunk
from tasks.store.accounts import enter_account
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.receiving import Terms
from tasks.store.tables import (
    activity_types,
    addresses,
    cases,
    employees,
    equipment,
    mail_addresses,
    persons,
    team_members,
    teams,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = b"a secret of the tests"

DIRECTORY = Directory(
    employee=(
        Employee(
            number="1001",
            name="Anna Berger",
            email="anna.berger@firm.example",
            permissions=("crm.contacts", "crm.contacts.edit_others"),
        ),
        Employee(
            number="1002",
            name="Jonas Weber",
            email="jonas.weber@firm.example",
            permissions=("crm.contacts",),
        ),
        Employee(
            number="1003",
            name="Mia Krüger",
            email="mia.krueger@firm.example",
            permissions=("crm.contacts",),
        ),
    ),
    team=(Team(name="Helpdesk", members=("1002",)), Team(name="Sales", members=("1003",))),
    address=(
        Address(
            number="10001",
            name="Müller Maschinenbau GmbH",
            emails=("info@mueller.example",),
            person=(
                Person(
                    name="Petra Müller",
                    emails=("petra@mueller.example",),
                    mobile="0151 23456789",
                    fax="030 1234567",
                ),
                Person(name="Uwe Lang", emails=("uwe@mueller.example", "lager@mueller.example")),
                Person(name="Ines Roth", emails=("lager@mueller.example",)),
            ),
        ),
        Address(number="10002", name="Frieda Lindner", emails=("frieda@lindner.example",)),
    ),
    case=(
        Case(
            number="SC-1042",
            kind=CaseKind.SERVICE_CALL,
            title="Fehler E17",
            address="10001",
            person="Petra Müller",
            owner="1002",
        ),
        Case(number="PR-7", kind=CaseKind.PROJECT, title="Halle 2", address="10001"),
        Case(
            number="SC-1001",
            kind=CaseKind.SERVICE_CALL,
            title="Erledigt",
            open=False,
            address="10002",
            owner="1002",
        ),
    ),
)


def account(**changes: Any) -> MailAccount:
    """Give a mail account of the Helpdesk."""
    usual = {
        "name": "service",
        "address": "service@firm.example",
        "host": "127.0.0.1",
        "security": "none",
        "login": "service@firm.example",
        "password": "secret",
        "teams": ("Helpdesk",),
    }
    return MailAccount(**{**usual, **changes})


def account_at(server: Dovecot, user: ImapUser, **changes: Any) -> MailAccount:
    """Give a user's mail account on a real server."""
    usual = {"port": server.port, "login": user.name, "password": user.password}
    return account(**{**usual, "timeout_seconds": 10, **changes})


def private_account(**changes: Any) -> MailAccount:
    """Give a mail account of one employee and no team."""
    usual = {
        "name": "anna",
        "address": "anna.berger@firm.example",
        "employees": ("1001",),
        "teams": (),
    }
    return account(**{**usual, **changes})


def letter(**fields: str) -> bytes:
    """Write a message; fields are its header (message_id for Message-ID) and its text."""
    usual = {
        "from": "Petra Müller <petra@mueller.example>",
        "to": "service@firm.example",
        "subject": "Fehler E17",
        "date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "message_id": "<1@mueller.example>",
        "text": "Guten Tag, der Fehler ist wieder da.",
    }
    values = {**usual, **{name.removesuffix("_"): value for name, value in fields.items()}}
    message = EmailMessage(policy=SMTP)
    text = values.pop("text")
    for name, value in values.items():
        if value:
            message[name.replace("_", "-").title()] = value
    message.set_content(f"{text}\n")
    return message.as_bytes()


def not_understood(raw: bytes) -> Mail:
    """Fail to read a message, as a reader with a fault does."""
    raise RecursionError(f"a message of {len(raw)} bytes is too deep")


PEOPLE = (employees, teams, team_members, addresses, persons, mail_addresses, equipment, cases)
Rows = dict[Table, list[dict[str, Any]]]
_entered: dict[tuple[str, str], Rows] = {}


def enter_directory(store: Store, *directories: Directory) -> None:
    """Enter directories one after the other.

    A store with nobody in it gets the rows that the same ones have come to before: to look for
    each row takes longer than most tests.
    """
    with store.reading() as connection:
        anybody = connection.scalar(select(or_(*[exists().select_from(each) for each in PEOPLE])))
        kinds = connection.execute(select(activity_types).order_by(activity_types.c.name)).all()
    key = (store.engine.dialect.name, repr((kinds, directories)))
    if not anybody and key in _entered:
        store.write(lambda connection: _enter_rows(connection, _entered[key]))
        return
    for directory in directories:
        apply_directory(store, directory)
    if not anybody:
        _entered[key] = _rows_of(store, *PEOPLE, activity_types)


def _rows_of(store: Store, *tables: Table) -> Rows:
    with store.reading() as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables
        }


def _enter_rows(connection: Connection, rows: Rows) -> None:
    connection.execute(delete(activity_types))
    for table in filter(rows.get, rows):
        connection.execute(insert(table), rows[table])
    if connection.dialect.name == "postgresql":
        ids = {table.name: [row["id"] for row in rows[table]] for table in rows if "id" in table.c}
        steps = [
            f"setval(pg_get_serial_sequence('{name}', 'id'), {max(ids[name])})"
            for name in filter(ids.get, ids)
        ]
        connection.execute(text(f"SELECT {', '.join(steps)}"))  # the next ones come after these


def prepared(store: Store, account: MailAccount) -> Mailbox:
    """Enter the directory and an account, and give its first folder."""
    enter_directory(store, DIRECTORY)
    return enter_account(store, account)[0]


def bounce_of(message_id: str, *recipients: str, **fields: str) -> bytes:
    """Write a standard report (RFC 3464) that a message did not reach these recipients."""
    failed = "".join(
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{to}>: no such user\n\n"
        for to in recipients
    )
    usual = {"from": "MAILER-DAEMON@mx.example", "subject": "Undelivered Mail", "message_id": ""}
    header = letter(**{**usual, "text": "", **fields}).decode().partition("Content-Type")[0]
    return (
        f"Return-Path: <>\r\n{header}MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n'
        "--b1\nContent-Type: text/plain\n\nIt could not be delivered.\n\n"
        f"--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"{failed}--b1\nContent-Type: text/rfc822-headers\n\n"
        f"Subject: Angebot\nMessage-ID: <{message_id}>\n\n--b1--\n"
    ).encode()


def letters(count: int) -> list[bytes]:
    """Write so many different messages."""
    one = letter(message_id="<0@mueller.example>")
    return [one.replace(b"<0@", b"<%d@" % number) for number in range(1, count + 1)]


def rows(store: Store, *tables: Table) -> int:
    """Count the rows of tables."""
    with store.reading() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in tables]
    return sum(filter(None, counts))


def receive_letters(
    store: Store,
    box: Mailbox,
    letters: Sequence[bytes],
    first_uid: int = 1,
    uidvalidity: int = 1,
    lease: Lease | None = None,
    reader: Reader = understand,
) -> Counts:
    """Receive messages as one chunk, with UIDs counted up."""
    arrivals = [Arrival(uid, NOW, raw) for uid, raw in enumerate(letters, first_uid)]
    upto = first_uid + len(letters) - 1
    chunk = Chunk(box, uidvalidity, arrivals, upto=upto)
    return receive_chunk(store, chunk, Terms(SECRET, NOW, lease), reader)
