"""HTML read for its words alone, at a glance and in linear time."""

import re
from html import unescape

_UNSEEN = re.compile(r"<(/?)(?:script|style|template|title)\b[^<>]*>", re.IGNORECASE)
_NEW_LINE = re.compile(r"<(?:blockquote|br|div|h\d|li|p|pre|table|td|tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-z][\w:-]*+(?:[\s/][^<>]*)?|![^<>]*)>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")


def without_markup(html: str) -> str:
    """Drop the tags, and what a reader never sees; each block begins a line."""
    first, *others = _UNSEEN.split(html)
    seen = [first, *(text for slash, text in zip(*[iter(others)] * 2, strict=True) if slash)]
    text = unescape(_TAG.sub(" ", _NEW_LINE.sub("\n", " ".join(seen))))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
