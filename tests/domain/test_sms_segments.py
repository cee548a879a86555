"""A person sees how many SMS a text takes before it is sent, and nothing of it is ever cut off."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sms_segments import ALONE, JOINED, Encoding, as_sent, cut, segments

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2
TEXTS = st.text(alphabet=st.sampled_from("aä€[\n\r\fŁ😀\ud800 "), max_size=400) | st.text()


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "count"),
    [
        ("", GSM, 0, 1),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("€" * 80, GSM, 160, 1),
        ("€" * 80 + "a", GSM, 161, 2),
        ("€" * 153, GSM, 306, 3),  # 76 fit into a segment, and a septet stays empty
        ("a" * 152 + "€" + "a" * 152, GSM, 306, 3),
        ("^{}\\[~]|€\f", GSM, 20, 1),
        ("Grüße an Ørsted, Señora Çelik und Ängström: 5 £ & 3 ¥ @ §1?", GSM, 59, 1),
        ("ΔΦΓΛΩΠΨΣΘΞ", GSM, 10, 1),
        ("ç", UCS, 1, 1),  # the alphabet has the capital letter only
        ("`", UCS, 1, 1),
        ("\t", UCS, 1, 1),
        ("Ł" * 70, UCS, 70, 1),
        ("Ł" * 71, UCS, 71, 2),
        ("Ł" * 134, UCS, 134, 2),
        ("Ł" * 135, UCS, 135, 3),
        ("😀" * 35, UCS, 70, 1),
        ("😀" * 36, UCS, 72, 2),
        ("😀" * 67, UCS, 134, 3),  # 33 fit into a segment, and a unit stays empty
        ("Ł€", UCS, 2, 1),
        ("\ud800", UCS, 1, 1),
        ("a\r\nb\rc\n", GSM, 6, 1),
    ],
)
def test_a_text_takes_so_many_segments(text, encoding, characters, count):
    counted = segments(text)

    assert (counted.encoding, counted.characters, counted.segments) == (
        encoding,
        characters,
        count,
    )


def test_a_character_of_two_septets_goes_into_the_next_segment_whole():
    assert cut("a" * 152 + "€" + "b" * 10) == ("a" * 152, "€" + "b" * 10)


def test_a_character_of_two_units_goes_into_the_next_segment_whole():
    assert cut("Ł" * 66 + "😀" + "b" * 10) == ("Ł" * 66, "😀" + "b" * 10)


@given(TEXTS)
def test_the_segments_together_are_the_text(text):
    assert "".join(cut(text)) == as_sent(text)


@given(TEXTS)
def test_no_segment_holds_more_than_it_can(text):
    encoding = segments(text).encoding
    pieces = cut(text)

    room = JOINED[encoding] if len(pieces) > 1 else ALONE[encoding]

    assert all(units(piece, encoding) <= room for piece in pieces)


@given(TEXTS)
def test_no_segment_is_begun_before_the_one_before_is_full(text):
    encoding, pieces = segments(text).encoding, cut(text)

    for piece, following in pairwise(pieces):
        assert units(piece + following[0], encoding) > JOINED[encoding]


@given(TEXTS)
def test_line_breaks_are_sent_as_line_feeds(text):
    assert "\r" not in as_sent(text)
    assert as_sent(as_sent(text)) == as_sent(text)


def units(text: str, encoding: Encoding) -> int:
    """Count as the standard's own coding would be long."""
    if encoding is Encoding.UCS_2:
        return len(text.encode("utf-16-be", "surrogatepass")) // 2
    return len(text) + sum(text.count(extended) for extended in "\f^{}\\[~]|€")
