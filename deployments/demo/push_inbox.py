"""The phones that the demo's push services reach, on one page."""

import html
from collections import deque
from dataclasses import dataclass
from datetime import datetime

MOST_KEPT = 1000

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>Push</title>
<style>body {{ font: 16px/1.4 sans-serif; margin: 2em }} td, th {{ padding: .4em 1em .4em 0;
text-align: left; vertical-align: top }} td {{ white-space: pre-wrap }}</style></head>
<body><h1>Push</h1>
<p><a href="/">SMS</a></p>
<table><tr><th>When</th><th>Phone</th><th>Title</th><th>Text</th></tr>
{rows}
</table></body></html>
"""


@dataclass(frozen=True, slots=True)
class ReceivedPush:
    """One message on a phone."""

    phone: str
    title: str
    text: str
    at: datetime


class PushInbox:
    """All messages since the start, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: deque[ReceivedPush] = deque(maxlen=MOST_KEPT)

    def put(self, phone: str, title: str, text: str, at: datetime) -> None:
        """Show a message on a phone."""
        self._kept.appendleft(ReceivedPush(phone, title, text, at))

    def page(self) -> str:
        """Show all messages to people, the newest first."""
        return _PAGE.format(rows="\n".join(map(_row, self._kept)))


def _row(push: ReceivedPush) -> str:
    cells = (f"{push.at:%H:%M:%S}", push.phone, push.title, push.text)
    return f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"
