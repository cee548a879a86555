"""Very many contacts, appointments and todos, as years of work leave them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from bench.words import WORDS
from sqlalchemy import Table, insert, text

from tasks.store.contact_words import Said, enter_words
from tasks.store.database import Store
from tasks.store.tables import (
    addresses,
    appointment_cases,
    appointment_participants,
    appointments,
    cases,
    contact_cases,
    contacts,
    correspondents,
    employees,
    mail_account_employees,
    mail_account_teams,
    mail_accounts,
    mailboxes,
    occurrences,
    receipts,
    team_members,
    teams,
    todo_cases,
    todos,
)

AT_ONCE = 5_000
FIRST = datetime(2021, 1, 4, 8, tzinfo=UTC)
YEARS = timedelta(days=5 * 365)
SUBJECTS = (
    "Angebot", "Rechnung", "Störung", "Lieferung", "Wartung", "Rückfrage", "Termin", "Reklamation",
    "Offer", "Invoice", "Outage", "Delivery", "Maintenance", "Question", "Appointment", "Complaint",
)  # fmt: skip
THINGS = (
    "Kühlraum", "Steuerung", "Förderband", "Türschloß", "Pumpe", "Verdichter", "Schaltschrank",
    "pump", "compressor", "conveyor", "lock", "panel", "sensor", "gearbox", "valve", "burner",
)  # fmt: skip
NAMES = ("Müller", "Schäfer", "Krüger", "Voß", "Jäger", "Weiß", "Lang", "Smith", "Brown", "Clark")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is of everything."""

    contacts: int
    others: int  # appointments, and todos
    employees: int = 300
    teams: int = 20
    addresses: int = 20_000
    cases: int = 50_000


def fill(store: Store, amount: Amount) -> None:
    """Enter all of it; the same with each run."""
    made = _Made(amount, list(_texts(2_000)))
    for table, rows in made.tables():
        _enter(store, table, rows)
    _enter_words(store, made)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not store.is_sqlite:  # where it is done by itself, sooner or later
            connection.execute(text("VACUUM ANALYZE"))


def received_at(number: int, of: int) -> datetime:
    """Tell when one of so many records came into being."""
    return FIRST + YEARS * (number / of)


def _texts(number: int) -> Iterator[str]:
    pick = Random(7)
    for _ in range(number):
        yield " ".join(pick.choices(WORDS, k=30)) + f" {pick.choice(THINGS)} {pick.choice(NAMES)}"


