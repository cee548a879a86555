"""Received contacts start workflows, or move them on: each contact once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from builders import NOW, account, bounce_of, letter, prepared, private_account, receive_letters
from outgoing_contacts import ready
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from workflows import RING, done, planned, runs_of, todos_of, visits_of, workflow

from domain.errors import UnknownRecord
from domain.workflow_facts import Facts
from tasks.store import offered as offered_contacts
from tasks.store import starting
from tasks.store.database import Store
from tasks.store.offers import offer
from tasks.store.reviews import decide_review
from tasks.store.starting import BY_CONTACT, start_or_advance
from tasks.store.tables import contact_offers, contacts, incoming_events
from tasks.store.workflows import apply_workflow

STEPS = f"""
intake: {{title: Intake, todos: [{RING}], next: [{{to: wait}}]}}
wait:
  title: Wait
  next: [{{end: true, after: 90 days}}]
"""
STRANGER = "Fremde <fremd@post.example>"  # of whom no case is known
HEAD = """
starts:
  - {on: contact_received, case_kind: service_call, enter: intake}
advances:
  - {on: contact_received, in: wait, enter: intake}
"""


def receive(store: Store, count: int = 1, case: str = "SC-1042", through=None, **fields) -> None:
    """Receive messages, and decide which case they belong to."""
    box = prepared(store, through or account())
    ready(store)
    with store.reading() as connection:
        first = len(connection.scalars(select(contacts.c.id)).all()) + 1
    ids = range(first, first + count)
    mails = [letter(message_id=f"<{each}@mueller.example>", **fields) for each in ids]
    receive_letters(store, box, mails, first_uid=first)
    for contact_id in ids:
        with suppress(UnknownRecord):  # where its thread has decided it
            decide_review(store, contact_id, case, None)


def offered(store: Store) -> int:
    """Offer all that waits, as shifts do."""
    entered = 0
    waiting = select(contact_offers.c.contact_id)
    while True:
        entered += start_or_advance(store, NOW, 100)
        with store.reading() as connection:
            if not connection.scalars(waiting).all():
                return entered


def applied(store: Store, head: str = HEAD, steps: str = STEPS) -> None:
    apply_workflow(store, workflow(steps, head), NOW)


@pytest.mark.rule("W1")
def test_a_service_calls_new_mail_starts_a_run_once(store):
    applied(store)
    receive(store)

    entered = [offered(store), offered(store)]

    assert entered == [1, 0]
    assert visits_of(store, "step", "contact_id") == [("intake", 1)]


@pytest.mark.rule("W1")
def test_what_runs_is_not_started_again_by_the_next_mail(store):
    applied(store)
    receive(store, 3)

    entered = offered(store)

    assert (entered, runs_of(store)) == (1, ["open"])


@pytest.mark.rule("W1", "W3")
def test_a_run_that_waits_is_moved_on_by_a_mail(store):
    applied(store)
    receive(store)
    offered(store)
    planned(store)
    done(store)
    planned(store)

    receive(store)
    offered(store)
    planned(store)

    seen = visits_of(store, "step", "status", "outcome", "contact_id")
    assert seen == [
        ("intake", "completed", "all_done", 1),
        ("wait", "completed", "contact_received", None),
        ("intake", "open", None, 2),
    ]
    assert len(todos_of(store)) == 2


@pytest.mark.rule("L9")
def test_a_private_contact_starts_nothing(store):
    applied(store)
    receive(store, through=private_account())

    assert (offered(store), runs_of(store)) == (0, [])


@pytest.mark.parametrize("case", ["PR-7", "SC-1001"])
def test_a_case_of_another_kind_or_a_finished_one_starts_nothing(store, case):
    applied(store)
    receive(store, case=case, from_=STRANGER)

    assert (offered(store), runs_of(store)) == (0, [])


@pytest.mark.rule("W1")
def test_a_contact_starts_its_cases_workflow_when_a_person_has_chosen_the_case(store):
    applied(store)
    box = prepared(store, account())
    ready(store)
    receive_letters(store, box, [letter(from_=STRANGER)])
    before = offered(store)

    decide_review(store, 1, "SC-1042", None)

    assert (before, offered(store), offered(store)) == (0, 1, 0)
    assert visits_of(store, "step", "contact_id") == [("intake", 1)]


@pytest.mark.rule("W1", "R5")
def test_a_private_contact_that_reaches_everybody_starts_its_cases_workflow(store):
    applied(store)
    own, shared = prepared(store, private_account()), prepared(store, account())
    ready(store)
    receive_letters(store, own, [letter()])
    before = offered(store)

    receive_letters(store, shared, [letter()])

    assert (before, offered(store)) == (0, 1)


@pytest.mark.parametrize(("subject", "entered"), [("Fehler E17", 1), ("Urlaub", 0)])
def test_a_condition_looks_at_the_contact(store, subject, entered):
    condition = ", if: \"'Fehler' in contact.matchcode\"}"
    applied(store, HEAD.replace("enter: intake}", f"enter: intake{condition}", 1))
    receive(store, subject=subject)

    assert offered(store) == entered


def kept(store: Store) -> list[tuple[str, str]]:
    """Give what came of the contacts that entered no step, and why."""
    with store.reading() as connection:
        rows = connection.execute(select(incoming_events).order_by(incoming_events.c.id)).all()
    assert {row.payload["case"] for row in rows} <= {"SC-1042"}
    return [(row.outcome, row.reason) for row in rows]


@pytest.mark.parametrize(
    "condition", ["owner.name < case.open", "contact.matchcode | truncate(2) == 'Re'"]
)
def test_a_condition_that_cannot_be_answered_is_kept_with_its_reason(store, condition):
    applied(store, HEAD.replace("enter: intake}", f'enter: intake, if: "{condition}"}}', 1))
    receive(store)

    assert offered(store) == 0
    [(outcome, reason)] = kept(store)
    assert outcome == "refused"
    assert reason.startswith("A text or a condition of the workflow cannot be filled in")


def test_a_contact_that_is_offered_again_is_kept_anew(store):
    applied(
        store, HEAD.replace("enter: intake}", 'enter: intake, if: "owner.name < case.open"}', 1)
    )
    receive(store)
    offered(store)
    with store.writing() as connection:
        offer(connection, [1])

    assert (offered(store), len(kept(store))) == (0, 1)
    [(_, reason)] = kept(store)
    assert "cannot be filled in" in reason


def test_two_workflows_with_long_names_keep_a_reason_each(store):
    wrong = HEAD.replace("enter: intake}", 'enter: intake, if: "owner.name < case.open"}', 1)
    for name in ("x" * 99 + "a", "x" * 99 + "b"):
        apply_workflow(store, workflow(STEPS, wrong, name), NOW)
    receive(store)

    assert offered(store) == 0
    assert len(kept(store)) == 2


def test_a_contact_that_the_program_fails_at_is_kept_and_the_others_go_on(store, monkeypatch):
    def failing(entry: Any, facts: Facts) -> bool:
        if facts.contact and facts.contact.matchcode == "Fehler E17":
            raise AssertionError
        return True

    monkeypatch.setattr(offered_contacts, "holds", failing)
    applied(store, HEAD.replace("enter: intake}", "enter: intake, if: case.open}", 1))
    receive(store)
    receive(store, subject="Urlaub")

    assert offered(store) == 1
    assert kept(store) == [("refused", "a fault of this program: AssertionError")]
    assert visits_of(store, "step", "contact_id") == [("intake", 2)]


def test_where_the_database_does_not_answer_no_contact_is_at_fault(store, monkeypatch):
    def away(*_: Any) -> Any:
        raise OperationalError("select", None, Exception("away"))

    applied(store)
    receive(store)
    with monkeypatch.context() as broken:
        broken.setattr(starting, "begin_visits", away)
        with pytest.raises(OperationalError):
            start_or_advance(store, NOW, 100)

    assert (kept(store), offered(store)) == ([], 1)


PROJECT = "{on: contact_received, case_kind: project, enter: intake}"
AT_ONCE = """
starts: [{on: contact_received, case_kind: service_call, enter: intake}]
advances: [{on: contact_received, in: intake, enter: wait}]
"""


@pytest.mark.rule("W1")
def test_a_contact_waits_until_the_step_that_it_takes_a_case_out_of_has_its_todos(store):
    applied(store, AT_ONCE)
    receive(store, 2)

    entered = [start_or_advance(store, NOW, 100) for _ in range(3)]
    planned(store)

    assert entered == [1, 0, 0]
    assert (todos_of(store), start_or_advance(store, NOW, 100)) == (["ring"], 1)
    assert visits_of(store, "step", "contact_id") == [("intake", 1), ("wait", 2)]


@pytest.mark.rule("W1")
def test_a_contact_waits_for_no_step_that_has_failed_for_good(store):
    nobody = STEPS.replace("team: Helpdesk", "employee: '9999'")
    applied(store, AT_ONCE, nobody)
    receive(store, 2)
    start_or_advance(store, NOW, 100)
    planned(store)
    while_it_is_tried = start_or_advance(store, NOW, 100)

    for hours in range(1, 10):
        planned(store, NOW + timedelta(hours=3 * hours))

    assert (while_it_is_tried, start_or_advance(store, NOW, 100)) == (0, 1)
    assert visits_of(store, "step", "outcome") == [("intake", BY_CONTACT), ("wait", None)]


def test_one_that_waits_keeps_no_contact_of_another_case_waiting(store):
    applied(store, AT_ONCE.replace("starts: [", f"starts: [{PROJECT}, "))
    receive(store, 2)
    start_or_advance(store, NOW, 1)
    receive(store, case="PR-7", from_=STRANGER)

    entered = [start_or_advance(store, NOW, 1) for _ in range(2)]

    assert entered == [1, 0]
    assert visits_of(store, "step", "contact_id") == [("intake", 1), ("intake", 3)]


def bounce(store: Store) -> None:
    """Receive a report that a message did not arrive, which belongs to the case."""
    box = prepared(store, account())
    ready(store)
    receive_letters(store, box, [bounce_of("x@firm.example", "petra@mueller.example")])
    decide_review(store, 1, "SC-1042", None)


@pytest.mark.rule("R7")
@pytest.mark.parametrize(("said", "entered"), [("", 0), ("automatic: true, ", 1)])
def test_what_a_machine_wrote_starts_a_workflow_only_where_that_is_said(store, said, entered):
    applied(store, HEAD.replace("enter: intake}", f"{said}enter: intake}}", 1))
    bounce(store)

    assert offered(store) == entered


@pytest.mark.rule("R7")
@pytest.mark.parametrize(("said", "entered"), [("", 0), ("automatic: true, ", 1)])
def test_an_automatic_reply_moves_a_case_on_only_where_that_is_said(store, said, entered):
    applied(store, HEAD.replace("in: wait, ", f"in: wait, {said}"))
    receive(store)
    offered(store)
    planned(store)
    done(store)
    planned(store)

    receive(store, auto_submitted="auto-replied")

    assert offered(store) == entered


@pytest.mark.rule("W1")
def test_by_several_planners_at_once_each_contact_starts_once(store):
    applied(store, HEAD.replace("enter: intake}", "unless_running: false, enter: intake}", 1))
    receive(store, 8)
    together = Barrier(4)

    def offer(_: int) -> int:
        together.wait(60)
        return offered(store)

    with ThreadPoolExecutor(4) as planners:
        entered = list(planners.map(offer, range(4)))

    assert sum(entered) == 8
    assert sorted(visits_of(store, "contact_id")) == list(range(1, 9))
    assert runs_of(store) == ["open"]
