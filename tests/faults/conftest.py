"""What fails is tried on both databases."""

from collections.abc import Iterator

import pytest
from servers.postgres import drop_database, fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.faults)])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of each database in turn, empty; none: SQLite in the home folder."""
    if request.param == "sqlite":
        yield ""
        return
    cluster = request.getfixturevalue("postgres_cluster")
    fresh = fresh_database(cluster)
    yield fresh
    drop_database(cluster, fresh)
