"""What runs when."""

from datetime import timedelta

import pytest

from deployments.schedule import planned
from tasks.settings import Settings

ON_DEMAND = {
    "send-contact",
    "resolve-dispatch",
    "cancel-dispatch",
    "publish-contact",
    "service-history",
    "set-alarm",
    "move-appointment",
    "change-participants",
    "mark-appointment-done",
    "enter-step",
    "retry-visit",
    "end-workflow-run",
    "report-bounces",
    "list-contacts",
    "list-appointments",
    "list-todos",
    "list-cases",
    "search-contacts",
    "staff-plan",
    "edit-contact",
    "set-contact-status",
    "set-contact-case",
    "set-reception-kind",
    "write-todo",
    "edit-todo",
    "delegate-todo",
    "take-todo",
    "give-back-todo",
    "comment-todo",
    "mark-todo-done",
    "book-appointment",
    "edit-appointment",
    "change-equipment",
    "change-appointment-cases",
    "cancel-appointment",
}


@pytest.mark.parametrize(
    ("shift", "overlap", "interval"), [(600, 30, 570), (60, 30, 30), (10, 30, 5), (600, 0, 600)]
)
def test_the_next_shift_begins_before_the_one_before_ends(shift, overlap, interval):
    plans = planned(Settings(shift_seconds=shift, overlap_seconds=overlap))

    shifts = [plan for plan in plans if plan.at_start]
    assert {plan.name for plan in shifts} == {
        "ingest-mail",
        "dispatch",
        "ring-alarms",
        "plan-todos",
    }
    for plan in shifts:
        assert plan.schedule
        assert plan.schedule.interval == timedelta(seconds=interval)
        assert plan.parameters == {"shift_seconds": shift}


def test_every_flow_has_a_deployment_that_says_what_it_does():
    plans = planned(Settings())

    assert {plan.name for plan in plans} == ON_DEMAND | {
        "ingest-mail",
        "dispatch",
        "ring-alarms",
        "plan-todos",
        "process-quarantine",
        "reconcile-mailboxes",
    }
    assert all(plan.description.endswith(".") for plan in plans)


def test_what_people_ask_for_is_not_scheduled():
    on_demand = {plan.name for plan in planned(Settings()) if plan.schedule is None}

    assert on_demand == ON_DEMAND
