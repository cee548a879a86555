"""A message as it goes over the line (RFC 5321, 2.3.8 and 4.5.2)."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")


def with_line_ends(raw: bytes) -> bytes:
    """End every line by CRLF, the last one too.

    A lone CR or LF is not only forbidden: servers that read it differently can be led to see a
    second message in the first.
    """
    pairs = raw.count(b"\r\n")
    if raw.count(b"\r") != pairs or raw.count(b"\n") != pairs:
        raw = _LINE_END.sub(b"\r\n", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def closed(content: bytes) -> bytes:
    """Double the dots that begin lines, and put the one at the end that closes the message."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if doubled.startswith(b".") else b"") + doubled + b".\r\n"
