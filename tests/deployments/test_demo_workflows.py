"""The demo's two workflows are right, and its mails and people let cases go their course."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from todos import written

from deployments.demo.directory import directory
from deployments.demo.stream import conversations
from deployments.demo.todos import DOERS, do_next
from deployments.workflow_applying import apply_folders
from deployments.workflow_files import DEMO, definitions
from domain.events import StepEntered
from domain.workflows import Workflow
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.planning import Terms, due_visits, plan_visits
from tasks.store.runs import enter_step
from tasks.store.workflow_lines import known_names, run_lines, workflow_lines

TERMS = Terms()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONG_ENOUGH = 120  # days, for any luck


@pytest.fixture
def demo(own_store: Store) -> Iterator[Store]:
    """The demo's database with its directory."""
    apply_directory(own_store, directory())
    yield own_store
    own_store.engine.dispose()


@pytest.fixture
def workflows(demo: Store) -> dict[str, Workflow]:
    """The demo's workflows by their names."""
    return {each.name: each for each in definitions([DEMO], known_names(demo)).workflows}


@pytest.fixture
def applied(demo: Store) -> Store:
    """The demo's database as it is after a start."""
    assert apply_folders(settings(), demo) == ()
    return demo


def enter(store: Store, workflow: str, case: str, step: str) -> None:
    asked = StepEntered(case=case, workflow=workflow, step=step, idempotency_key=case)
    enter_step(store, asked, store.now())
    plan(store, store.now())


def plan(store: Store, now: datetime) -> None:
    while visits := due_visits(store, now, 100):
        plan_visits(store, visits, now, TERMS)


def work(store: Store, now: datetime, choice: Random) -> None:
    """Let everybody do what is there, and what follows from it."""
    plan(store, now)
    while any([do_next(employee, now + HOUR, choice) for employee in DOERS]):
        plan(store, now)


def test_the_demos_definitions_are_right(demo):
    found = definitions([DEMO], known_names(demo))

    assert [each.name for each in found.workflows] == ["complaint", "service-call"]
    assert (found.problems, found.warnings) == ((), ())


@pytest.mark.parametrize("name", ["complaint", "service-call"])
def test_somebody_writes_about_a_case_that_each_of_them_is_for(workflows, name):
    kinds = {start.case_kind for start in workflows[name].starts}
    cases = {case.number for case in directory().case if case.open and case.kind in kinds}

    assert {each.case for each in conversations()} & cases


def test_at_every_start_the_definitions_are_applied_and_bad_ones_are_left_out(demo, monkeypatch):
    own = settings().home / "workflows"
    own.mkdir(parents=True)
    (own / "wrong.yaml").write_text("workflow: wrong")
    monkeypatch.setattr(settings(), "workflows", own)

    problems = [apply_folders(settings(), demo) for _ in range(2)]

    listed = [(each.name, each.version) for each in workflow_lines(demo)]
    assert listed == [("complaint", 1), ("service-call", 1)]
    assert [len(each) for each in problems] == [2, 2]
    assert problems[0][0].startswith(f"{own / 'wrong.yaml'}:1: ")


@pytest.mark.rule("W3")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("workflow", "case", "step"),
    [("complaint", "RK-2026-0003", "acknowledge"), ("service-call", "SC-1042", "intake")],
)
def test_the_demos_people_bring_a_case_to_its_end(applied, workflow, case, step, seed):
    enter(applied, workflow, case, step)
    choice = Random(seed)

    for days in range(LONG_ENOUGH):
        work(applied, applied.now() + days * DAY, choice)
        runs = run_lines(applied)
        assert [each.reason for each in runs if each.reason] == []
        if not runs:
            break

    assert run_lines(applied) == []
    assert [each.status for each in run_lines(applied, case)] == ["completed"]


def test_the_demos_people_leave_alone_what_is_new_and_what_a_person_wrote(applied):
    enter(applied, "complaint", "RK-2026-0003", "acknowledge")
    now = applied.now()
    written(applied, by="1001", now=now - DAY, activity_type="Notiz", employee="1004")

    at_once = [do_next(employee, now, Random(1)) for employee in DOERS]
    soon = [do_next(employee, now + HOUR, Random(1)) for employee in DOERS]

    assert at_once == [None] * len(DOERS)
    assert len([each for each in soon if each]) == 1
