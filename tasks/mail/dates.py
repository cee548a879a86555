"""When a message was sent, from dates as mailers write them."""

import re
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = 1970
LATEST = 2200

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_ZONES = {
    "bst": 1, "cet": 1, "mez": 1, "met": 1, "wat": 1, "west": 1,
    "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3,
    "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2}))?(?:[.,]\d{1,9})?"
    r"(?:\s?(?P<half>[ap]m)\b)?"
)
_ZONE = r"(?:(?:gmt|utc?)(?=[+-]))?(?P<zone>[+-]\d{1,2}:?\d{2}|[a-z]{1,5}(?=\W|\Z))?"
_WEEKDAY = r"(?:[^\W\d_]{2,10}[.,]{0,2}\s{0,9})?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_FORMS = (
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[\s-]{{1,9}}{_MONTH}[\s-]{{1,9}}"
        rf"(?P<year>\d{{2,4}})[\s,]{{1,9}}{_TIME}\s{{0,9}}{_ZONE}",
        re.IGNORECASE,
    ),
    re.compile(  # asctime
        rf"{_WEEKDAY}{_MONTH}\s{{1,9}}(?P<day>\d{{1,2}}),?\s{{1,9}}{_TIME}\s{{0,9}}{_ZONE}"
        rf"\s{{0,9}}(?P<year>\d{{4}})",
        re.IGNORECASE,
    ),
    re.compile(  # ISO 8601
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})[T\s]{{1,3}}"
        rf"{_TIME}\s{{0,9}}{_ZONE}",
        re.IGNORECASE,
    ),
)


def read_date(text: str) -> datetime | None:
    """Read an instant; None where a date is none, or none that a mail was sent at."""
    text = text[:200].strip(" \"'")
    for form in _FORMS:
        if found := form.match(text):
            return _instant(found)
    return None


def received_date(trace: str) -> datetime | None:
    """Read when a server noted that it received a message (RFC 5321, 4.4)."""
    return read_date(trace.rpartition(";")[2])


def _instant(found: re.Match[str]) -> datetime | None:
    month = _MONTHS.get(found["month"].lower()[:3]) or _number(found["month"])
    year = _whole_year(found["year"])
    if not EARLIEST <= year <= LATEST:
        return None
    second = min(int(found["second"] or 0), 59)  # 60 is a leap second
    try:
        return datetime(
            year, month, int(found["day"]), _hour(found), int(found["minute"]), second,
            tzinfo=_zone(found["zone"] or ""),
        ).astimezone(UTC)  # fmt: skip
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    return hour % 12 + 12 * (half == "pm") if half else hour


def _number(month: str) -> int:
    return int(month) if month.isdecimal() else 0


def _whole_year(written: str) -> int:
    """Complete a year of two or three digits (RFC 5322, 4.3)."""
    year = int(written)
    if len(written) == 4:
        return year
    return year + (2000 if year < 50 and len(written) == 2 else 1900)


def _zone(written: str) -> timezone:
    if written[:1] not in ("+", "-"):
        return timezone(timedelta(hours=_ZONES.get(written.lower(), 0)))
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:-2]), minutes=int(digits[-2:]))
    if offset > timedelta(hours=14):
        return UTC
    return timezone(-offset if written[0] == "-" else offset)
