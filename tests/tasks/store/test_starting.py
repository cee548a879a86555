"""Received contacts start workflows, or move them on: each contact once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from builders import NOW, account, letter, prepared, private_account, receive_letters
from outgoing_contacts import ready
from sqlalchemy import select
from workflows import RING, done, planned, runs_of, todos_of, visits_of, workflow

from domain.errors import UnknownRecord
from tasks.store.database import Store
from tasks.store.reviews import decide_review
from tasks.store.starting import start_or_advance
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


def test_a_condition_that_cannot_be_answered_is_kept_with_its_reason(store):
    applied(
        store, HEAD.replace("enter: intake}", 'enter: intake, if: "owner.name < case.open"}', 1)
    )
    receive(store)

    assert offered(store) == 0
    with store.reading() as connection:
        [kept] = connection.execute(select(incoming_events))
    assert (kept.outcome, kept.payload["case"]) == ("refused", "SC-1042")
    assert kept.reason.startswith("A text or a condition of the workflow cannot be filled in")


@pytest.mark.rule("W1")
def test_by_several_planners_at_once_each_contact_starts_once(store):
    applied(store, HEAD.replace("enter: intake}", "unless_running: false, enter: intake}", 1))
    receive(store, 8)
    together = Barrier(4)

    def offer(_: int) -> int:
        together.wait(10)
        return offered(store)

    with ThreadPoolExecutor(4) as planners:
        entered = list(planners.map(offer, range(4)))

    assert sum(entered) == 8
    assert sorted(visits_of(store, "contact_id")) == list(range(1, 9))
    assert runs_of(store) == ["open"]
