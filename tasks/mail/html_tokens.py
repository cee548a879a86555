"""HTML cut into tags and text in one pass, whatever it looks like.

The standard library's parser takes quadratic time on unclosed comments and tags; this scanner
searches each stretch of its input a bounded number of times, and never raises.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

LONGER_TAGS_TRIED = 4

VOID = frozenset(
    str.split("area base br col embed frame hr img input keygen link meta param source track wbr")
)
UNSEEN = frozenset({"script", "style", "title", "template"})

_PLAIN_ATTRIBUTES = (  # possessive, and confined between "<" and ">": read once, if at all
    r"""(?:[\s/][^<>="']*+(?:=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=]++)[^<>="']*+)*+)?+"""
)
_START = re.compile(
    rf"<(?:(?P<closing>/?)(?P<name>[A-Za-z][\w:.-]*+){_PLAIN_ATTRIBUTES}>|!--|/?[A-Za-z]|[!?])"
)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_CLOSED_VALUE = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*')""")
_OPEN_VALUE = re.compile(r"""=\s*+["']""")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+)))?"""
)


class Tag(NamedTuple):
    """A tag as it stands in the source."""

    name: str  # lower case
    closes: bool
    source: str

    def attributes(self) -> dict[str, str]:
        """Read the attributes, names in lower case; the first of two alike counts."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.source, len(self.name) + 1):
            value = match[2] or match[3] or match[4] or ""
            found.setdefault(match[1].lower(), unescape(value))
        return found


def tokens(html: str) -> Iterator[Tag | str]:
    """Yield tags and stretches of visible text (entities decoded); comments are left out."""
    position = 0
    while start := _START.search(html, position):
        if start.start() > position:
            yield unescape(html[position : start.start()])
        position = start.end() if start["name"] else _end(html, start)
        if tag := _tag(html, start, position):
            yield tag
            if tag.name in UNSEEN and not tag.closes:
                position = _end_of_unseen(html, tag.name, position)
    if position < len(html):
        yield unescape(html[position:])


def _tag(html: str, start: re.Match[str], end: int) -> Tag | None:
    if start["name"]:
        return Tag(start["name"].lower(), bool(start["closing"]), start[0])
    name = _NAME.match(html, start.start(), end)
    return Tag(name[1].lower(), start[0][1] == "/", html[start.start() : end]) if name else None


def is_complete(tag: str) -> bool:
    """Tell whether a tag's last ">" stands outside its attributes' values."""
    return "=" not in tag or not _OPEN_VALUE.search(_CLOSED_VALUE.sub("", tag))


def _end(html: str, start: re.Match[str]) -> int:
    """Find where a comment or tag ends: at the end of the input if nothing closes it."""
    if start[0] == "<!--":
        closing = html.find("-->", start.start() + 2)
        return len(html) if closing < 0 else closing + 3
    end = shortest = html.find(">", start.end()) + 1
    for _ in range(LONGER_TAGS_TRIED):
        if end == 0:
            break
        if is_complete(html[start.start() : end]):
            return end
        end = html.find(">", end) + 1
    return shortest or len(html)


def _end_of_unseen(html: str, name: str, position: int) -> int:
    closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, position)
    return closing.start() if closing else len(html)
