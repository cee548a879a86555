"""Time zones by their IANA names, from one set of rules on every machine, and wall-clock times.

The rules are those of the package tzdata and not the operating system's, so that all machines
agree, and so that it can be told whether the rules have changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

import tzdata

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
    return ZoneInfo.from_file(BytesIO(_compiled(name)), key=name)


@cache
def fingerprints() -> Mapping[str, str]:
    """Give a fingerprint of each zone's rules, by its name; it takes a fifth of a second."""
    return {name: sha256(_compiled(name)).hexdigest()[:12] for name in _NAMES}


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """Rules of time zones: which they are, and the fingerprint of each zone's, by its name."""

    version: str  # such as "2026f"; newer ones are greater
    fingerprints: Callable[[], Mapping[str, str]]


RULES = ZoneRules(tzdata.IANA_VERSION, fingerprints)


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


def _compiled(name: str) -> bytes:
    """Read a zone's rules as they are compiled (RFC 8536)."""
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
