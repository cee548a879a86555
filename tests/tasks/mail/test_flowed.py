"""Flowed text becomes paragraphs again (RFC 3676)."""

import pytest

from tasks.mail.flowed import unflowed


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("> one \n> two\n>> three", "> one two\n>> three"),
        ("> one \ntwo", "> one\ntwo"),
        (" From here\n >not a quote", "From here\n>not a quote"),
        ("text \n-- \nHans", "text\n-- \nHans"),
        ("", ""),
    ],
)
def test_lines_flow_into_paragraphs(text, paragraphs):
    assert unflowed(text, delsp=False) == paragraphs


def test_the_blank_at_which_a_line_was_cut_can_be_no_part_of_it():
    assert unflowed("日 \n本", delsp=True) == "日本"
