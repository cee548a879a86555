"""Page keys: where a list goes on, without counting what came before."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from datetime import UTC, datetime

from domain.errors import BadFilter

Value = str | int | datetime


def page_key(of: str, values: Sequence[Value]) -> str:
    """Write down after which row a list goes on; of says which list, filtered and sorted how."""
    said = [each.isoformat() if isinstance(each, datetime) else each for each in values]
    return urlsafe_b64encode(json.dumps([of, *said]).encode()).decode().rstrip("=")


def read_page_key(key: str, of: str, kinds: Sequence[type]) -> tuple[Value, ...]:
    """Read where a list goes on; BadFilter where the key is of another list, or none at all."""
    try:
        padded = key.encode("ascii") + b"=" * (-len(key) % 4)
        owner, *said = json.loads(urlsafe_b64decode(padded))
        if owner != of:
            raise BadFilter("the page key is of another list, or of other filters: begin anew")
        return tuple(_value(each, kind) for each, kind in zip(said, kinds, strict=True))
    except (ValueError, TypeError, Error, RecursionError) as error:
        raise BadFilter("the page key is none: take it from the list as it is") from error


def _value(said: object, kind: type) -> Value:
    if kind is datetime:
        at = datetime.fromisoformat(str(said))
        return at.astimezone(UTC) if at.tzinfo else at
    if type(said) is not kind or (kind is int and abs(int(str(said))) >= 2**63):
        raise ValueError(f"{said} is no {kind}")
    assert isinstance(said, str | int)
    return said
