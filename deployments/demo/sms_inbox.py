"""The phones that the demo's SMS gateway reaches: what they got, and what became of it."""

import html
from dataclasses import dataclass
from datetime import datetime, timedelta

DELIVERY = timedelta(seconds=2)
UNREACHABLE = "999"  # a number that ends so belongs to nobody
MOST_KEPT = 1000

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>SMS of the demo</title>
<style>body {{ font: 16px/1.4 sans-serif; margin: 2em }} td, th {{ padding: .4em 1em .4em 0;
text-align: left; vertical-align: top }} td.text {{ white-space: pre-wrap }}</style></head>
<body><h1>SMS of the demo</h1>
<p><a href="/push">Push</a></p>
<table><tr><th>When</th><th>To</th><th>From</th><th>Status</th><th>Text</th></tr>
{rows}
</table></body></html>
"""


@dataclass(frozen=True, slots=True)
class ReceivedSms:
    """One SMS, as the gateway was given it."""

    id: str
    to: str
    sender: str
    text: str
    at: datetime

    def receipt(self, now: datetime) -> dict[str, str]:
        """Tell what became of it, in the words of the gateway."""
        if now < self.at + DELIVERY:
            return {"id": self.id, "status": "queued"}
        if self.to.endswith(UNREACHABLE):
            return {"id": self.id, "status": "undelivered", "reason": "subscriber unknown"}
        return {"id": self.id, "status": "delivered"}


class SmsInbox:
    """All SMS since the start, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[str, ReceivedSms] = {}
        self._count = 0

    def put(self, to: str, sender: str, text: str, at: datetime) -> ReceivedSms:
        """Keep an SMS under an id of its own."""
        self._count += 1
        sms = ReceivedSms(f"sms-{self._count}", to, sender, text, at)
        self._kept[sms.id] = sms
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return sms

    def find(self, reference: str) -> ReceivedSms | None:
        """Give an SMS by its id."""
        return self._kept.get(reference)

    def page(self, now: datetime) -> str:
        """Show all SMS to people, the newest first."""
        newest_first = reversed(self._kept.values())
        return _PAGE.format(rows="\n".join(_row(sms, now) for sms in newest_first))


def _row(sms: ReceivedSms, now: datetime) -> str:
    status = ": ".join(list(sms.receipt(now).values())[1:])
    cells = (f"{sms.at:%H:%M:%S}", sms.to, sms.sender, status)
    shown = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
    return f'<tr>{shown}<td class="text">{html.escape(sms.text)}</td></tr>'
