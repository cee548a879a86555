"""Reminders of overdue todos: each once, to whom it concerns, until nothing more helps."""

from datetime import datetime, timedelta

import pytest
from builders import NOW
from outgoing_contacts import ANNA, JONAS
from sqlalchemy import update
from workflows import (
    CASE,
    TERMS,
    done,
    entered,
    open_todos,
    planned,
    runs_of,
    started,
    todos_of,
)

from domain.todos import TodoChange
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.inbox import inbox
from tasks.store.reminding import remind_due
from tasks.store.run_changes import end_run, retry_visit
from tasks.store.tables import cases
from tasks.store.todo_changes import edit
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
DAY, HOUR, TICK = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)


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


def opened(store: Store, is_open: bool) -> None:
    """Finish or reopen the case."""
    with store.writing() as connection:
        connection.execute(update(cases).where(cases.c.number == CASE).values(open=is_open))


def test_of_a_finished_case_nobody_is_reminded_and_reopened_everybody_is(store):
    overdue(store)

    opened(store, False)
    retry_visit(store, 1, NOW)
    planned(store)
    finished = [remind_due(store, FIRST + day, 10, TERMS) for day in (0 * DAY, DAY, 2 * DAY)]
    opened(store, True)
    reopened = remind_due(store, FIRST + 3 * DAY, 10, TERMS)

    assert runs_of(store) == ["ended"]
    assert (finished, reopened, told(store, JONAS)) == ([0, 0, 0], 1, ["Overdue: Ring"])


def postponed(store: Store, due: datetime | None, now: datetime = NOW) -> None:
    """Let Jonas change when the todo is due, and the planner look."""
    [ring] = open_todos(store)
    edit(store, ring, JONAS, TodoChange(due=due), now)
    planned(store, now)


@pytest.mark.rule("T1")
def test_a_postponed_todo_is_reminded_of_by_its_new_time_only(store):
    overdue(store)

    postponed(store, NOW + 30 * DAY)
    early = remind_due(store, NOW + 30 * DAY + HOUR - TICK, 10, TERMS)
    then = remind_due(store, NOW + 30 * DAY + HOUR, 10, TERMS)

    assert (early, then) == (0, 1)


@pytest.mark.rule("T1")
def test_a_todo_that_is_brought_forward_is_reminded_of_earlier(store):
    overdue(store)

    postponed(store, NOW + HOUR)

    assert remind_due(store, NOW + 2 * HOUR, 10, TERMS) == 1


@pytest.mark.rule("T1")
def test_a_todo_that_is_not_due_any_more_reminds_nobody_until_it_is_again(store):
    overdue(store)

    postponed(store, None)
    quiet = remind_due(store, FIRST, 10, TERMS)
    postponed(store, FIRST, FIRST)

    assert (quiet, remind_due(store, FIRST + HOUR, 10, TERMS)) == (0, 1)


@pytest.mark.rule("T1")
def test_what_is_postponed_after_reminders_is_reminded_of_from_the_first_again(store):
    overdue(store)
    for days in range(3):
        remind_due(store, FIRST + days * DAY, 10, TERMS)

    postponed(store, NOW + 9 * DAY, NOW + 8 * DAY)
    reminded = [remind_due(store, NOW + (10 + days) * DAY, 10, TERMS) for days in range(4)]

    assert reminded == [1, 1, 1, 0]
    assert told(store, JONAS) == ["Overdue: Ring"] * 6
    assert told(store, ANNA) == ["Overdue in spite of reminders: Ring"] * 4


def test_a_change_that_leaves_the_due_time_leaves_the_reminders(store):
    overdue(store)
    remind_due(store, FIRST, 10, TERMS)
    [ring] = open_todos(store)

    edit(store, ring, JONAS, TodoChange(matchcode="Ring up"), FIRST)
    planned(store, FIRST)

    assert remind_due(store, FIRST + DAY - TICK, 10, TERMS) == 0
    assert todos_of(store, "reminders") == [1]


def test_after_a_person_ended_the_run_nobody_is_reminded(store):
    overdue(store)

    end_run(store, 1, NOW)
    ended = remind_due(store, FIRST, 10, TERMS)
    postponed(store, FIRST, FIRST)

    assert (ended, remind_due(store, FIRST + 9 * DAY, 10, TERMS)) == (0, 0)
    assert todos_of(store, "remind_at") == [None]
