"""What a workflow's texts and conditions may speak of: these facts, and nothing else."""

from dataclasses import dataclass
from datetime import date

LONGEST_FACT = 1_000


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The case that a workflow runs for."""

    number: str
    kind: str
    title: str
    open: bool


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """The case's address."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The case's person at its address."""

    name: str


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """The employee who owns the case."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """The contact that entered the step."""

    matchcode: str
    sender: str


@dataclass(frozen=True, slots=True)
class TitledFacts:
    """The workflow, or the step."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known, as a step is planned; None: the case has none."""

    case: CaseFacts
    workflow: TitledFacts
    step: TitledFacts
    now_date: date  # in the installation's zone
    address: AddressFacts | None = None
    person: PersonFacts | None = None
    owner: OwnerFacts | None = None
    contact: ContactFacts | None = None
