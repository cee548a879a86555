"""The Prefect server's API, which may be away for a while: mail goes on being read meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect.exceptions import PrefectException
from prefect.logging import get_run_logger

from domain.errors import PrefectUnreachable


@contextmanager
def tolerated(what: str) -> Iterator[None]:
    """Go on where the Prefect server does not do what is shown or asked here; say so in the log."""
    try:
        yield
    except (httpx.HTTPError, PrefectException, PrefectUnreachable) as error:
        get_run_logger().warning("%s: the Prefect server did not answer: %r", what, error)
