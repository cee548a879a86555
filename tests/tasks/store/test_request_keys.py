"""A request that is asked again with its key is one request; judging alone queues nothing."""

import pytest
from builders import NOW, SECRET
from outgoing_contacts import JONAS, MIA, ready, requested, saved

from domain.channel_rules import MESSAGE
from domain.contacts import NewRecipient
from domain.sending import Request
from tasks.store.dispatches import list_dispatches
from tasks.store.judging import Terms
from tasks.store.sending import judge_request


@pytest.mark.rule("E3")
@pytest.mark.parametrize("channel", ["e-mail", "message"])
def test_the_same_request_is_queued_once(store, channel):
    ready(store)
    contact = saved(store, NewRecipient(employee=MIA))

    first = requested(store, contact, channel, key="run 1")
    again = requested(store, contact, channel, key="run 1")

    assert first.dispatch_id is not None
    assert again.dispatch_id == first.dispatch_id
    assert again.judgement.is_granted
    assert len(list_dispatches(store)) == 1


@pytest.mark.rule("M2")
@pytest.mark.parametrize("keys", [("run 1", "run 2"), (None, None)])
def test_other_requests_send_a_message_again(store, keys):
    ready(store)
    contact = saved(store, NewRecipient(employee=MIA))

    sent = {requested(store, contact, "message", key=key).dispatch_id for key in keys}

    assert len(sent) == 2


def test_judging_alone_queues_nothing(store):
    ready(store)
    contact = saved(store, NewRecipient(employee=MIA))

    judgement = judge_request(
        store, Request("message", contact, JONAS), MESSAGE, Terms(SECRET, NOW)
    )

    assert judgement.is_granted
    assert list_dispatches(store) == []
