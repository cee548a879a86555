"""A dry run says what would have been created, and writes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import (
    DIRECTORY,
    NOW,
    account,
    letter,
    prepared,
    private_account,
    receive_letters,
    rows,
)
from outgoing_contacts import JONAS, ready
from sqlalchemy import select, update
from todos import written
from workflows import CASE, RING, entered, planned, started, todos_of, workflow

from domain.directory import Team
from domain.due_times import Calendar
from domain.mail import Automatic
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.dry_run import WouldHave, what_would_have
from tasks.store.runs import Arrived, enter_steps
from tasks.store.tables import cases, contacts, employees, metadata

STEPS = """
intake:
  title: Intake
  todos:
    - {key: call, activity_type: phone note, assign: {role: owner}, due: 2 hours,
       matchcode: "Call about {{ case.title }}"}
"""
HEAD = "starts: [{on: contact_received, case_kind: service_call, enter: intake}]"
LATER = NOW + timedelta(days=3)
NIGHT = f"""
look:
  title: Look at it
  todos:
    - {RING.replace("team: Helpdesk", "team: Night, pick: PICK")}
close:
  title: Close it
  enter_from_outside: false
"""


def tried(store: Store, days: int = 7, steps: str = STEPS, head: str = HEAD) -> list[WouldHave]:
    calendar = Calendar("Europe/Berlin", "DE")
    return list(what_would_have(store, workflow(steps, head), days, LATER, calendar))


def refusals(found: list[WouldHave]) -> list[str | None]:
    assert all(each.is_refused for each in found)
    return [each.reason for each in found]


def planned_for(store: Store) -> list[str]:
    """Plan, and give whom the todos of steps are for."""
    planned(store)
    with store.reading() as connection:
        number_of = dict(connection.execute(select(employees.c.id, employees.c.number)).all())
    given = todos_of(store, "visit_id", "employee_id")
    return [number_of[employee] for visit, employee in given if visit is not None]


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


def test_what_was_refused_while_there_was_no_such_workflow_would_have_entered(store):
    ready(store)
    assert entered(store, "intake").visit_id is None

    [found] = tried(store)

    assert (found.case, found.step, found.reason) == (CASE, "intake", None)


def test_an_event_counts_as_it_is_understood_and_once_by_its_key(store):
    ready(store)
    payload = {"case": " sc-1042 ", "workflow": " repair ", "step": "intake"}
    events = [{**payload, "idempotency_key": " 1 "}, {**payload, "idempotency_key": "1"}, payload]
    enter_steps(store, [Arrived(str(at), NOW, each) for at, each in enumerate(events)], NOW)

    [found] = tried(store)

    assert (found.case, found.step) == (CASE, "intake")


@pytest.mark.parametrize(
    ("case", "step", "reason"),
    [
        (CASE, "close", "The step close is entered by the workflow itself only."),
        (CASE, "jump", "The workflow has no step jump."),
        ("SC-1001", "look", "The case SC-1001 is finished: no step of it is entered any more."),
        ("SC-9", "look", "There is no case SC-9."),
    ],
)
def test_what_the_definition_refuses_says_why(store, case, step, reason):
    ready(store)
    entered(store, step, case=case)

    found = tried(store, steps=NIGHT.replace("PICK", "round_robin"))

    assert refusals(found) == [reason]


def test_a_case_that_was_open_when_an_event_came_would_have_entered_though_it_is_finished(store):
    started(store, STEPS)
    entered(store, "intake")
    with store.writing() as connection:
        connection.execute(update(cases).values(open=False))

    [found] = tried(store)

    assert not found.is_refused


@pytest.mark.rule("W2")
@pytest.mark.parametrize("pick", ["round_robin", "least_loaded"])
def test_whom_it_would_have_been_for_is_whom_planning_chooses(store, pick):
    steps = NIGHT.replace("PICK", pick)
    started(store, steps)
    night = Team(name="Night", members=("1002", "1003"))
    apply_directory(store, DIRECTORY.model_copy(update={"team": (*DIRECTORY.team, night)}))
    written(store, employee="1002")  # who has more to do, and whose turn it was
    entered(store, "look", "1", now=NOW - timedelta(days=30))
    assert planned_for(store) == ["1002" if pick == "round_robin" else "1003"]
    written(store, employee="1002")
    entered(store, "look", "2")
    before = rows(store, *metadata.sorted_tables)

    [found] = tried(store, steps=steps)

    assert rows(store, *metadata.sorted_tables) == before
    assert planned_for(store)[1:] == [found.whom] == ["1003"]


def test_a_contact_would_have_taken_a_case_on(store):
    received(store)
    steps = f"""
    intake: {{title: Intake, todos: [{RING}]}}
    again: {{title: Once more, todos: [{RING.replace("matchcode: Ring", "matchcode: Ask")}]}}
    """
    head = f"{HEAD}\nadvances: [{{on: contact_received, in: intake, enter: again}}]"

    found = tried(store, steps=steps, head=head)

    assert [(each.step, each.matchcode) for each in found] == [("intake", "Ring"), ("again", "Ask")]


def test_what_follows_at_once_would_have_been_entered_too(store):
    started(store, STEPS)
    entered(store, "intake")
    steps = f"""
    intake: {{title: Intake, next: [{{to: sort}}]}}
    sort:
      title: Sort
      next: [{{to: rest, if: not owner}}, {{to: call}}]
    call: {{title: Call, todos: [{RING}], next: [{{to: rest}}]}}
    rest: {{title: Rest, todos: [{RING}]}}
    """

    found = tried(store, steps=steps)

    assert [each.step for each in found] == ["call"]


def test_conditions_go_by_the_day_that_clocks_on_the_wall_show(store):
    received(store)
    late = datetime(NOW.year, NOW.month, NOW.day, 23, 30, tzinfo=UTC)
    with store.writing() as connection:
        connection.execute(update(contacts).values(received_at=late))
    tomorrow = (late + timedelta(days=1)).date()
    head = HEAD.replace("enter:", f"if: \"now_date ~ '' == '{tomorrow}'\", enter:")

    assert len(tried(store, head=head)) == 1


def test_a_condition_that_has_no_answer_says_so(store):
    received(store)
    head = HEAD.replace("enter:", 'if: "case.title > 3", enter:')

    first, _ = refusals(tried(store, head=head))

    assert str(first).startswith("A text or a condition of the workflow cannot be filled in")


@pytest.mark.rule("R7")
def test_what_a_machine_wrote_would_have_started_nothing(store):
    received(store)
    with store.writing() as connection:
        connection.execute(update(contacts).values(automatic=Automatic.REPLY))
    asked = HEAD.replace("enter:", "automatic: true, enter:")

    assert (tried(store), len(tried(store, head=asked))) == ([], 1)
