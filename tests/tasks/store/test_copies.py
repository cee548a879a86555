"""Copies of what was sent, still to be put where their sender looks for them."""

import pytest
from builders import NOW
from outgoing_contacts import JONAS, PETRA, QUEUE, UWE, queued, ready, tried, written

from tasks.store.copies import copies_due, copies_kept
from tasks.store.dispatch_actions import send_again


def test_a_copy_is_due_until_it_is_kept(store):
    ready(store)
    made = [queued(store).dispatch_id for _ in range(3)]
    for _ in range(2):
        tried(store, "accepted", wants_copy=True)
    tried(store, "accepted", wants_copy=False)

    before = [parcel.id for parcel in copies_due(store, QUEUE)]
    copies_kept(store, [before[0]])

    assert before == made[:2]
    assert [parcel.id for parcel in copies_due(store, QUEUE)] == made[1:2]
    assert copies_due(store, "e-mail/another") == []


@pytest.mark.parametrize("kept", [True, False])
def test_a_later_attempt_asks_for_no_copy_of_what_has_one(store, kept):
    ready(store)
    dispatch_id = queued(store, written(PETRA, UWE)).dispatch_id
    assert dispatch_id is not None
    tried(store, "accepted", "unknown", wants_copy=True)
    if kept:
        copies_kept(store, [dispatch_id])
    send_again(store, dispatch_id, JONAS, NOW)

    tried(store, "refused_for_good", wants_copy=False)

    assert len(copies_due(store, QUEUE)) == (0 if kept else 1)
