"""What the workflows' boards count."""

from datetime import timedelta

import pytest
from builders import DIRECTORY, NOW
from outgoing_contacts import JONAS
from sqlalchemy import select, update
from todos import entered_visit
from workflows import RING, workflow

from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.runs import Arrived, enter_steps
from tasks.store.tables import step_visits, teams, workflow_runs, workflow_versions
from tasks.store.todo_doing import set_done
from tasks.store.todo_drafts import TodoDraft, enter_todos
from tasks.store.workflow_counts import StepCount, last_change, refused_events, workflow_counts
from tasks.store.workflows import apply_workflow

DAY = timedelta(days=1)
MOST = 10


@pytest.fixture
def place(store: Store) -> Store:
    apply_directory(store, DIRECTORY)
    return store


def prescribed(store: Store, visit_id: int) -> list[int]:
    """Enter two todos of a visit, of which one is overdue tomorrow."""
    with store.writing() as connection:
        team_id = connection.scalar(select(teams.c.id).where(teams.c.name == "Helpdesk"))
        drafts = [
            TodoDraft(visit_id, template, "phone note", "Ring", team_id=team_id, due=due)
            for template, due in (("decide", NOW + DAY / 2), ("ring", None))
        ]
        return enter_todos(connection, drafts, NOW)


def counted(store: Store) -> StepCount:
    [workflow] = workflow_counts(store, NOW + DAY, MOST)
    return workflow.steps["look"]


def test_a_step_counts_its_cases_and_their_open_and_overdue_todos(place):
    prescribed(place, entered_visit(place))

    assert counted(place) == StepCount(cases=1, open_todos=2, overdue=1)


def test_what_is_done_or_left_is_not_counted(place):
    visit = entered_visit(place)
    [first, _] = prescribed(place, visit)
    set_done(place, first, JONAS, True, NOW, "repair")
    with place.writing() as connection:
        connection.execute(update(step_visits).values(left_at=NOW))

    assert counted(place) == StepCount(cases=0, open_todos=1)


def test_a_run_that_has_ended_is_in_no_step(place):
    entered_visit(place)
    with place.writing() as connection:
        connection.execute(update(workflow_runs).values(ended_at=NOW))

    assert counted(place) == StepCount()


def test_a_retired_workflow_is_over_when_nothing_is_in_it_any_more(place):
    entered_visit(place)
    with place.writing() as connection:
        connection.execute(update(workflow_versions).values(retired_at=NOW))
    [retired] = workflow_counts(place, NOW, MOST)

    with place.writing() as connection:
        connection.execute(update(workflow_runs).values(ended_at=NOW))
    [ended] = workflow_counts(place, NOW, MOST)

    assert (retired.is_retired, retired.is_over) == (True, False)
    assert retired.steps == {"look": StepCount(cases=1)}
    assert ended.is_over


def test_what_is_not_retired_is_never_over(place):
    apply_workflow(place, workflow(f"look: {{title: Look, todos: [{RING}]}}"), NOW)

    [counts] = workflow_counts(place, NOW, MOST)

    assert not counts.is_over


@pytest.mark.rule("W5")
def test_a_step_that_only_an_earlier_version_has_is_counted_while_something_is_in_it(place):
    prescribed(place, entered_visit(place))
    apply_workflow(place, workflow(f"see: {{title: See, todos: [{RING}]}}"), NOW)

    [counts] = workflow_counts(place, NOW + DAY, MOST)

    assert counts.steps == {"see": StepCount()}
    assert counts.former == {"look": StepCount(cases=1, open_todos=2, overdue=1)}


def test_what_stands_still_is_named_with_its_reason(place):
    visit = entered_visit(place)
    with place.writing() as connection:
        connection.execute(update(step_visits).values(reason="There is no team Night."))

    [workflow] = workflow_counts(place, NOW, MOST)

    [standing] = workflow.standing
    assert (standing.visit_id, standing.case, standing.step) == (visit, "SC-1042", "look")
    assert standing.reason == "There is no team Night."


@pytest.mark.parametrize("payload", [{"case": "SC-1042"}, {}, "no payload", None])
def test_a_refused_event_is_listed_whatever_was_in_it(place, payload):
    enter_steps(place, [Arrived("an id", NOW, payload)], NOW)

    [event] = refused_events(place, MOST)

    assert event.id == "an id"
    assert event.reason.startswith("The event cannot be understood")
    assert event.payload == (payload if isinstance(payload, dict) else {})


def test_each_change_of_a_todo_is_noticed(place):
    before = last_change(place)
    [todo, _] = prescribed(place, entered_visit(place))
    created = last_change(place)

    set_done(place, todo, JONAS, True, NOW, "repair")

    assert before < created < last_change(place)
