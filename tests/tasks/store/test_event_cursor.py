"""Until when events have been read, and which of them were seen to."""

from datetime import timedelta

from bench.workflow_cases import asking
from builders import NOW

from tasks.store.event_cursor import FIRST, events_read_until, note_events_read, seen_to
from tasks.store.runs import Arrived, enter_steps

MINUTE = timedelta(minutes=1)


def test_at_first_all_is_asked_for_that_a_server_keeps(store):
    assert events_read_until(store, NOW) == NOW - FIRST


def test_it_is_kept_until_when_events_have_been_read(store):
    note_events_read(store, NOW)

    assert events_read_until(store, NOW + MINUTE) == NOW


def test_who_is_behind_turns_nothing_back(store):
    note_events_read(store, NOW)
    note_events_read(store, NOW - MINUTE)

    assert events_read_until(store, NOW) == NOW


def test_an_event_is_seen_to_even_where_it_was_refused(store):
    refused = Arrived("an id", NOW, asking("SC-9999")["payload"])

    enter_steps(store, [refused], NOW)

    assert seen_to(store, ["an id", "another"]) == {"an id"}
