"""A dry run says what would have been created, and writes nothing."""

from datetime import timedelta

import pytest
from builders import NOW, account, letter, prepared, private_account, receive_letters, rows
from outgoing_contacts import JONAS, ready
from sqlalchemy import select, update
from workflows import CASE, entered, started, workflow

from domain.due_times import Calendar
from tasks.store.database import Store
from tasks.store.dry_run import WouldHave, what_would_have
from tasks.store.tables import cases, contacts, metadata

STEPS = """
intake:
  title: Intake
  todos:
    - {key: call, activity_type: phone note, assign: {role: owner}, due: 2 hours,
       matchcode: "Call about {{ case.title }}"}
"""
HEAD = "starts: [{on: contact_received, case_kind: service_call, enter: intake}]"
LATER = NOW + timedelta(days=3)


def tried(store: Store, days: int = 7) -> list[WouldHave]:
    calendar = Calendar("Europe/Berlin", "DE")
    return list(what_would_have(store, workflow(STEPS, HEAD), days, LATER, calendar))


def received(store: Store, through=None, case: str = CASE) -> None:
    box = prepared(store, through or account())
    ready(store)
    mails = [letter(message_id=f"<{each}@mueller.example>") for each in (1, 2)]
    receive_letters(store, box, mails)
    with store.writing() as connection:
        case_id = connection.scalar(select(cases.c.id).where(cases.c.number == case))
        connection.execute(update(contacts).values(main_case_id=case_id))


def test_received_contacts_would_have_started_each_case_once(store):
    received(store)
    before = rows(store, *metadata.sorted_tables)

    found = tried(store)

    due = NOW + timedelta(hours=2)
    assert found == [WouldHave(NOW, CASE, "intake", "Call about Fehler E17", JONAS, due)]
    assert rows(store, *metadata.sorted_tables) == before


@pytest.mark.rule("L9")
def test_a_private_contact_would_have_started_nothing(store):
    received(store, through=private_account())

    assert tried(store) == []


def test_what_happened_before_those_days_does_not_count(store):
    received(store)

    assert tried(store, days=2) == []


def test_events_would_have_entered_their_steps(store):
    started(store, STEPS)
    entered(store, "intake")

    [found] = tried(store)

    assert (found.case, found.step, found.reason) == (CASE, "intake", None)


def test_what_would_have_stood_still_says_why(store):
    received(store)
    with store.writing() as connection:
        connection.execute(update(cases).values(owner_id=None))

    [found] = tried(store)

    assert found.reason == "The case has no owner who could do the todo."
