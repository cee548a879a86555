"""How deep a parser's tree of an HTML text would get, measured before any parser sees it.

nh3 takes quadratic time in the depth of nesting, in the attributes of one tag and in bare
ampersands. What is judged here errs to the careful side: it follows the parsing rules of HTML
only as far as they could hide depth from a mere count of tags.
"""

import re

from tasks.mail.html_tokens import VOID, Tag, is_complete, tokens

DEEPEST = 200
REOPENED_MOST = 500_000  # a parser opens unclosed formatting again at every element
ATTRIBUTES_MOST = 200
AMPERSANDS_MOST = 20_000  # outside of entities
FOREIGN_TAGS_MOST = 2_000  # where SVG or MathML make other rules
LONG_TAG = 1_000
SHORT = 20_000  # characters; the worst that was found takes a parser 20 ms for so many

_FORMATTING = frozenset(str.split("a b big code em font i nobr s small strike strong tt u"))
_CELLS = frozenset(str.split("caption col colgroup tbody td tfoot th thead tr"))
_CLOSED_BY_THE_NEXT = frozenset({"dd", "dt", "li", "option", "p"})
_BOUNDARIES = frozenset(str.split("applet button marquee object select table template"))
_IGNORE_CLOSING = frozenset(str.split("iframe noembed noframes noscript select textarea xmp"))
_FOREIGN = re.compile(r"<(?:svg|math|plaintext)\b", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:\w{2,30}|#\d{1,7}|#[xX]\w{1,6});)")


def is_shallow(html: str) -> bool:
    """Tell whether a parser can build the tree of this text in time proportional to its length."""
    if len(html) <= SHORT and html.count("<") <= DEEPEST:
        return True  # nothing in so little text can be deep, or take a parser long
    if len(_BARE_AMPERSAND.findall(html)) > AMPERSANDS_MOST:
        return False
    if html.count("<") > FOREIGN_TAGS_MOST and _FOREIGN.search(html):
        return False
    nesting = _Nesting()
    for token in tokens(html):
        if isinstance(token, Tag):
            nesting.add(token)
        if nesting.is_too_much():
            return False
    return True


class _Nesting:
    """The elements that are open, as far as they can be open at once."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._formatting: list[str] = []  # open, or opened again by the parser
        self._reopened = 0
        self._raw = ""  # the element whose content is text to a parser
        self._suspicious = False

    def is_too_much(self) -> bool:
        """Tell whether a limit is passed."""
        deep = len(self._open) + len(self._formatting) > DEEPEST
        return deep or self._reopened > REOPENED_MOST or self._suspicious

    def add(self, tag: Tag) -> None:
        """Take the next tag into account."""
        self._suspicious = not is_complete(tag.source) or _has_many_attributes(tag)
        self._reopened += len(self._formatting)
        if tag.name in VOID or tag.name in _CLOSED_BY_THE_NEXT:
            return
        if tag.name in _CELLS:
            self._end_cell()
        elif tag.closes:
            self._close(tag.name)
        else:
            self._open_element(tag.name)

    def _open_element(self, name: str) -> None:
        self._open.append(name)
        if name in _FORMATTING:
            self._formatting.append(name)
        if name in _IGNORE_CLOSING and not self._raw:
            self._raw = name

    def _close(self, name: str) -> None:
        if self._raw and name != self._raw:
            return
        self._raw = ""
        if name in _FORMATTING or name == "form":  # what is open within them stays open
            _remove_last(self._formatting, name)
            if (index := self._last(name)) is not None:
                del self._open[index]
        elif (index := self._last(name)) is not None:
            del self._open[index:]

    def _end_cell(self) -> None:
        index = self._last("table")
        if index is None or self._raw:
            return
        for name in self._open[index + 1 :]:
            if name in _FORMATTING:
                _remove_last(self._formatting, name)
        del self._open[index + 1 :]

    def _last(self, name: str) -> int | None:
        """Find the innermost element of a name that a closing tag can reach."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] == name:
                return index
            if self._open[index] in _BOUNDARIES and name not in _BOUNDARIES:
                return None
        return None


def _has_many_attributes(tag: Tag) -> bool:
    return len(tag.source) > LONG_TAG and len(tag.attributes()) > ATTRIBUTES_MOST


def _remove_last(names: list[str], name: str) -> None:
    for index in range(len(names) - 1, -1, -1):
        if names[index] == name:
            del names[index]
            return
