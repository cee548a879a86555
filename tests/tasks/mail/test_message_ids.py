"""Message ids, broken and whole."""

import pytest

from tasks.mail.message_ids import MAX_REFERENCES, abridged, message_ids


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (b"<a@x.example>", ("a@x.example",)),
        (b" a@x.example ", ("a@x.example",)),
        (b"<a@x.example", ("a@x.example",)),
        (b"<a b@x.example>", ("ab@x.example",)),
        (b"<a\r\n b@x.example>", ("ab@x.example",)),
        (b"<no-domain>", ("no-domain",)),
        (b"<@>", ()),
        (b"<>", ()),
        (b"", ()),
        (b"<" + b"a" * 5_000 + b"@x.example>", ()),
        (b"<a\0@x.example>", ("a@x.example",)),
    ],
)
def test_an_id_is_cleaned_or_left_out(value, ids):
    assert message_ids([value]) == ids


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ([b"<a@x> <b@x>"], ("a@x", "b@x")),
        ([b"<a@x>,<b@x>\r\n\t<a@x>"], ("a@x", "b@x")),
        ([b"<a@x>", b"<b@x>"], ("a@x", "b@x")),
        ([b"a@x b@x"], ("a@x", "b@x")),
        ([b'Your message of "Mon, 1 Jun 2026" <a@x>'], ("a@x",)),
        ([b"Message from hans@x.example of Monday"], ()),
        ([], ()),
    ],
)
def test_ids_are_found_among_what_stands_around_them(values, ids):
    assert message_ids(values) == ids


def test_a_long_thread_keeps_its_first_and_its_last_ids():
    value = b" ".join(b"<%d@x>" % number for number in range(100_000))

    kept = abridged(message_ids([value]))

    assert len(kept) == MAX_REFERENCES + 1
    assert (kept[0], kept[1], kept[-1]) == ("0@x", "99900@x", "99999@x")
