"""Messages that refer to each other belong together, in whatever order they are looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.threads import weave

ids = st.sampled_from("abcdefgh")
families = st.lists(st.lists(ids, min_size=1, max_size=4), max_size=8)


def groups(threads: dict[str, str]) -> set[frozenset[str]]:
    return {
        frozenset(message for message in threads if threads[message] == thread)
        for thread in threads.values()
    }


def woven_one_by_one(several: list[list[str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for family in several:
        weaving = weave([family], known)
        known = {m: weaving.merged.get(thread, thread) for m, thread in known.items()}
        known |= weaving.threads
    return known


@pytest.mark.rule("R2")
@given(families, st.randoms())
def test_which_messages_belong_together_does_not_depend_on_the_order(several, drawn):
    shuffled = drawn.sample(several, len(several))

    assert groups(woven_one_by_one(several)) == groups(woven_one_by_one(shuffled))


@pytest.mark.rule("R2")
@given(families)
def test_all_at_once_and_one_by_one_come_to_the_same(several):
    at_once = weave(several, {})

    assert groups(dict(at_once.threads)) == groups(woven_one_by_one(several))
    assert set(at_once.new) == set(at_once.threads)


def test_a_thread_that_is_known_keeps_its_name():
    weaving = weave([["new", "old"]], {"old": "thread"})

    assert weaving.threads == {"new": "thread", "old": "thread"}
    assert list(weaving.new) == ["new"]
    assert weaving.merged == {}


def test_two_threads_that_meet_become_the_one_whose_name_comes_first():
    weaving = weave([["x", "y"]], {"x": "two", "y": "one"})

    assert weaving.merged == {"two": "one"}
    assert set(weaving.threads.values()) == {"one"}


def test_a_message_id_is_not_taken_for_the_name_of_a_thread():
    weaving = weave([["a"], ["thread"]], {"a": "thread"})

    assert weaving.threads["a"] != weaving.threads["thread"]


def test_nothing_comes_of_nothing():
    assert weave([[]], {}).threads == {}
