"""What the tests of the deployments share: an installation that is up, and their own option."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.installation import Installation
from servers.program import until_exit


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the pictures of the documentation be made by the tests."""
    parser.addoption("--screenshots", type=Path, help="a folder to save screenshots in")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that is up, for all tests of a module."""
    installation = Installation(tmp_path_factory.mktemp("installation"))
    with until_exit() as stack:
        stack.callback(installation.kill)
        installation.start()
        yield installation
