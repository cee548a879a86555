"""Links of an appointment: those that its words have, and those to records in another program."""

import re
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import quote

_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}+(?![^\s<>\"])", re.IGNORECASE)
_TEMPLATE = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"]+")
_AFTER = ".,;:!?'*_"  # a link in a sentence ends before these
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Record(StrEnum):
    """What there can be a link to, as a template's {kind} says it."""

    APPOINTMENT = "appointment"
    CASE = "case"
    CONTACT = "contact"


def links_in(*texts: str) -> list[str]:
    """Give the web addresses that stand in texts, such as those of video calls, each once."""
    found = (_ending(each) for text in texts for each in _LINK.findall(text))
    return list(dict.fromkeys(each for each in found if not each.endswith("//")))


def record_link(template: str, kind: Record, number: int | str) -> str:
    """Fill in a template such as https://erp.example/{kind}/{number}."""
    filled = template.replace("{kind}", kind)
    return filled.replace("{number}", quote(str(number), safe=""))


def problems_of_template(template: str) -> Iterator[str]:
    """Say what is wrong with a template of links to records; nothing where there is none."""
    if not template:
        return
    if not _TEMPLATE.fullmatch(template):
        yield "must be an address such as https://erp.example/{kind}/{number}"
    yield from (f"must have {name}" for name in ("{kind}", "{number}") if name not in template)


def _ending(link: str) -> str:
    """Leave out what belongs to the sentence around a link, and not to the link."""
    while link[-1] in _AFTER or link.count(link[-1]) > link.count(_PAIRS.get(link[-1], link[-1])):
        link = link[:-1]
    return link
