"""How much of what was sent came back."""

from datetime import timedelta

from builders import NOW, account, bounce_of, prepared, receive_letters

from tasks.store.bounce_counts import BounceCount, bounce_counts
from tasks.store.database import Store
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere

HOUR = timedelta(hours=1)
TO = (
    "petra@mueller.example",
    "UWE@Mueller.example",
    "frieda@lindner.example",
    "ok@lindner.example",
)


def bounced(store: Store) -> None:
    """Let three of four recipients be reported, at NOW."""
    box = prepared(store, account())
    note_sent_elsewhere(store, SentElsewhere("angebot@firm.example", "SC-1042", TO), NOW - HOUR)
    receive_letters(store, box, [bounce_of("angebot@firm.example", *TO[:3])])


def test_recipients_are_counted_by_their_domains_the_most_first(store):
    bounced(store)

    counts = bounce_counts(store, NOW - HOUR)

    assert [(each.domain, each.bounced) for each in counts] == [
        ("mueller.example", 2),
        ("lindner.example", 1),
    ]


def test_what_came_back_before_is_not_counted(store):
    bounced(store)

    assert bounce_counts(store, NOW + HOUR) == []


def test_nobody_is_named(store):
    bounced(store)

    counts = bounce_counts(store, NOW - HOUR)

    assert all(isinstance(each, BounceCount) for each in counts)
    assert "petra" not in repr(counts)
