"""What exported lists have in their columns, and their lines as rows of values (L7)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.appointments import Period
from domain.export_wording import in_language, word
from domain.lists import Listed
from domain.mail import Automatic
from domain.wording import Language
from domain.zones import wall

Value = str | int | date | datetime | None  # an instant is aware; a StrEnum is put into words
Cell = str | int | bool | date | datetime | None  # a time is by the clocks of a zone
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
NARROW, USUAL, WIDE = 10, 22, 60  # widths, in letters


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English and German name, and what it says of a line."""

    name: tuple[str, str]
    value: Callable[[Any], Value]
    width: int = USUAL
    is_instant: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a file is written for: their language, and the zone of their clocks."""

    language: Language
    zone: str


COLUMNS: Mapping[Listed, Sequence[Column]] = {
    Listed.CONTACTS: (
        Column(("number", "Nummer"), lambda line: line.id, NARROW),
        Column(("received", "Eingang"), lambda line: line.received_at, is_instant=True),
        Column(("from", "Absender"), lambda line: line.sender),
        Column(("matchcode", "Matchcode"), lambda line: line.matchcode, WIDE),
        Column(("status", "Status"), lambda line: line.status),
        Column(("case", "Vorgang"), lambda line: line.case_number),
        Column(("choice of the case", "Wahl des Vorgangs"), lambda line: line.verdict),
        Column(("automatic", "automatisch"), lambda line: Automatic(line.automatic)),
        Column(("private", "privat"), lambda line: line.private, NARROW),
    ),
    Listed.APPOINTMENTS: (
        Column(("number", "Nummer"), lambda line: line.id, NARROW),
        Column(("begin", "Beginn"), lambda line: _begin(line.period), is_instant=True),
        Column(("end", "Ende"), lambda line: _end(line.period), is_instant=True),
        Column(("all day", "ganztägig"), lambda line: line.period.all_day, NARROW),
        Column(("matchcode", "Matchcode"), lambda line: line.matchcode, WIDE),
        Column(("place", "Ort"), lambda line: line.place),
        Column(("responsible", "verantwortlich"), lambda line: line.responsible),
        Column(("priority", "Priorität"), lambda line: line.priority, NARROW),
        Column(("recurs", "wiederholt sich"), lambda line: line.rule),
        Column(("contact", "Kontakt"), lambda line: line.contact_id, NARROW),
        Column(("done", "erledigt"), lambda line: line.done, NARROW),
        Column(("cancelled", "abgesagt"), lambda line: line.cancelled, NARROW),
    ),
    Listed.TODOS: (
        Column(("number", "Nummer"), lambda line: line.id, NARROW),
        Column(("due", "fällig"), lambda line: line.due, is_instant=True),
        Column(("begin", "Beginn"), lambda line: line.begin, is_instant=True),
        Column(("matchcode", "Matchcode"), lambda line: line.matchcode, WIDE),
        Column(("activity type", "Aktivitätsart"), lambda line: line.activity_type),
        Column(("priority", "Priorität"), lambda line: line.priority, NARROW),
        Column(("for", "für"), lambda line: line.employee),
        Column(("team", "Team"), lambda line: line.team),
        Column(("taken by", "übernommen von"), lambda line: line.taken_by),
        Column(("cases", "Vorgänge"), lambda line: ", ".join(line.cases)),
        Column(("part of", "Teil von"), lambda line: line.parent_id, NARROW),
        Column(("open parts", "offene Teile"), lambda line: line.open_parts, NARROW),
        Column(("created", "angelegt"), lambda line: line.created, is_instant=True),
        Column(("done", "erledigt"), lambda line: line.done, is_instant=True),
    ),
    Listed.CASES: (
        Column(("number", "Nummer"), lambda line: line.number),
        Column(("title", "Titel"), lambda line: line.title, WIDE),
        Column(("kind", "Art"), lambda line: line.kind),
        Column(("address", "Adresse"), lambda line: line.address),
        Column(("name", "Name"), lambda line: line.address_name),
        Column(("owner", "zuständig"), lambda line: line.owner),
        Column(("open", "offen"), lambda line: line.open, NARROW),
    ),
}


def headers(columns: Iterable[Column], reader: Reader) -> list[str]:
    """Name the columns; those of instants also say by which clocks."""
    return [
        f"{in_language(each.name, reader.language)}{f' ({reader.zone})' if each.is_instant else ''}"
        for each in columns
    ]


def rows(
    columns: Sequence[Column], lines: Iterable[Any], reader: Reader
) -> Iterator[tuple[Cell, ...]]:
    """Give each line as a row; what no file can hold is left out of texts."""
    values = [each.value for each in columns]
    for line in lines:
        yield tuple(_cell(value(line), reader) for value in values)


def _cell(value: Value, reader: Reader) -> Cell:
    if isinstance(value, StrEnum):
        return word(value, reader.language)
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, datetime):
        return wall(value, reader.zone).replace(microsecond=0)
    return value


def cleaned(text: str) -> str:
    """Leave out the control characters, which XML cannot have, but line breaks and tabs."""
    return text if text.isprintable() else _NEVER.sub("", text)


def _begin(period: Period) -> date | datetime:
    return period.begins.date() if period.all_day else period.begins_at


def _end(period: Period) -> date | datetime:
    """Give the end; of whole days, the last of them."""
    return (period.ends - timedelta(days=1)).date() if period.all_day else period.ends_at
