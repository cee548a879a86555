"""The events that this package tells others of, and the one that it listens to (W4).

Payloads carry ids, numbers and states, never a text or a matchcode: whoever may read events may
not read every contact (L9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class EventName(StrEnum):
    """The names of events; automations match them."""

    CONTACT_RECEIVED = "kontakt.contact.received"
    CONTACT_SENT = "kontakt.contact.sent"
    CONTACT_BOUNCED = "kontakt.contact.bounced"
    ALARM_RUNG = "kontakt.alarm.rung"
    STEP_BEGUN = "kontakt.workflow.step.begun"
    STEP_COMPLETED = "kontakt.workflow.step.completed"
    TODO_CREATED = "kontakt.todo.created"
    TODO_DONE = "kontakt.todo.done"


STEP_ENTERED = "kontakt.workflow.step.entered"  # the one that any program may emit

_Printable = StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")


class StepEntered(BaseModel):
    """What a program says that wants a case to enter a step: twice with one key is once."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    case: Annotated[str, _Printable, StringConstraints(to_upper=True, max_length=50)]
    workflow: Annotated[str, _Printable, Field(max_length=100)]
    step: Annotated[str, _Printable, Field(max_length=100)]
    idempotency_key: Annotated[str, _Printable, Field(max_length=150)]


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContactReceived(_Payload):
    """A message became a contact."""

    contact: int
    case: str | None  # its main case's number; none where it is private, or not decided yet
    private: bool


class ContactSent(_Payload):
    """A dispatch went out, wholly or partly."""

    contact: int
    dispatch: int
    channel: str
    status: str


class ContactBounced(_Payload):
    """A server reported that a dispatch did not arrive."""

    contact: int
    dispatch: int


class AlarmRung(_Payload):
    """An employee was informed of an appointment."""

    alarm: int
    appointment: int
    employee: str
    late: bool


class StepBegun(_Payload):
    """A case entered a step."""

    case: str
    workflow: str
    version: int
    step: str
    run: int
    visit: int


class StepCompleted(_Payload):
    """A case left a step; next is the step that follows, unless the run ended."""

    case: str
    workflow: str
    version: int
    step: str
    run: int
    visit: int
    outcome: str
    next: str | None = None


class TodoCreated(_Payload):
    """A todo was written, or prescribed by a step."""

    todo: int
    cases: tuple[str, ...] = ()
    employee: str | None = None
    team: str | None = None
    priority: str
    due: datetime | None = None
    visit: int | None = None


class TodoDone(_Payload):
    """A todo was done, or undone again."""

    todo: int
    cases: tuple[str, ...] = ()
    employee: str  # who did it
    done: bool
    outcome: str | None = None
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class Emitted:
    """One kind of event: what happened, what it is about, and what its payload holds."""

    payload: type[BaseModel]
    resource: str  # the beginning of the resource's id; its own id follows

    @property
    def meaning(self) -> str:
        """Say what happened, in one sentence."""
        return (self.payload.__doc__ or "").strip()


EMITTED: Mapping[EventName, Emitted] = MappingProxyType(
    {
        EventName.CONTACT_RECEIVED: Emitted(ContactReceived, "kontakt.contact."),
        EventName.CONTACT_SENT: Emitted(ContactSent, "kontakt.contact."),
        EventName.CONTACT_BOUNCED: Emitted(ContactBounced, "kontakt.contact."),
        EventName.ALARM_RUNG: Emitted(AlarmRung, "kontakt.alarm."),
        EventName.STEP_BEGUN: Emitted(StepBegun, "kontakt.case."),
        EventName.STEP_COMPLETED: Emitted(StepCompleted, "kontakt.case."),
        EventName.TODO_CREATED: Emitted(TodoCreated, "kontakt.todo."),
        EventName.TODO_DONE: Emitted(TodoDone, "kontakt.todo."),
    }
)
