"""What runs when."""

from datetime import timedelta

import pytest

from deployments.schedule import planned
from tasks.settings import Settings


@pytest.mark.parametrize(
    ("shift", "overlap", "interval"), [(600, 30, 570), (60, 30, 30), (10, 30, 5), (600, 0, 600)]
)
def test_the_next_shift_begins_before_the_one_before_ends(shift, overlap, interval):
    [mail, *_] = planned(Settings(shift_seconds=shift, overlap_seconds=overlap))

    assert mail.schedule.interval == timedelta(seconds=interval)
    assert mail.parameters == {"shift_seconds": shift}
    assert mail.at_start


def test_every_flow_has_a_deployment_that_says_what_it_does():
    plans = planned(Settings())

    assert {plan.name for plan in plans} == {
        "ingest-mail",
        "process-quarantine",
        "reconcile-mailboxes",
    }
    assert all(plan.description.endswith(".") for plan in plans)
