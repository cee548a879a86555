"""Workflows as admins define them: steps, what each prescribes, and which step follows (W1-W5).

These are the shapes, as the YAML files have them; domain/workflow_checks.py judges their sense.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from domain.directory import CaseKind
from domain.due_times import Offset, offset
from domain.todos import TodoPriority

MOST_STEPS = 200
MOST_TODOS = 50  # of a step, with their parts
MOST_TRANSITIONS = 50
DEEPEST = 5  # todos in todos
LONGEST_PATH = 100  # of a part's key below the keys of what it is a part of
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
_REMINDERS = re.compile(r"([0-9]{1,3})( +reminders?)?", re.ASCII)


class Pick(StrEnum):
    """How one is chosen among a team's members."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


class When(StrEnum):
    """Which todos of a step must be done, for a transition to hold."""

    ALL_DONE = "all_done"
    ANY_DONE = "any_done"


def _offset(value: Any) -> Any:
    return offset(value) if isinstance(value, str) else value


def _clock(value: Any) -> Any:
    if isinstance(value, str) and not _CLOCK.fullmatch(value):
        raise ValueError("a time of day is written as 17:00")
    return f"0{value}" if isinstance(value, str) and value[1] == ":" else value


def _reminders(value: Any) -> Any:
    match = _REMINDERS.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(match[1]) if match else value


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
Outcome = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Length = Annotated[Offset, BeforeValidator(_offset), PlainSerializer(str, return_type=str)]
Clock = Annotated[time, BeforeValidator(_clock)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)


class Assignment(_Entry):
    """Whom a todo is for: an employee, a team, one of a team, or a role of the case."""

    employee: str | None = Field(default=None, min_length=1, max_length=50)  # personnel number
    team: str | None = Field(default=None, min_length=1, max_length=200)
    role: Literal["owner"] | None = None
    pick: Pick | None = None  # one of the team; else it is the whole team's
    otherwise: Self | None = Field(default=None, alias="else")  # where there is nobody

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(each is not None for each in (self.employee, self.team, self.role)) != 1:
            raise ValueError("name one of employee, team and role")
        if self.pick is not None and self.team is None:
            raise ValueError("pick chooses among the members of a team: name a team")
        return self


class Escalation(_Entry):
    """Who is told as well, once so many reminders were of no use."""

    after: Annotated[int, BeforeValidator(_reminders)] = Field(ge=1, le=100)
    to: Assignment


class Reminder(_Entry):
    """When an overdue todo's people are reminded: so long after it was due, and again."""

    after: Length
    every: Length | None = None
    at_most: int = Field(default=5, ge=1, le=100)
    escalate: Escalation | None = None

    @model_validator(mode="after")
    def _reminds_so_often(self) -> Self:
        most = self.at_most if self.every else 1
        if self.escalate and self.escalate.after > most:
            raise ValueError(f"it escalates after {self.escalate.after} reminders of {most}")
        return self


