"""Prefect, where it would stand in the way: its server may be away, its search for futures long."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

import httpx
from prefect.exceptions import PrefectException
from prefect.logging import get_run_logger
from prefect.utilities.annotations import quote

from domain.errors import PrefectUnreachable

T = TypeVar("T")


@contextmanager
def tolerated(what: str) -> Iterator[None]:
    """Go on where the Prefect server does not do what is shown or asked here; say so in the log."""
    try:
        yield
    except (httpx.HTTPError, PrefectException, PrefectUnreachable) as error:
        get_run_logger().warning("%s: the Prefect server did not answer: %r", what, error)


def sealed(value: T) -> T:
    """Spare Prefect the walk through everything in a task's argument, in search of futures."""
    return cast(T, quote(value))
