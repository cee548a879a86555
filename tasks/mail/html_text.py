"""The plain text that a reader of an HTML mail sees."""

import re

from domain.markup import without_markup
from tasks.mail.html_tokens import VOID, Tag, tokens

READABLE_CHARACTERS = 1024 * 1024  # beyond this, and beyond so many tags, layout is given up
READABLE_TAGS = 40_000
CHARACTERS_AT_ALL = 4 * READABLE_CHARACTERS
QUOTES_SHOWN = 8
SHORTEST_HIDING = len("<p hidden>")

RULE = "_" * 32

_PARAGRAPHS = frozenset(
    str.split("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure address fieldset")
)
_LINES = frozenset(
    str.split(
        "div tr li dt dd section article header footer main nav aside form center caption body "
        "thead tbody tfoot figcaption details summary option legend"
    )
)
_MAY_HIDE = re.compile(r"style|hidden", re.IGNORECASE)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_HEIGHT = re.compile(r"max-height\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|mailto|tel):[^\s<>]+$", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_INVISIBLE = re.compile("[\u00ad\u034f\u200b\u200e\u200f\u2060\ufeff]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def as_text(html: str) -> str:
    """Write an HTML mail as plain text, quotations marked with ">" as new_part expects them.

    Paragraphs, lists, tables' cells and links stay apart; what the sender hid is left out.
    """
    if len(html) > READABLE_CHARACTERS or html.count("<") > READABLE_TAGS:
        return without_markup(html[:CHARACTERS_AT_ALL])
    page = _Page(shows_hidden=False)
    page.read(html)
    if page.hidden:  # never closed: a mistake must not swallow the text
        page = _Page(shows_hidden=True)
        page.read(html)
    return page.text()


def _hides(tag: Tag) -> bool:
    """Tell whether an element is there, but not to be seen: preheaders, tracking pixels."""
    if len(tag.source) < SHORTEST_HIDING or tag.name in VOID or not _MAY_HIDE.search(tag.source):
        return False
    attributes = tag.attributes()
    style = attributes.get("style", "")
    folded = _NO_HEIGHT.search(style) and _OVERFLOW.search(style)
    return "hidden" in attributes or bool(_HIDING.search(style) or folded)


def _only_indents(tag: Tag) -> bool:
    """Tell whether a <blockquote> is a mailer's indentation rather than a quotation."""
    attributes = tag.attributes()
    marked = attributes.get("type") == "cite" or attributes.get("class")
    return not marked and bool(_NO_BORDER.search(attributes.get("style", "")))


class _Page:
    """A sheet that visible text is written on, line by line."""

    def __init__(self, *, shows_hidden: bool) -> None:
        self.shows_hidden = shows_hidden
        self.hidden = ""  # the element whose content is being skipped
        self._hidden_depth = 0
        self._lines: list[str] = []
        self._line: list[str] = []
        self._new_cell = False
        self._literal = 0  # depth of <pre>
        self._quotations: list[bool] = []  # per open <blockquote>: whether it quotes
        self._lists: list[int] = []  # per open list its next number; 0 without numbers
        self._link: tuple[str, int] | None = None  # its address, and where its text begins

    def read(self, html: str) -> None:
        """Write all that is visible of a document."""
        for token in tokens(html):
            if self.hidden:
                self._skip(token)
            elif isinstance(token, str):
                self._write(token)
            elif token.closes:
                self._close(token.name)
            else:
                self._open(token)
        self._end_line()

    def text(self) -> str:
        """Give what was written."""
        return _BLANK_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _skip(self, token: Tag | str) -> None:
        if isinstance(token, Tag) and token.name == self.hidden:
            self._hidden_depth += -1 if token.closes else 1
            self.hidden = self.hidden if self._hidden_depth else ""

    def _write(self, text: str) -> None:
        text = _INVISIBLE.sub("", text)
        if self._literal:
            first, *others = _BLANK_LINES.sub("\n\n", text).split("\n")
            self._put(first)
            for line in others:
                self._end_line(keep_blank=True)
                self._put(line)
            return
        text = _SPACE.sub(" ", text)
        if not self._line or self._line[-1].endswith(" "):
            text = text.lstrip(" ")
        self._put(text)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._new_cell and text.strip():
            self._line.append("| " if self._line[-1].endswith(" ") else " | ")
            self._new_cell = False
        self._line.append(text)

    def _end_line(self, *, keep_blank: bool = False) -> None:
        written = "".join(self._line).rstrip()
        if written or keep_blank:
            marks = "> " * min(sum(self._quotations), QUOTES_SHOWN)
            self._lines.append((marks + written).rstrip())
        self._line.clear()
        self._new_cell = False
        if self._link:
            self._link = (self._link[0], 0)

    def _end_paragraph(self) -> None:
        self._end_line()
        if self._lines and self._lines[-1].strip("> "):
            self._end_line(keep_blank=True)

    def _open(self, tag: Tag) -> None:
        if not self.shows_hidden and _hides(tag):
            self.hidden, self._hidden_depth = tag.name, 1
        elif tag.name in _PARAGRAPHS:
            self._end_paragraph()
            self._open_paragraph(tag)
        elif tag.name in _LINES:
            self._end_line()
            self._open_item(tag)
        elif tag.name == "br":
            self._end_line(keep_blank=True)
        elif tag.name in {"td", "th"}:
            self._new_cell = bool(self._line)
        elif tag.name == "hr":
            self._end_line()
            self._lines.append(RULE)
        elif tag.name == "a":
            self._link = (tag.attributes().get("href", "").strip(), len(self._line))
        elif tag.name == "img":
            self._write(tag.attributes().get("alt", ""))

    def _open_paragraph(self, tag: Tag) -> None:
        if tag.name == "blockquote":
            self._quotations.append(not _only_indents(tag))
        elif tag.name == "pre":
            self._literal += 1
        elif tag.name in {"ul", "ol"}:
            self._lists.append(1 if tag.name == "ol" else 0)

    def _open_item(self, tag: Tag) -> None:
        if tag.name != "li":
            return
        number = self._lists[-1] if self._lists else 0
        indent = "  " * min(len(self._lists) - 1, QUOTES_SHOWN)
        self._line.append(f"{indent}{number}. " if number else f"{indent}- ")
        if number:
            self._lists[-1] += 1

    def _close(self, name: str) -> None:
        if name == "a" and self._link:
            self._end_link(*self._link)
        elif name in _PARAGRAPHS:
            self._end_line()
            self._close_paragraph(name)
            self._end_paragraph()
        elif name in _LINES:
            self._end_line()

    def _close_paragraph(self, name: str) -> None:
        if name == "blockquote" and self._quotations:
            self._quotations.pop()
        elif name == "pre" and self._literal:
            self._literal -= 1
        elif name in {"ul", "ol"} and self._lists:
            self._lists.pop()

    def _end_link(self, address: str, start: int) -> None:
        self._link = None
        shown = "".join(self._line[start:]).strip()
        target = address.removeprefix("mailto:").removeprefix("tel:")
        bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
        if shown and _LINK.match(address) and bare not in shown:
            self._put(f" <{target}>")