class TodoTemplate(_Entry):
    """A todo that a step prescribes (W2); what a part leaves open is as in its whole."""

    key: Key
    activity_type: str | None = Field(default=None, min_length=1, max_length=50)
    matchcode: str = Field(min_length=1, max_length=1_000)  # a template, as the text
    text: str = Field(default="", max_length=10_000)
    priority: TodoPriority | None = None
    assign: Assignment | None = None
    due: Length | None = None
    at: Clock | None = None
    condition: Condition | None = Field(default=None, alias="if")
    outcomes: tuple[Outcome, ...] = Field(default=(), max_length=20)
    parts: tuple[Self, ...] = ()
    remind: Reminder | None = None

    @model_validator(mode="after")
    def _is_due(self) -> Self:
        if self.at is not None and (self.due is None or self.due.is_by_the_clock):
            raise ValueError("at is for what is due in days, weeks or business days")
        return self

    @model_validator(mode="after")
    def _has_distinct_parts(self) -> Self:
        if doubled := _doubled(self.parts):
            raise ValueError(f"two parts have the key {doubled}")
        return self

    def within(self, whole: "TodoTemplate") -> "TodoTemplate":
        """Give it as a part of a whole, with what it leaves open."""
        inherited = {"activity_type", "assign", "priority"}
        open_fields = [name for name in inherited if getattr(self, name) is None]
        return self.model_copy(update={name: getattr(whole, name) for name in open_fields})


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A todo of a step, with all it inherits, under its path such as "repair/order-part"."""

    path: str
    parent: str | None  # the path of the todo that it is a part of
    template: TodoTemplate


class Transition(_Entry):
    """Which step follows, and when: all todos done, unless something else is said."""

    to: Name | None = None
    end: Literal[True] | None = None
    when: When | None = None
    outcome: Outcome | None = None
    after: Length | None = None  # since the step was entered
    condition: Condition | None = Field(default=None, alias="if")

    @model_validator(mode="before")
    @classmethod
    def _ends_in_words(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("end") == "true":
            return {**value, "end": True}
        return value

    @model_validator(mode="after")
    def _goes_somewhere_at_some_time(self) -> Self:
        if (self.to is None) == (self.end is None):
            raise ValueError("name a step with to, or say end: true")
        if sum(each is not None for each in (self.when, self.outcome, self.after)) > 1:
            raise ValueError("say one of when, outcome and after")
        return self

    @property
    def waits_for_all(self) -> bool:
        """Whether it holds when all todos are done, which is the usual."""
        return self.when is not When.ANY_DONE and self.outcome is None and self.after is None


class Step(_Entry):
    """A step: its todos, and what follows; without transitions, it is the last."""

    title: Title
    enter_from_outside: bool = True
    todos: tuple[TodoTemplate, ...] = ()
    next: tuple[Transition, ...] = Field(default=(), max_length=MOST_TRANSITIONS)

    @model_validator(mode="after")
    def _prescribes_whole_todos(self) -> Self:
        if doubled := _doubled(self.todos):
            raise ValueError(f"two todos have the key {doubled}")
        for each in self.todos:
            if each.activity_type is None or each.assign is None:
                raise ValueError(f"todo {each.key} needs an activity_type and assign")
        return self

    @model_validator(mode="after")
    def _is_of_bounded_size(self) -> Self:
        for count, each in enumerate(self.prescribed(), 1):
            if count > MOST_TODOS:
                raise ValueError(f"a step has at most {MOST_TODOS} todos, with their parts")
            if each.path.count("/") >= DEEPEST:
                raise ValueError(f"todos are divided into parts at most {DEEPEST} deep")
            if len(each.path) > LONGEST_PATH:
                raise ValueError(f"the keys {each.path} have more than {LONGEST_PATH} characters")
        return self

    def prescribed(self) -> Iterator[Prescribed]:
        """Give all its todos, each before its parts."""
        for each in self.todos:
            yield from _with_parts(each, None)


class Start(_Entry):
    """What starts a run of the workflow for a case."""

    on: Literal["contact_received"]
    case_kind: CaseKind
    automatic: bool = False  # what a machine wrote starts it as well (R7)
    unless_running: bool = True  # of this workflow, for the case
    condition: Condition | None = Field(default=None, alias="if")
    enter: Name


class Advance(_Entry):
    """What moves a run on from a step that it is in."""

    on: Literal["contact_received"]
    inside: Name = Field(alias="in")
    automatic: bool = False  # what a machine wrote moves it on as well (R7)
    condition: Condition | None = Field(default=None, alias="if")
    enter: Name


class Workflow(_Entry):
    """A case's prescribed course."""

    name: Name = Field(alias="workflow")
    title: Title
    description: str = Field(default="", max_length=10_000)
    starts: tuple[Start, ...] = Field(default=(), max_length=20)
    advances: tuple[Advance, ...] = Field(default=(), max_length=MOST_STEPS)
    steps: Mapping[Name, Step] = Field(min_length=1, max_length=MOST_STEPS)

    def stored(self) -> dict[str, Any]:
        """Give it as JSON, from which model_validate makes it again."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _with_parts(template: TodoTemplate, parent: str | None) -> Iterator[Prescribed]:
    path = template.key if parent is None else f"{parent}/{template.key}"
    yield Prescribed(path, parent, template)
    for part in template.parts:
        yield from _with_parts(part.within(template), path)


def _doubled(templates: tuple[TodoTemplate, ...]) -> str | None:
    keys = [each.key for each in templates]
    return next((key for key in keys if keys.count(key) > 1), None)
