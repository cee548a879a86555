"""Changes to records: what is different, and whether somebody else was there in the meantime."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.refusals import Refusal

Facts = Mapping[str, str | None]  # what a record says, by its fields, as people read it


class ChangeReason(StrEnum):
    """Why a change is not made; domain/changes_wording.py has the sentences."""

    STALE = "stale"
    MAIN_CASE_STAYS = "main_case_stays"


@dataclass(frozen=True, slots=True)
class Editing:
    """Who changes a record, when, and the version of it that they saw."""

    employee: str  # personnel number
    now: datetime
    seen: int | None = None  # none: they are not asked


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different about one field of a record."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changed what on a record."""

    employee: str | None  # none: Kontaktwerk itself, such as a workflow
    at: datetime
    field: str  # "created" for the first, where that is noted
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class History:
    """Who changed what on a record, the oldest first, and its version, which a change names."""

    version: int = 0
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody changed on a record, and when they did last."""

    employee: str | None  # none: Kontaktwerk itself
    at: datetime  # as clocks show it where it is read
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale(Refusal):
    """A record was changed since its editor saw it."""

    edits: tuple[Edit, ...] = ()
    today: date | None = None  # where it is read


def differences(before: Facts, after: Facts) -> list[Difference]:
    """Say which fields are different, in the order of those that there are now."""
    fields = dict.fromkeys((*after, *before))
    return [
        Difference(field, before.get(field), after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    ]


def reasons_not_to_overwrite(since: Sequence[Changed], now: datetime) -> list[Refusal]:
    """Refuse a change where others were made since the editor looked; empty means none were.

    Times are as clocks show them where it is read.
    """
    if not since:
        return []
    return [Stale(ChangeReason.STALE, edits=summed_up(since), today=now.date())]


def summed_up(changes: Iterable[Changed]) -> tuple[Edit, ...]:
    """Sum up changes, oldest first, by who made them: each once, by their last change."""
    edits: dict[str | None, Edit] = {}
    for change in changes:
        known = edits.pop(change.employee, None)
        fields = dict.fromkeys((*(known.fields if known else ()), change.field))
        edits[change.employee] = Edit(change.employee, change.at, tuple(fields))
    return tuple(edits.values())
