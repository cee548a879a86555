"""A person chooses the case of a contact that was ambiguous."""

import pytest
from builders import account, letter, prepared, receive_letters

from domain.errors import UnknownRecord
from domain.matching import Verdict
from tasks.store.contacts import list_contacts, list_reviews, show_contact
from tasks.store.database import Store
from tasks.store.reviews import decide_review

AMBIGUOUS = letter(subject="SC-1042", from_="x@stranger.example")


def waiting(store: Store) -> int:
    receive_letters(store, prepared(store, account()), [AMBIGUOUS])
    [line] = list_reviews(store)
    return line.id


@pytest.mark.rule("R2")
@pytest.mark.parametrize("number", ["SC-1042", "PR-7"])
def test_a_decided_contact_has_its_case_and_waits_no_more(store, number):
    contact_id = waiting(store)

    decide_review(store, contact_id, number, None)

    [line] = list_contacts(store)
    assert (line.case_number, line.verdict) == (number, Verdict.DECIDED)
    assert list_reviews(store) == []
    assert len(show_contact(store, contact_id).candidates) == 1


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("number", "told"), [("SC-9999", "there is no case SC-9999"), ("", "there is no case")]
)
def test_a_case_that_is_not_there_is_refused_and_nothing_changes(store, number, told):
    contact_id = waiting(store)

    with pytest.raises(UnknownRecord, match=told):
        decide_review(store, contact_id, number, None)

    assert len(list_reviews(store)) == 1


@pytest.mark.rule("R2")
def test_what_is_decided_is_not_decided_again(store):
    contact_id = waiting(store)
    decide_review(store, contact_id, "SC-1042", None)

    with pytest.raises(UnknownRecord, match="no undecided contact"):
        decide_review(store, contact_id, "PR-7", None)

    assert [line.case_number for line in list_contacts(store)] == ["SC-1042"]


@pytest.mark.rule("R2")
def test_a_contact_without_any_candidate_can_be_given_a_case(store):
    receive_letters(store, prepared(store, account()), [letter(from_="x@stranger.example")])
    [line] = list_contacts(store)

    decide_review(store, line.id, "PR-7", None)

    assert [line.case_number for line in list_contacts(store)] == ["PR-7"]
