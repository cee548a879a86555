"""Reminders of overdue todos: each once, to whom it concerns, until nothing more helps."""

from datetime import timedelta

import pytest
from builders import NOW
from outgoing_contacts import ANNA, JONAS
from sqlalchemy import update
from workflows import CASE, TERMS, done, entered, open_todos, planned, started, todos_of

from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.inbox import inbox
from tasks.store.reminding import remind_due
from tasks.store.tables import cases
from tasks.store.todo_doing import set_done

STEPS = """
look:
  title: Look at it
  todos:
    - key: ring
      activity_type: phone note
      matchcode: Ring
      assign: WHOM
      due: 2 hours
      remind:
        after: 1 hour
        every: 1 day
        at_most: 3
        escalate: {after: 2 reminders, to: {employee: "1001"}}
"""
FIRST = NOW + timedelta(hours=3)


def overdue(store: Store, whom: str = "{role: owner}") -> None:
    started(store, STEPS.replace("WHOM", whom))
    entered(store, "look")
    planned(store)


def told(store: Store, number: str) -> list[str]:
    shown = inbox(store, employee_by_number(store, number))
    return [each.matchcode for each in reversed(shown)]


@pytest.mark.parametrize("whom", ["{role: owner}", "{team: Helpdesk}"])
def test_whom_a_todo_is_for_is_reminded_and_not_before_its_time(store, whom):
    overdue(store, whom)

    early = remind_due(store, FIRST - timedelta(microseconds=1), 10, TERMS)
    once = [remind_due(store, FIRST, 10, TERMS) for _ in range(3)]

    assert (early, once) == (0, [1, 0, 0])
    assert (told(store, JONAS), told(store, ANNA)) == (["Overdue: Ring"], [])


def test_a_reminder_says_what_was_due_when_and_for_which_case(store):
    overdue(store)

    remind_due(store, FIRST, 10, TERMS)

    [message] = inbox(store, employee_by_number(store, JONAS))
    assert message.text == "Todo 1 was due on 2026-11-23 at 12:00.\nCase: SC-1042 Fehler E17"


def test_after_some_reminders_it_is_escalated_and_after_the_last_it_is_quiet(store):
    overdue(store)

    for days in range(6):
        remind_due(store, FIRST + timedelta(days=days), 10, TERMS)

    assert told(store, JONAS) == ["Overdue: Ring"] * 3
    assert told(store, ANNA) == ["Overdue in spite of reminders: Ring"] * 2


def test_what_is_done_reminds_nobody_and_undone_it_does_again(store):
    overdue(store)
    [ring] = open_todos(store)

    done(store, ring)
    quiet = remind_due(store, FIRST, 10, TERMS)
    set_done(store, ring, JONAS, False, NOW)
    planned(store)
    again = remind_due(store, FIRST, 10, TERMS)

    assert (quiet, again) == (0, 1)


def test_of_a_finished_case_nobody_is_reminded(store):
    overdue(store)
    with store.writing() as connection:
        connection.execute(update(cases).where(cases.c.number == CASE).values(open=False))

    assert remind_due(store, FIRST, 10, TERMS) == 0
    assert (told(store, JONAS), todos_of(store, "remind_at")) == ([], [None])
