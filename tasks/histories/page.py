"""A service call's history as one HTML file, which loads nothing and runs nothing."""

from base64 import b64encode
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from domain.publishing import Entry, ReleasedFile, ServiceHistory
from domain.publishing_texts import HISTORY_WORDS
from domain.wording import Language
from tasks.histories.texts import at, harmless, in_units
from tasks.mail.html import self_contained

TEMPLATE = "history.html.jinja"


def page(history: ServiceHistory, now: datetime, zone: str, language: Language) -> str:
    """Write a history as a page; files whose bytes are there can be saved from it.

    zone is an IANA name. What others wrote is escaped, and their rich text sanitised again.
    """
    return _template().render(
        words=HISTORY_WORDS[language],
        language=language.value,
        case_number=history.case_number,
        as_of=at(now, zone, language),
        entries=[_shown(each, zone, language) for each in history.entries],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)


def _shown(entry: Entry, zone: str, language: Language) -> dict[str, object]:
    return {
        "incoming": entry.incoming,
        "sender": harmless(entry.sender),
        "matchcode": harmless(entry.matchcode),
        "dated_at": entry.dated_at.isoformat(),
        "at": at(entry.dated_at, zone, language),
        "text": harmless(entry.text),
        "html": None if entry.html is None else self_contained(harmless(entry.html)),
        "files": [_file(each, language) for each in entry.files],
    }


def _file(file: ReleasedFile, language: Language) -> dict[str, str | None]:
    """Say what a file is; it is saved as bytes, so that no browser shows or runs it."""
    content = None if file.content is None else b64encode(file.content).decode("ascii")
    return {
        "name": harmless(file.name),
        "size": in_units(file.size, language),
        "link": content and f"data:application/octet-stream;base64,{content}",
    }
