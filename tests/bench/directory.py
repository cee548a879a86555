"""The directory of the benchmarks: companies with their people and cases, to be matched."""

from random import Random

from domain.directory import Address, Case, CaseKind, Directory, Employee, Person, Team
from domain.mail import MailAddress

COMPANIES = 300
FIRST_NAMES = [
    "Petra",
    "Uwe",
    "Ines",
    "Jörg",
    "Müge",
    "Käthe",
    "Björn",
    "Sören",
    "Anna",
    "Karl",
    "Lena",
    "Ömer",
    "Ruth",
    "Till",
]
LAST_NAMES = [
    "Müller",
    "Groß",
    "Jäger",
    "Köhler",
    "Weiß",
    "Strauß",
    "Özdemir",
    "Lang",
    "Roth",
    "Kühn",
    "Vogel",
    "Brandt",
]
OWNERS = ("1001", "1002")
KINDS = list(CaseKind)


def directory(seed: int = 1) -> Directory:
    """Make up a directory; the same seed gives the same one."""
    chance = Random(seed)
    companies = tuple(_company(chance, number) for number in range(COMPANIES))
    return Directory(
        employee=tuple(
            Employee(
                number=number,
                name=f"Employee {number}",
                email=f"{number}@firm.example",
                permissions=("crm.contacts",),
            )
            for number in OWNERS
        ),
        team=(Team(name="Helpdesk", members=OWNERS),),
        address=companies,
        case=tuple(case for company in companies for case in _cases(chance, company)),
    )


def people(entries: Directory) -> list[tuple[MailAddress, list[Case]]]:
    """List the persons of a directory, each with the cases of their company."""
    cases = {company.number: list[Case]() for company in entries.address}
    for case in entries.case:
        cases[case.address or ""].append(case)
    return [
        (MailAddress(person.name, person.emails[0]), cases[company.number])
        for company in entries.address
        for person in company.person
    ]


def _company(chance: Random, number: int) -> Address:
    domain = f"company{number}.example"
    return Address(
        number=f"{10_000 + number}",
        name=f"Company {number} GmbH",
        emails=(f"info@{domain}",),
        person=tuple(_person(chance, domain, place) for place in range(chance.randint(1, 6))),
    )


def _person(chance: Random, domain: str, place: int) -> Person:
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    return Person(name=f"{name} {place}", emails=(f"person{place}@{domain}",))


def _cases(chance: Random, company: Address) -> list[Case]:
    return [
        Case(
            number=f"SC-{company.number}{place}",
            kind=chance.choice(KINDS),
            title=f"Case {place} of {company.name}",
            open=chance.random() < 0.5,
            address=company.number,
            person=chance.choice([None, chance.choice(company.person).name]),
            owner=chance.choice(OWNERS),
        )
        for place in range(chance.randint(0, 4))
    ]
