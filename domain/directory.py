"""The CRM's directory: employees, teams, addresses with their persons, and cases."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.alarms import Preferences
from domain.zones import is_zone


class CaseKind(StrEnum):
    """What a case is about (Vorgangsart)."""

    SERVICE_CALL = "service_call"
    PROJECT = "project"
    ORDER = "order"
    COMPLAINT = "complaint"
    OTHER = "other"


def _known(name: str) -> str:
    if not is_zone(name):
        raise ValueError(f"there is no time zone {name}")
    return name


AlarmChannel = Literal["e-mail", "push"]
Zone = Annotated[str, AfterValidator(_known)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AlarmWishes(_Entry):
    """How an employee wants to be informed of appointments, beside the internal message."""

    channels: tuple[AlarmChannel, ...] = ()
    escalate_after: int | None = Field(default=None, ge=1, le=1_440)
    """Minutes without an acknowledgement, after which another channel is tried."""
    escalate_to: AlarmChannel | None = None

    @model_validator(mode="after")
    def _escalates_wholly(self) -> Self:
        if (self.escalate_after is None) != (self.escalate_to is None):
            raise ValueError("escalate_after and escalate_to go together")
        return self

    @property
    def preferences(self) -> Preferences:
        """What alarms are armed by."""
        after = None if self.escalate_after is None else timedelta(minutes=self.escalate_after)
        return Preferences(frozenset(self.channels), after, self.escalate_to)


class Employee(_Entry):
    """Who works with the system (Mitarbeiter)."""

    number: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = None
    mobile: str = Field(default="", max_length=50)
    signature: str = ""
    permissions: tuple[str, ...] = ()
    active: bool = True  # until they leave
    zone: Zone | None = None  # IANA name; None: the installation's
    alarms: AlarmWishes | None = None  # None: as they are


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


class Equipment(_Entry):
    """What appointments need, and what can be taken only once: a room, a car (Equipment)."""

    number: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=200)
    active: bool = True  # until it is gone


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
    equipment: tuple[Equipment, ...] = ()
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
