"""A service call's history as Markdown, in which nothing that others wrote is Markdown."""

import re
from collections.abc import Iterator
from datetime import datetime

from domain.publishing import Entry, ServiceHistory
from domain.publishing_texts import HISTORY_WORDS, HistoryWords
from domain.wording import Language
from tasks.histories.texts import at, harmless, in_units

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def markdown(history: ServiceHistory, now: datetime, zone: str, language: Language) -> str:
    """Write a history as Markdown; of files it has the names. zone is an IANA name."""
    words = HISTORY_WORDS[language]
    lines = [
        f"## {words.title} {escaped(history.case_number)}",
        "",
        f"{words.as_of} {escaped(at(now, zone, language))}",
    ]
    for entry in history.entries:
        lines += ["", *_entry(entry, words, zone, language)]
    if not history.entries:
        lines += ["", words.nothing]
    return "\n".join([*lines, ""])


def escaped(text: str) -> str:
    """Write a line of others so that Markdown shows it as it is (CommonMark, 2.4)."""
    return _PUNCTUATION.sub(r"\\\g<0>", " ".join(harmless(text).split()))


def _entry(entry: Entry, words: HistoryWords, zone: str, language: Language) -> Iterator[str]:
    side = words.from_customer if entry.incoming else words.from_us
    yield f"### {escaped(entry.matchcode or words.no_subject)}"
    yield ""
    yield f"**{escaped(entry.sender)}** · {side} · {escaped(at(entry.dated_at, zone, language))}"
    yield ""
    for line in harmless(entry.text).splitlines():
        yield f"> {escaped(line)}  "  # two blanks end the line in what is shown, too
    if entry.files:
        yield ""
        yield f"**{words.files}:**"
        yield ""
    for file in entry.files:
        yield f"- {escaped(file.name)} ({escaped(in_units(file.size, language))})"
