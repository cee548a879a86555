"""A page key goes on where its page ended, and only in its own list."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadFilter
from domain.page_keys import page_key, read_page_key

OF = "contacts newest 0123"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def written(content: object) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@given(st.datetimes(timezones=st.just(UTC)), st.text(), st.integers(0, 2**63 - 1))
def test_a_key_is_read_as_it_was_written(at, text, number):
    key = page_key(OF, (at, text, number))

    assert read_page_key(key, OF, (datetime, str, int)) == (at, text, number)


def test_a_time_on_the_wall_stays_without_a_zone():
    wall = NOON.replace(tzinfo=None)

    assert read_page_key(page_key(OF, (wall, 1)), OF, (datetime, int)) == (wall, 1)


def test_the_key_of_another_list_is_told():
    with pytest.raises(BadFilter, match="another list"):
        read_page_key(page_key("todos due 0123", (NOON, 1)), OF, (datetime, int))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "ü",
        "e30",
        "' OR 1=1 --",
        written([]),
        written(OF),
        written([OF]),
        written([OF, "noon", 1]),
        written([OF, NOON.isoformat(), "1"]),
        written([OF, NOON.isoformat(), True]),
        written([OF, NOON.isoformat(), 2**63]),
        written([OF, NOON.isoformat(), 1, 1]),
        written([OF, ["x"], {}]),
        "W" * 100_000,
    ],
)
def test_what_is_no_key_is_told_in_a_sentence(key):
    with pytest.raises(BadFilter, match="page key"):
        read_page_key(key, OF, (datetime, int))
