"""The demo's past: a year's letters, visits and todos, enough that searching is worth it."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import cycle, islice
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from deployments.demo.archive_file import EMPLOYEES, Company, Language, Matter, archive
from deployments.demo.messages import DemoMessage
from domain.appointments import NewAppointment, Period
from domain.errors import KontaktwerkError
from domain.todos import NewTodo
from domain.zones import wall
from tasks.appointments import book_appointment
from tasks.store.database import store
from tasks.todos import write_todo

Record = TypeVar("Record", NewAppointment, NewTodo)
MAILBOXES = ("service@demo.example", "sales@demo.example")
ZONE = "Europe/Berlin"
APART = timedelta(hours=27)  # between two letters
VISITS, DUTIES = 200, 150
WHO_KEEPS = "1001"  # may do so for others, too
PAUSE = 0.05  # seconds between two records, so that nobody waits for them


def archived_letters(now: datetime) -> Iterator[DemoMessage]:
    """Give a year's letters, the latest first; the same instant gives the same bytes."""
    there = archive()
    for number in range(there.letters):
        company = there.company[number % len(there.company)]
        matters = [each for each in there.matter if each.language == company.language]
        matter = matters[number // len(there.company) % len(matters)]
        sent_at = now - timedelta(days=2) - number * APART
        mailbox = MAILBOXES[number % len(MAILBOXES)]
        yield DemoMessage((mailbox,), _letter(number, company, matter, mailbox, sent_at), sent_at)


async def keep_records(now: datetime) -> None:
    """Book the visits and write the todos, each once, whatever is interrupted."""
    for number in range(VISITS):
        await _kept(book_appointment, _visit(number, now))
    for number in range(DUTIES):
        await _kept(write_todo, _todo(number, now))


async def _kept(keep: Callable[[Record, str], object], record: Record) -> None:
    """Try until it is kept: the directory may not be there yet, or the database be busy."""
    while True:
        try:
            await asyncio.to_thread(store().upgrade)
            await asyncio.to_thread(keep, record, WHO_KEEPS)
            return await asyncio.sleep(PAUSE)
        except (KontaktwerkError, SQLAlchemyError) as error:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
        await asyncio.sleep(1)


def _letter(
    number: int, company: Company, matter: Matter, mailbox: str, sent_at: datetime
) -> bytes:
    said = {"thing": _thing(number, company.language), "number": f"R-{4_000 + number}"}
    said["weeks"] = str(2 + number % 5)
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{company.person} <{company.email}>"
    message["To"] = mailbox
    message["Subject"] = matter.subject.format(**said)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<archive-{number}@{company.domain}>"
    greeting, closing = _phrases(company.language)
    message.set_content(
        f"{greeting}\n\n{matter.text.format(**said)}\n\n{closing}\n{company.person}\n"
    )
    return message.as_bytes()


def _phrases(language: Language) -> tuple[str, str]:
    if language == "de":
        return "Guten Tag,", "Mit freundlichen Grüßen"
    return "Dear Sir or Madam,", "Kind regards"


def _thing(number: int, language: Language) -> str:
    things = archive().things[language]
    return things[number * 7 % len(things)]


def _visit(number: int, now: datetime) -> NewAppointment:
    """Give a visit of half a year ago up to a quarter from now, on a working hour."""
    company = archive().company[number % len(archive().company)]
    day = wall(now, ZONE).date() + timedelta(days=number * 270 // VISITS - 180)
    begins = datetime.combine(day, time(8 + number % 9))
    responsible, beside = islice(cycle(EMPLOYEES), number % 5, number % 5 + 2)
    return NewAppointment(
        period=Period(begins, begins + timedelta(hours=1), ZONE),
        responsible=responsible,
        matchcode=f"{company.name}: {_thing(number, company.language)}",
        place=company.name,
        participants=(beside,),
        cases=(company.case["number"],),
        key=f"demo:archive:{number}",
    )


def _todo(number: int, now: datetime) -> NewTodo:
    company = archive().company[number % len(archive().company)]
    duty = archive().duty[number % len(archive().duty)]
    to_team = number % 4 == 0
    return NewTodo(
        "Kundenkontakt",
        duty.matchcode.format(thing=_thing(number, company.language)) + f" ({company.name})",
        employee=None if to_team else EMPLOYEES[number % len(EMPLOYEES)],
        team="Vertrieb" if to_team else None,
        cases=(company.case["number"],),
        due=now + timedelta(days=duty.days + number),
        key=f"demo:archive:{number}",
    )
