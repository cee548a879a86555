"""Paragraphs that were sent as lines (RFC 3676, format=flowed)."""

import re

_MAX_LINES = 50_000
_QUOTES = re.compile(r">*+")
_SIGNATURE = "-- "


def unflowed(text: str, *, delsp: bool) -> str:
    """Join flowed lines to paragraphs, each at the depth of quoting that it had."""
    if text.count("\n") > _MAX_LINES:
        return text
    paragraphs: list[tuple[int, list[str]]] = []
    open_depth = -1  # of the paragraph that still flows
    for line in text.split("\n"):
        depth, content = _line(line)
        if depth == open_depth and content != _SIGNATURE:
            paragraphs[-1][1].append(content)
        else:
            _close(paragraphs, open_depth)
            paragraphs.append((depth, [content]))
        flows = content.endswith(" ") and content != _SIGNATURE
        open_depth = depth if flows else -1
        if flows and delsp:
            paragraphs[-1][1][-1] = content[:-1]
    return "\n".join(_quoted(depth, "".join(lines)) for depth, lines in paragraphs)


def _close(paragraphs: list[tuple[int, list[str]]], open_depth: int) -> None:
    """End a paragraph that flows into nothing of its depth."""
    if open_depth >= 0:
        paragraphs[-1][1][-1] = paragraphs[-1][1][-1].rstrip(" ")


def _line(line: str) -> tuple[int, str]:
    quotes = _QUOTES.match(line)
    depth = quotes.end() if quotes else 0
    content = line[depth:]
    return depth, content[1:] if content.startswith(" ") else content


def _quoted(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}".rstrip(" ") if depth else content
