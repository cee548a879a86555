"""What commands say to programs: one JSON document, its instants in ISO 8601."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from domain.appointments import Period

Json = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


def say_json(document: object) -> None:
    """Print a document in ASCII, which every terminal and pipe takes, and none obeys."""
    typer.echo(json.dumps(jsonable(document)))


def jsonable(value: object) -> Any:
    """Turn frozen values into what JSON has; a period also gets the instants that it means."""
    if isinstance(value, Period):
        instants = {"begins_at": value.begins_at, "ends_at": value.ends_at}
        return {**_fields(value), **jsonable(instants)}
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(name): jsonable(each) for name, each in value.items()}
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(each) for each in value]
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def _fields(value: Any) -> dict[str, Any]:
    return {each.name: jsonable(getattr(value, each.name)) for each in fields(value)}
