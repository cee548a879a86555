"""The buttons of a contact in the Prefect UI."""

from typing import Any

import pytest
from builders import NOW, letter, prepared, private_account, receive_letters
from outgoing_contacts import ANNA, JONAS, MIA, ready, saved
from prefect import Flow
from pressed_buttons import refused, said

from domain.contacts import ContactStatus
from domain.mail import ReceptionKind
from flows.contact_actions import (
    edit_contact,
    set_contact_case,
    set_contact_status,
    set_reception_kind,
)
from tasks.store.contacts import list_contacts, show_contact
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.writing import set_status

Form = tuple[Flow[..., Any], dict[str, Any], str]


@pytest.fixture
def store(installed: Store) -> Store:
    """A store with everybody in it."""
    ready(installed)
    return installed


def test_a_contact_is_edited_and_filed_by_forms(store):
    number = saved(store)
    this = {"contact": number, "employee": JONAS}

    told = [
        said(edit_contact, matchcode="Pumpe", **this),
        said(set_contact_status, status=ContactStatus.DONE, **this),
        said(set_contact_case, add=["PR-7"], **this),
        said(set_contact_case, main_case="PR-7", **this),
        said(set_reception_kind, recipient="1", kind=ReceptionKind.CC, **this),
        said(set_reception_kind, recipient="Petra@mueller.example", kind="bcc", **this),
    ]

    shown = show_contact(store, number)
    assert (shown.line.matchcode, shown.text) == ("Pumpe", "Es läuft wieder.")
    assert (shown.line.status, shown.line.case_number) == (ContactStatus.DONE, "PR-7")
    assert shown.correspondents[1].role == ReceptionKind.BCC
    assert told[:3] == [
        f"contact {number} is changed",
        f"contact {number} is done",
        f"the cases of contact {number} are changed",
    ]
    assert told[-1] == f"the recipient of contact {number} has the reception kind bcc"


@pytest.mark.rule("X2")
def test_what_stands_against_it_is_said_and_nothing_is_changed(store):
    number = saved(store)
    set_status(store, number, ANNA, ContactStatus.IN_PROGRESS, NOW)
    this = {"contact": number, "employee": JONAS}
    forms: list[Form] = [
        (edit_contact, this, "say what is to change"),
        (edit_contact, {**this, "text": "neu", "seen": 0}, "look at it again"),
        (edit_contact, {**this, "employee": MIA, "text": "neu"}, "crm.contacts.edit_others"),
        (edit_contact, {**this, "employee": "", "text": "neu"}, "employee: String should have"),
        (set_contact_status, {**this, "status": "gone"}, "status: Input should be 'created'"),
        (set_contact_case, this, "name a main case, or cases to add and to remove"),
        (set_contact_case, {**this, "main_case": "PR-7", "add": ["PR-7"]}, "name a main case, or"),
        (set_reception_kind, {**this, "recipient": "9" * 9_000, "kind": "cc"}, "has no recipient"),
    ]
    before = show_contact(store, number)

    told = [refused(button, **form) for button, form, _ in forms]

    assert [each for each, (_, _, why) in zip(told, forms, strict=True) if why not in each] == []
    assert show_contact(store, number) == before


@pytest.mark.rule("L9")
def test_a_private_contact_is_to_others_as_one_that_is_not_there(store):
    receive_letters(store, prepared(store, private_account()), [letter(subject="Gehalt")])
    [line] = list_contacts(store, employee_by_number(store, ANNA))
    missing = line.id + 1

    hidden = refused(set_contact_status, contact=line.id, employee=JONAS, status="done")
    absent = refused(set_contact_status, contact=missing, employee=JONAS, status="done")

    assert hidden == absent.replace(str(missing), str(line.id))
