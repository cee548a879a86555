"""Versions of workflows: what is the same is one version, and what changed is the next."""

import pytest
from builders import NOW
from workflows import RING, entered, started, workflow

from domain.errors import UnknownRecord
from tasks.store.workflows import Applied, apply_workflow, latest_versions, retire

STEPS = f"look: {{title: Look at it, todos: [{RING}]}}"
CHANGED = STEPS.replace("Ring", "Write")


@pytest.mark.rule("W5")
def test_what_is_the_same_is_the_same_version_and_what_changed_the_next(store):
    applied = [
        apply_workflow(store, workflow(each), NOW) for each in (STEPS, STEPS, CHANGED, STEPS)
    ]

    assert applied == [Applied(1, True), Applied(1, False), Applied(2, True), Applied(3, True)]


@pytest.mark.rule("W5")
def test_cases_start_with_the_latest_version_as_it_was_defined(store):
    apply_workflow(store, workflow(STEPS), NOW)
    apply_workflow(store, workflow(CHANGED), NOW)

    with store.reading() as connection:
        found = latest_versions(connection)

    assert (found["repair"].number, found["repair"].workflow) == (2, workflow(CHANGED))


def test_no_case_starts_with_a_retired_workflow_until_it_is_applied_again(store):
    started(store, STEPS)
    retire(store, "repair", NOW)

    refused = entered(store, "look", "1")
    unknown = entered(store, "look", "1", name="repare")
    applied = apply_workflow(store, workflow(STEPS), NOW)
    again = entered(store, "look", "2")

    assert refused.reason == "The workflow repair is retired: no case starts with it any more."
    assert unknown.reason == "There is no workflow repare."
    assert applied == Applied(1, False)
    assert again.visit_id is not None


def test_a_case_goes_on_in_a_workflow_that_is_retired(store):
    started(store, STEPS)
    entered(store, "look", "1")

    retire(store, "repair", NOW)

    assert entered(store, "look", "2").visit_id is not None


@pytest.mark.parametrize("steps", [STEPS, CHANGED])
def test_a_retired_workflow_is_left_as_it_is_where_none_is_to_be_revived(store, steps):
    started(store, STEPS)
    retire(store, "repair", NOW)

    applied = apply_workflow(store, workflow(steps), NOW, revives=False)

    assert applied == Applied(1, False)
    with store.reading() as connection:
        assert latest_versions(connection) == {}


def test_what_is_not_there_cannot_be_retired(store):
    with pytest.raises(UnknownRecord, match="no workflow repair"):
        retire(store, "repair", NOW)
