"""Who wrote to the demo's company in the past, as archive.toml tells it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.directory import Address, Case, Directory, Person

FILE = Path(__file__).with_name("archive.toml")
EMPLOYEES = ("1001", "1002", "1003", "1004", "1005")
Language = Literal["de", "en"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(_Entry):
    """Somebody who writes, and about which case."""

    number: str
    name: str
    domain: str
    person: str
    language: Language = "de"
    case: dict[str, str]

    @property
    def email(self) -> str:
        """The person's e-mail address."""
        return f"office@{self.domain}"


class Matter(_Entry):
    """What somebody writes about."""

    language: Language
    subject: str
    text: str


class Duty(_Entry):
    """What there is to do, and in how many days."""

    matchcode: str
    days: int


class Archive(_Entry):
    """All of it, as the file tells it."""

    letters: int
    company: tuple[Company, ...]
    matter: tuple[Matter, ...]
    things: dict[Language, tuple[str, ...]]
    duty: tuple[Duty, ...]


@cache
def archive() -> Archive:
    """Read the file."""
    return Archive(**tomllib.loads(FILE.read_text(encoding="utf-8")))


def with_archive(directory: Directory) -> Directory:
    """Add the companies of the archive, and their cases, to the directory."""
    companies = archive().company
    return directory.model_copy(
        update={
            "address": (*directory.address, *map(_address, companies)),
            "case": (*directory.case, *map(_case, companies)),
        }
    )


def _address(company: Company) -> Address:
    person = Person(name=company.person, emails=(company.email,))
    return Address(number=company.number, name=company.name, person=(person,))


def _case(company: Company) -> Case:
    owner = EMPLOYEES[int(company.number[-1]) % len(EMPLOYEES)]
    return Case(**company.case, address=company.number, person=company.person, owner=owner)
