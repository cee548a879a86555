"""Workflows, runs and events as people read them, on both databases."""

import pytest
from builders import DIRECTORY, NOW
from sqlalchemy import insert, update
from todos import DEFINITION, entered_visit

from domain.errors import UnknownRecord
from domain.workflow_checks import Known
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.tables import employees, incoming_events, workflow_runs, workflow_versions
from tasks.store.workflow_lines import (
    defined,
    event_lines,
    known_names,
    latest_definition,
    run_lines,
    workflow_lines,
)


@pytest.fixture
def entered(store: Store) -> Store:
    """A store in which SC-1042 is in the first version of a workflow, of which there are two."""
    apply_directory(store, DIRECTORY)
    entered_visit(store)
    second = {
        "name": "repair",
        "version": 2,
        "definition": {**DEFINITION, "title": "Mend"},
        "sha256": "1" * 64,
        "applied_at": NOW,
    }
    with store.writing() as connection:
        connection.execute(insert(workflow_versions).values(**second))
    return store


def test_definitions_may_name_who_works_here(store):
    unknown = known_names(store)
    apply_directory(store, DIRECTORY)
    with store.writing() as connection:
        left = update(employees).where(employees.c.number == "1003").values(active=False)
        connection.execute(left)

    known = known_names(store)

    assert unknown == Known()
    assert (known.employees, known.teams) == ({"1001", "1002"}, {"Helpdesk", "Sales"})
    assert known.activity_types is not None
    assert "phone note" in known.activity_types


@pytest.mark.rule("W5")
def test_a_workflow_is_listed_in_its_latest_version_with_the_cases_in_any(entered):
    [line] = workflow_lines(entered)

    assert (line.name, line.title, line.version, line.running) == ("repair", "Mend", 2, 1)
    assert line.retired is None


@pytest.mark.rule("W5")
@pytest.mark.parametrize(("version", "title"), [(None, "Mend"), (1, "Repair"), (2, "Mend")])
def test_each_version_can_be_read(entered, version, title):
    assert defined(entered, "repair", version).title == title


@pytest.mark.parametrize(("name", "version"), [("other", None), ("repair", 3)])
def test_there_is_no_other(entered, name, version):
    with pytest.raises(UnknownRecord, match=f"there is no workflow {name}"):
        defined(entered, name, version)

    assert latest_definition(entered, "other") is None


def test_a_run_is_listed_while_it_goes_on_and_for_its_case_afterwards(entered):
    [going_on] = run_lines(entered)
    with entered.writing() as connection:
        connection.execute(update(workflow_runs).values(ended_at=NOW, status="ended"))

    ended = run_lines(entered, case="sc-1042")

    assert (going_on.case, going_on.version, going_on.step) == ("SC-1042", 1, "look")
    assert run_lines(entered) == []
    assert [(each.id, each.status) for each in ended] == [(going_on.id, "ended")]


def test_events_are_listed_the_latest_first(store):
    usual = {"handled_at": NOW, "outcome": "refused", "reason": "No.", "visit_id": None}
    events = [
        {"id": "early", "occurred_at": NOW.replace(hour=7), "payload": {"case": 7}},
        {"id": "late", "occurred_at": NOW.replace(hour=8), "payload": "nothing"},
    ]
    with store.writing() as connection:
        connection.execute(insert(incoming_events), [{**usual, **event} for event in events])

    lines = event_lines(store, refused=True)

    assert [(each.id, each.case) for each in lines] == [("late", ""), ("early", "7")]
    assert event_lines(store, limit=1) == lines[:1]
