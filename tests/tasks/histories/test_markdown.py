"""A service call's history as Markdown, in which nothing that others wrote is Markdown."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from domain.publishing import Entry, ReleasedFile, ServiceHistory
from domain.wording import Language
from tasks.histories.markdown import escaped, markdown

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "![x](https://x.example/a.png)",
    "[click](javascript:alert(1)) <https://x.example> **fat** `code` ~~gone~~",
    "# Title\n## Another\n===\n---\n1. one\n- two\n+ three\n> quoted\n\n    code\n\tcode",
    "```\nfence\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[a]: https://x.example\n[a] &lt; &#35; \\# www.x.example a@x.example",
    "<!-- x\n\n-->\n<div>\n",
)
PLAIN = {"inline", "text", "text_special", "softbreak", "hardbreak"}


def blocks(text: str) -> list[str]:
    """Give the kinds of everything that a Markdown reader finds in a text."""
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [each.type for block in found for each in (block, *(block.children or ()))]


def written(text: str) -> str:
    entry = Entry(AT, True, text, text, text, None, (ReleasedFile(0, text, "", 3),))
    return markdown(ServiceHistory("SC-1042", (entry,)), AT, "Europe/Berlin", Language.ENGLISH)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_others_wrote_is_shown_as_it_is(hostile):
    found = set(blocks(written(hostile)))

    harmless = {*blocks(written("plain\n\nplain")), *PLAIN}
    assert found <= harmless


@given(st.text(max_size=60))
def test_a_line_is_nothing_but_text(text):
    found = set(blocks(escaped(text)))

    assert found <= {"paragraph_open", "paragraph_close", *PLAIN}


@given(st.text(alphabet="ab <>[]()!#*_`~|\\&;:/.@-+=1", max_size=60))
def test_a_line_says_what_was_written(text):
    [rendered] = MarkdownIt("commonmark").parse(f"x{escaped(text)}x")[1:2]

    said = "".join(each.content for each in rendered.children or ())
    assert said == f"x{' '.join(text.split())}x"
