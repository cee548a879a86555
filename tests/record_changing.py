"""Every change to a contact, an appointment and a todo, for tests that hold for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appointments import ANNA, BEFORE, HOUR, JONAS, MIA, ROOM, TEN, at, booked, peopled
from builders import NOW
from outgoing_contacts import PETRA, UWE, ready, saved
from todos import written

from domain.appointments import Alarm, Guest, Priority
from domain.contacts import ContactStatus
from domain.mail import ReceptionKind
from domain.todos import TodoChange
from tasks.store import (
    contact_parts,
    rebooking,
    taking_part,
    todo_changes,
    todo_doing,
    writing,
)
from tasks.store.appointments import show_appointment
from tasks.store.contacts import show_contact
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.todo_details import show_todo

MODULES = (writing, contact_parts, rebooking, taking_part, todo_changes, todo_doing)
GUEST = Guest("petra@mueller.example", "Petra")


@dataclass(frozen=True)
class Kind:
    """A kind of record: how one comes about, how it is shown, and how Anna changes its text."""

    made: Callable[[Store], int]
    show: Callable[..., Any]
    change_text: Callable[..., Any]


@dataclass(frozen=True)
class Changing:
    """A change that Jonas makes to a record, and what is noted of it."""

    kind: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    noted: frozenset[str]
    again: bool = True  # it can be made twice, and changes nothing the second time

    def made(self, store: Store, record_id: int, **more: Any) -> None:
        """Make the change."""
        self.function(store, record_id, JONAS, *self.arguments, **more)


def _a_contact(store: Store) -> int:
    contact_id = saved(store, PETRA, UWE)
    contact_parts.change_cases(store, contact_id, JONAS, ["SC-1001"], [], NOW)
    return contact_id


def _an_appointment(store: Store) -> int:
    return booked(store, text="Alt")


def _a_todo(store: Store) -> int:
    return written(store, team="Helpdesk")


def _a_taken_todo(store: Store) -> int:
    todo_id = _a_todo(store)
    todo_changes.take(store, todo_id, JONAS, NOW)
    return todo_id


def _says_otherwise(store: Store, record_id: int, now: Any) -> None:
    writing.edit_contact(store, record_id, ANNA, writing.Change(text="Annas Text"), now)


def _is_about_something_else(store: Store, record_id: int, now: Any) -> None:
    rebooking.edit(store, record_id, ANNA, rebooking.Change(text="Annas Text"), now)


def _is_to_be_done_otherwise(store: Store, record_id: int, now: Any) -> None:
    todo_changes.edit(store, record_id, ANNA, TodoChange(text="Annas Text"), now)


KINDS = {
    "contact": Kind(_a_contact, show_contact, _says_otherwise),
    "appointment": Kind(_an_appointment, show_appointment, _is_about_something_else),
    "todo": Kind(_a_todo, show_todo, _is_to_be_done_otherwise),
    "taken todo": Kind(_a_taken_todo, show_todo, _is_to_be_done_otherwise),
}


def _contact(function: Callable[..., Any], *arguments: Any, noted: str) -> Changing:
    return Changing("contact", function, (*arguments, NOW), frozenset(noted.split()))


def _appointment(
    function: Callable[..., Any], *arguments: Any, noted: str, again: bool = True
) -> Changing:
    return Changing("appointment", function, (*arguments, BEFORE), frozenset(noted.split()), again)


CHANGES = (
    _contact(writing.edit_contact, writing.Change("Neu", "Neu"), noted="matchcode text"),
    _contact(writing.edit_contact, writing.Change(recipients=(UWE,)), noted="recipients"),
    _contact(writing.edit_contact, writing.Change(html="<p>x</p>"), noted="text html"),
    _contact(writing.set_status, ContactStatus.DONE, noted="status"),
    _contact(writing.set_case, "PR-7", noted="main_case"),
    _contact(writing.set_case, "SC-1001", noted="main_case cases"),
    _contact(contact_parts.change_cases, ["pr-7"], ["SC-1001"], noted="cases"),
    _contact(contact_parts.set_reception_kind, 1, ReceptionKind.BCC, noted="recipients"),
    _contact(
        contact_parts.set_reception_kind,
        " Uwe@Mueller.example",
        ReceptionKind.NONE,
        noted="recipients",
    ),
    _appointment(rebooking.move, at(TEN + HOUR), None, noted="begin end"),
    _appointment(rebooking.edit, rebooking.Change("Neu", "Neu"), noted="matchcode text"),
    _appointment(
        rebooking.edit,
        rebooking.Change(place="Halle 3", priority=Priority.HIGH),
        noted="place priority",
    ),
    _appointment(
        rebooking.edit, rebooking.Change(responsible=MIA), noted="responsible participants"
    ),
    _appointment(rebooking.set_alarm, Alarm(lead=HOUR), None, noted="alarm"),
    _appointment(rebooking.set_done, True, None, noted="done"),
    _appointment(rebooking.cancel, None, noted="cancelled"),
    _appointment(rebooking.delete, noted="deleted", again=False),
    _appointment(taking_part.change_participants, [ANNA], [MIA], noted="participants"),
    _appointment(taking_part.change_equipment, [ROOM], [], noted="equipment"),
    _appointment(taking_part.change_cases, ["PR-7"], [], noted="cases"),
    _appointment(taking_part.change_guests, [GUEST], [], noted="guests"),
    Changing("todo", todo_changes.take, (NOW,), frozenset({"taken_by"})),
    Changing("taken todo", todo_changes.give_back, (NOW,), frozenset({"taken_by"}), again=False),
    Changing("todo", todo_changes.delegate, (NOW, MIA), frozenset({"employee", "team"})),
    Changing(
        "todo",
        todo_changes.edit,
        (TodoChange(text="Neu", due=NOW), NOW),
        frozenset({"text", "due"}),
    ),
    Changing("todo", todo_doing.set_done, (True, NOW), frozenset({"done"})),
)


def settled_in(store: Store) -> None:
    """Enter who works here, and what they deal with."""
    ready(store)
    peopled(store)


def anna(store: Store) -> int:
    """Give the id of Anna, who sees everything that is here."""
    found = employee_by_number(store, ANNA)
    assert found is not None
    return found
