"""Why somebody may not do something: one unmet condition each, and all of them at once."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Refusal:
    """One unmet condition, and whom or what it is about; domain/wording.py has the sentences."""

    reason: StrEnum
    about: str = ""
