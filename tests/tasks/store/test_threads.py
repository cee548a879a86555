"""Conversations are put together whatever order their messages arrive in."""

import random
from collections.abc import Sequence

import pytest
from builders import SECRET, account, letter, prepared, receive_letters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from domain.matching import EvidenceKind, Verdict
from domain.tokens import case_token
from tasks.store.contacts import ContactDetails, list_contacts, list_reviews, show_contact
from tasks.store.database import Store
from tasks.store.reviews import decide_review
from tasks.store.tables import metadata

STRANGER = "x@stranger.example"
TOKEN = f"[{case_token('SC-1001', SECRET)}]"


def message(number: int, *parents: int, subject: str = "Hallo") -> bytes:
    references = " ".join(f"<{parent}@x.example>" for parent in parents)
    return letter(
        message_id=f"<{number}@x.example>",
        references=references,
        in_reply_to=references.rpartition(" ")[2],
        subject=subject,
        from_=STRANGER,
        text=f"Nachricht {number}",
    )


# 1 <- 2 <- 3, 1 <- 4; 5 and 6 answer 90, which never arrives; 7 is a conversation of its own.
FIRST = [message(1), message(2, 1), message(3, 1, 2), message(4, 1)]
SECOND = [message(5, 90), message(6, 90)]
ALONE = [message(7)]
BRIDGE = [message(8, 3, 6)]  # a message that answers both conversations


def contacts_of(store: Store) -> dict[str, ContactDetails]:
    shown = (show_contact(store, line.id) for line in list_contacts(store, limit=1000))
    return {contact.message_id.partition("@")[0]: contact for contact in shown}


def threads(store: Store) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for number, contact in contacts_of(store).items():
        groups.setdefault(contact.thread, set()).add(number)
    return {frozenset(group) for group in groups.values()}


def arrive(store: Store, raws: Sequence[bytes], chunks: Sequence[int]) -> None:
    """Receive messages in this order, divided into chunks of these sizes."""
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    box, begin = prepared(store, account()), 0
    for size in [*chunks, len(raws)]:
        if part := raws[begin : begin + size]:
            receive_letters(store, box, part, first_uid=begin + 1)
        begin += size


in_any_order = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
sizes = st.lists(st.integers(1, 8), max_size=8)


@pytest.mark.rule("R2")
@in_any_order
@given(raws=st.permutations([*FIRST, *SECOND, *ALONE]), chunks=sizes)
def test_whatever_order_messages_arrive_in_the_threads_are_the_same(sqlite_store, raws, chunks):
    arrive(sqlite_store, raws, chunks)

    assert threads(sqlite_store) == {
        frozenset("1234"),
        frozenset("56"),
        frozenset("7"),
    }


@pytest.mark.rule("R2")
@in_any_order
@given(raws=st.permutations([*FIRST, *SECOND, *ALONE, *BRIDGE]), chunks=sizes)
def test_a_message_that_answers_two_conversations_makes_them_one(sqlite_store, raws, chunks):
    arrive(sqlite_store, raws, chunks)

    assert threads(sqlite_store) == {frozenset("1234568"), frozenset("7")}


@pytest.mark.rule("R2")
@in_any_order
@given(data=st.data(), chunks=sizes)
def test_one_token_decides_its_whole_conversation_in_any_order(sqlite_store, data, chunks):
    raws = [*FIRST, *SECOND, *ALONE, *BRIDGE]
    carrier = data.draw(st.sampled_from(range(7)))
    raws[carrier] = raws[carrier].replace(b"Subject: Hallo", f"Subject: Hallo {TOKEN}".encode())
    numbers = data.draw(st.permutations(raws))

    arrive(sqlite_store, numbers, chunks)

    found = {number: each.line.case_number for number, each in contacts_of(sqlite_store).items()}
    alone = carrier == 6
    assert found == {n: "SC-1001" if (n == "7") is alone else None for n in "12345678"}


@pytest.mark.rule("R2")
def test_a_message_before_its_parent_is_decided_when_the_parent_tells(store):
    box = prepared(store, account())
    receive_letters(store, box, [message(2, 1)])
    before = contacts_of(store)["2"].line.verdict

    receive_letters(store, box, [message(1, subject=TOKEN)], first_uid=2)

    after = contacts_of(store)["2"]
    assert before is Verdict.NONE
    assert (after.line.case_number, after.line.verdict) == ("SC-1001", Verdict.DECIDED)
    assert after.candidates[0].has(EvidenceKind.THREAD)


@pytest.mark.rule("R2")
def test_what_a_person_decides_the_thread_learns_before_and_after(store):
    box = prepared(store, account())
    receive_letters(store, box, [message(1), message(2, 1, subject="SC-1042"), message(3, 1)])
    [waiting] = list_reviews(store)

    decide_review(store, waiting.id, "PR-7", None)

    receive_letters(store, box, [message(4, 1)], first_uid=9)
    found = contacts_of(store)
    assert {each.line.case_number for each in found.values()} == {"PR-7"}
    assert list_reviews(store) == []
    assert found["2"].candidates[0].has(EvidenceKind.SUGGESTION)  # the evidence is kept


@pytest.mark.rule("R2")
def test_two_messages_under_one_id_are_two_contacts_of_one_thread(store):
    box = prepared(store, account())
    draw = random.Random(1)
    raws = [letter(message_id="<1@x.example>", text=str(draw.random())) for _ in range(3)]

    receive_letters(store, box, raws)

    shown = [show_contact(store, line.id) for line in list_contacts(store)]
    assert len(shown) == 3
    assert len({contact.thread for contact in shown}) == 1
