"""Time zones by their IANA names, from one set of rules on every machine, and wall-clock times.

The rules are those of the package tzdata and not the operating system's, so that all machines
agree, and so that it can be told whether the rules have changed.
"""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata

RULES = tzdata.IANA_VERSION  # which rules these are, such as "2026f"
_NAMES = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
_KNOWN = frozenset(_NAMES)


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name, such as Europe/Berlin."""
    return name in _KNOWN


@cache
def zone(name: str) -> ZoneInfo:
    """Give a zone by its name; ValueError where there is none."""
    if not is_zone(name):
        raise ValueError(f"there is no time zone {name}")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def instant(wall: datetime, zone_name: str) -> datetime:
    """Give the instant (UTC) at which clocks on the wall of a zone show this.

    What they show twice, as they are put back, is the first of both; what they leave out, as they
    are put forward, is as long after the change as it would have been (RFC 5545, 3.3.5).
    """
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def wall(at: datetime, zone_name: str) -> datetime:
    """Give what clocks on the wall of a zone show at an instant, without the zone."""
    return at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


def mark(at: datetime, zone_name: str) -> str:
    """Tell apart what clocks show twice, as they are put back: " CEST" and " CET"; else nothing."""
    shown = at.astimezone(zone(zone_name))
    if shown.replace(fold=0).utcoffset() == shown.replace(fold=1).utcoffset():
        return ""
    return f" {shown.tzname()}"
