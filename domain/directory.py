"""The CRM's directory: employees, teams, addresses with their persons, and cases."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


class CaseKind(StrEnum):
    """What a case is about (Vorgangsart)."""

    SERVICE_CALL = "service_call"
    PROJECT = "project"
    ORDER = "order"
    COMPLAINT = "complaint"
    OTHER = "other"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Employee(_Entry):
    """Who works with the system (Mitarbeiter)."""

    number: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = None
    mobile: str = Field(default="", max_length=50)
    signature: str = ""
    permissions: tuple[str, ...] = ()


class Team(_Entry):
    """A group of employees, named by their personnel numbers."""

    name: str = Field(min_length=1, max_length=200)
    members: tuple[str, ...] = ()


class Person(_Entry):
    """A person at an address (Ansprechpartner)."""

    name: str = Field(min_length=1, max_length=200)
    emails: tuple[str, ...] = ()
    mobile: str = Field(default="", max_length=50)
    fax: str = Field(default="", max_length=50)


class Address(_Entry):
    """A company or a private party (Adresse)."""

    number: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=200)
    emails: tuple[str, ...] = ()
    mobile: str = Field(default="", max_length=50)
    fax: str = Field(default="", max_length=50)
    person: tuple[Person, ...] = ()


class Case(_Entry):
    """A business process (Vorgang); address, person and owner are named by number or name."""

    number: Annotated[str, StringConstraints(to_upper=True, min_length=1, max_length=50)]
    kind: CaseKind
    title: str = Field(min_length=1, max_length=500)
    open: bool = True
    address: str | None = None
    person: str | None = None
    owner: str | None = None


class ActivityType(_Entry):
    """What classifies contacts, and the channels that they may be sent by (Aktivitätsart)."""

    name: str = Field(min_length=1, max_length=50)
    options: tuple[str, ...] = ()


class Directory(_Entry):
    """All of it, as a file gives it."""

    employee: tuple[Employee, ...] = ()
    team: tuple[Team, ...] = ()
    address: tuple[Address, ...] = ()
    case: tuple[Case, ...] = ()
    activity_type: tuple[ActivityType, ...] = ()

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        problems = [*self._unknown_members(), *self._unknown_in_cases()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_members(self) -> list[str]:
        known = {employee.number for employee in self.employee}
        return [
            f"team {team.name}: there is no employee {member}"
            for team in self.team
            for member in team.members
            if member not in known
        ]

    def _unknown_in_cases(self) -> list[str]:
        employees = {employee.number for employee in self.employee}
        persons = {address.number: {p.name for p in address.person} for address in self.address}
        problems = []
        for case in self.case:
            if case.owner and case.owner not in employees:
                problems.append(f"case {case.number}: there is no employee {case.owner}")
            if case.address and case.address not in persons:
                problems.append(f"case {case.number}: there is no address {case.address}")
            if case.person and case.person not in persons.get(case.address or "", ()):
                problems.append(f"case {case.number}: its address has no person {case.person}")
        return problems
