"""Times, sizes and others' texts, as histories show them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.wording import Language

_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_FORMS = {Language.ENGLISH: "%Y-%m-%d, %H:%M", Language.GERMAN: "%d.%m.%Y, %H:%M Uhr"}
_UNITS = ("kB", "MB", "GB")


def harmless(text: str) -> str:
    """Drop what is not shown but obeyed: control characters, and what turns text around."""
    return _OBEYED.sub("", text.replace("\r\n", "\n"))


def at(instant: datetime, zone: str, language: Language) -> str:
    """Write an instant by the clocks of a zone (IANA name)."""
    return instant.astimezone(ZoneInfo(zone)).strftime(_FORMS[language])


def in_units(size: int, language: Language) -> str:
    """Write a number of bytes as people read it."""
    if size < 1_000:
        return f"{size} Bytes" if language is Language.GERMAN else f"{size} bytes"
    shown, unit = size / 1_000, 0
    while shown >= 999.95 and unit < len(_UNITS) - 1:
        shown, unit = shown / 1_000, unit + 1
    written = f"{shown:.1f} {_UNITS[unit]}"
    return written.replace(".", ",") if language is Language.GERMAN else written