def _enter(store: Store, table: Table, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        with store.writing() as connection:
            connection.execute(insert(table), some)


def _enter_words(store: Store, made: "_Made") -> None:
    numbers = iter(range(1, made.amount.contacts + 1))
    while some := list(islice(numbers, AT_ONCE)):
        said = [made.said(each) for each in some]
        with store.writing() as connection:
            enter_words(connection, said)


@dataclass(frozen=True, slots=True)
class _Made:
    amount: Amount
    texts: Sequence[str]

    def tables(self) -> Iterator[tuple[Table, Iterator[Row]]]:
        """Give all tables, what is referred to before what refers to it."""
        yield employees, self._employees()
        yield teams, self._numbered(self.amount.teams, lambda n: {"name": f"Team {n}"})
        yield team_members, self._members()
        yield addresses, self._addresses()
        yield cases, self._cases()
        yield mail_accounts, self._accounts()
        yield mail_account_teams, ({"account_id": n, "team_id": n} for n in range(1, 11))
        yield (
            mail_account_employees,
            ({"account_id": 10 + n, "employee_id": n} for n in range(1, 11)),
        )
        yield mailboxes, self._mailboxes()
        yield contacts, self._contacts()
        yield contact_cases, self._contact_cases()
        yield correspondents, self._correspondents()
        yield receipts, self._receipts()
        yield appointments, self._appointments()
        yield occurrences, self._occurrences()
        yield appointment_participants, self._participants()
        yield appointment_cases, self._related(self.amount.others, "appointment_id")
        yield todos, self._todos()
        yield todo_cases, self._related(self.amount.others, "todo_id")

    def matchcode(self, number: int) -> str:
        """Give a subject: its words are frequent, its number is there once."""
        subject, thing = SUBJECTS[number % 16], THINGS[number // 16 % 16]
        word = WORDS[number // 2_560 % len(WORDS)]
        return f"{subject} {number:07} {thing} {NAMES[number // 256 % 10]} {word}"

    def said(self, number: int) -> Said:
        """Give what a contact says: a third of them repeat an earlier one."""
        new, quoted = self.texts[number % len(self.texts)], self.texts[number % 997]
        whole = f"{new}\n> {quoted}" if number % 3 == 0 else new
        return Said(number, self.matchcode(number), whole, new, ())

    def _numbered(self, most: int, row: Any) -> Iterator[Row]:
        return (row(number) for number in range(1, most + 1))

    def _employees(self) -> Iterator[Row]:
        usual: Mapping[str, Any] = {
            "permissions": ["crm.contacts"],
            "mobile": "",
            "signature": "",
            "active": True,
            "zone": None,
        }
        return self._numbered(
            self.amount.employees,
            lambda n: {"number": f"{1_000 + n}", "name": f"Employee {n}", **usual},
        )

    def _members(self) -> Iterator[Row]:
        return self._numbered(
            self.amount.employees,
            lambda n: {"team_id": 1 + n % self.amount.teams, "employee_id": n},
        )

    def _addresses(self) -> Iterator[Row]:
        return self._numbered(
            self.amount.addresses,
            lambda n: {"number": f"A{n}", "name": f"Company {n}", "mobile": "", "fax": ""},
        )

    def _cases(self) -> Iterator[Row]:
        return self._numbered(
            self.amount.cases,
            lambda n: {
                "number": f"K-{n}",
                "kind": "service_call",
                "title": f"Case {n}",
                "open": n % 3 == 0,
                "address_id": 1 + n % self.amount.addresses,
                "person_id": None,
                "owner_id": 1 + n % self.amount.employees,
            },
        )

    def _accounts(self) -> Iterator[Row]:
        return self._numbered(20, lambda n: {"name": f"box{n}", "address": f"box{n}@here.example"})

    def _mailboxes(self) -> Iterator[Row]:
        return self._numbered(20, lambda n: {"account_id": n, "folder": "INBOX", "watched": True})

    def _private(self, number: int) -> bool:
        return self._account(number) > 10

    def _account(self, number: int) -> int:
        """Choose who received a contact: a tenth came to the accounts of single employees."""
        return 11 + number // 10 % 10 if number % 10 == 0 else 1 + number % 10

    def _contacts(self) -> Iterator[Row]:
        for number in range(1, self.amount.contacts + 1):
            said = self.said(number)
            yield {
                "creator_id": None,
                "activity_type": "e-mail",
                "status": "done" if number * 7_919 // 8 % 2 else "created",
                "message_id": f"{number}@mail.example",
                "matchcode": said.matchcode,
                "text": said.text,
                "new_text": said.new_text,
                "received_at": received_at(number, self.amount.contacts),
                "automatic": "no",
                "defects": [],
                "private": self._private(number),
                "main_case_id": self._case(number),
                "verdict": "decided",
            }

    def _case(self, number: int) -> int:
        return 1 + number * 7_919 % self.amount.cases

    def _contact_cases(self) -> Iterator[Row]:
        return self._numbered(
            self.amount.contacts, lambda n: {"contact_id": n, "case_id": self._case(n)}
        )

    def _correspondents(self) -> Iterator[Row]:
        empty = {"person_id": None, "ambiguous": []}
        for number in range(1, self.amount.contacts + 1):
            address = 1 + (self._case(number)) % self.amount.addresses
            yield {
                "contact_id": number,
                "position": 0,
                "role": "from",
                "name": "Somebody",
                "address": f"somebody@{address}.example",
                "employee_id": None,
                "address_id": address,
                **empty,
            }
            yield {
                "contact_id": number,
                "position": 1,
                "role": "to",
                "name": "",
                "address": "box@here.example",
                "employee_id": 1 + number * 31 % self.amount.employees if number % 5 == 0 else None,
                "address_id": None,
                **empty,
            }

    def _receipts(self) -> Iterator[Row]:
        for number in range(1, self.amount.contacts + 1):
            yield {
                "mailbox_id": self._account(number),
                "uidvalidity": 1,
                "uid": number,
                "outcome": "new",
                "contact_id": number,
                "received_at": received_at(number, self.amount.contacts),
                "private": self._private(number),
                "settled": True,
            }

    def _appointments(self) -> Iterator[Row]:
        for number in range(1, self.amount.others + 1):
            at = received_at(number, self.amount.others)
            yield {
                "uid": f"{number}@here",
                "sequence": 0,
                "creator_id": 1 + number % self.amount.employees,
                "responsible_id": 1 + number % self.amount.employees,
                "contact_id": self._follows_up(number),
                "matchcode": self.matchcode(number),
                "text": "",
                "place": "",
                "priority": "normal",
                "begins": at.replace(tzinfo=None),
                "ends": at.replace(tzinfo=None) + timedelta(hours=1),
                "zone": "UTC",
                "all_day": False,
                "created_at": at,
                "changed_at": at,
            }

    def _follows_up(self, number: int) -> int | None:
        """Let each twentieth appointment belong to a contact."""
        return 1 + number * 5 % self.amount.contacts if number % 20 == 0 else None

    def _occurrences(self) -> Iterator[Row]:
        for number in range(1, self.amount.others + 1):
            at = received_at(number, self.amount.others)
            wall, end = at.replace(tzinfo=None), at + timedelta(hours=1)
            yield {
                "appointment_id": number,
                "position": 0,
                "recurrence": wall,
                "begins": wall,
                "ends": end.replace(tzinfo=None),
                "zone": "UTC",
                "all_day": False,
                "begins_at": at,
                "ends_at": end,
                "changed": False,
                "done": number * 7_919 // 16 % 10 < 8,
                "cancelled": False,
            }

    def _participants(self) -> Iterator[Row]:
        for number in range(1, self.amount.others + 1):
            for more in (17, 41):
                employee = 1 + (number + more) % self.amount.employees
                yield {"appointment_id": number, "employee_id": employee}

    def _related(self, most: int, column: str) -> Iterator[Row]:
        return self._numbered(most, lambda n: {column: n, "case_id": self._case(n)})

    def _todos(self) -> Iterator[Row]:
        for number in range(1, self.amount.others + 1):
            at = received_at(number, self.amount.others)
            done = at + timedelta(days=3) if number * 7_919 // 16 % 10 < 8 else None
            to_team = number % 4 == 0
            yield {
                "creator_id": 1,
                "activity_type": "phone note",
                "priority": "normal",
                "rank": number % 3,
                "matchcode": self.matchcode(number),
                "text": "",
                "employee_id": None if to_team else 1 + number % self.amount.employees,
                "team_id": 1 + number % self.amount.teams if to_team else None,
                "due_at": at + timedelta(days=7) if number % 5 else None,
                "created_at": at,
                "changed_at": at,
                "done_at": done,
                "reminders": 0,
            }
