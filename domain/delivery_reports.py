"""Delivery reports as RFC 3464 writes them, read as forgivingly as servers write them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.mail import Letter

REPORT_CHARACTERS = 256 * 1024
RECIPIENTS_MOST = 1_000

DELIVERY_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
DISPOSITION = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)")
_OF_A_RECIPIENT = frozenset({"final-recipient", "original-recipient", "action"})
_ADDRESS = re.compile(r"[^\s<>;,:\"'()]{1,200}@[^\s<>;,:\"'()]{1,200}")


class Action(StrEnum):
    """What a server says that it did with a message for one recipient (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """The fields of a report that speak of one recipient, names in lower case."""

    fields: Mapping[str, str]

    @property
    def action(self) -> Action:
        """What was done; a report that does not say it is judged by its status."""
        word = self.fields.get("action", "").casefold()
        for action in Action:
            if action and word.startswith(action[:4]):
                return action
        status = self.fields.get("status", "")
        return Action.FAILED if status.startswith(("4", "5")) else Action.UNKNOWN

    @property
    def address(self) -> str:
        """The recipient as the sender wrote it, else as the last server knew it."""
        for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
            if found := _ADDRESS.search(self.fields.get(name, "")[:500]):
                return found[0].strip(".")
        return ""


def recipient_reports(letter: Letter) -> list[RecipientReport]:
    """Collect what the delivery-status parts of a message say of each recipient."""
    texts = (part.text for part in letter.parts if part.content_type in DELIVERY_STATUS)
    return [report for text in texts for report in reports_in(text)][:RECIPIENTS_MOST]


def reports_in(text: str) -> list[RecipientReport]:
    """Read the groups of fields in a text that speak of a recipient."""
    groups = field_groups(text[:REPORT_CHARACTERS].splitlines())
    return [RecipientReport(fields) for fields in groups if _OF_A_RECIPIENT & fields.keys()]


def field_groups(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Read groups of header fields, parted by a blank line or by a field that comes again."""
    group: dict[str, list[str]] = {}
    last: list[str] = []
    for line in lines:
        field = _FIELD.match(line)
        again = field and field[1].lower() in group and field[1].lower() in _OF_A_RECIPIENT
        if group and (again or not line.strip()):
            yield {name: " ".join(words) for name, words in group.items()}
            group = {}
        if field:
            last = group.setdefault(field[1].lower(), [])
            last.append(field[2].strip())
        elif line[:1] in {" ", "\t"} and group:
            last.append(line.strip())
    if group:
        yield {name: " ".join(words) for name, words in group.items()}
