"""The rule of a series goes along as its begin moves to another day or time (RFC 5545).

All that it gives goes along, or nothing does: a rule that names its days or times would else take
only the first occurrence to the new ones.
"""

from domain.appointments import Period
from domain.recurrence import DAYS, OF_DAY, matches

_SHIFTED = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"} | OF_DAY


def moved_rule(rule: str, before: Period, after: Period) -> str | None:
    """Give the rule by which a series goes on from another begin; None where there is none.

    A weekly rule's days are shifted by as many days as the begin. What names days of months or of
    years has no such shift: it stays, where it gives the new begin as well. rule is one that
    nothing stands against.
    """
    parts = dict(part.split("=") for part in rule.upper().split(";"))
    days = (after.begins.date() - before.begins.date()).days
    keeps_time = after.begins.time() == before.begins.time() or not parts.keys() & OF_DAY
    if keeps_time and parts["FREQ"] == "WEEKLY" and parts.keys() <= _SHIFTED:
        return _shifted(parts, days) if days % 7 else rule
    if matches(after, rule) or (keeps_time and days == 0):
        return rule
    return None


def _shifted(parts: dict[str, str], days: int) -> str:
    """Shift the days on which it recurs, and the begin of the weeks that it counts."""
    shifted = dict(parts)
    if "BYDAY" in parts:
        shifted["BYDAY"] = ",".join(_later(day, days) for day in parts["BYDAY"].split(","))
        if "INTERVAL" in parts or "WKST" in parts:
            shifted["WKST"] = _later(parts.get("WKST", "MO"), days)
    return ";".join(f"{name}={text}" for name, text in shifted.items())


def _later(day: str, days: int) -> str:
    return DAYS[(DAYS.index(day) + days) % 7]
