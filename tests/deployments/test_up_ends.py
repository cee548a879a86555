"""What is started by `kontakt up` is killed, or ended by Ctrl-C, in the midst of a shift."""

import re
import socket
from collections.abc import Iterator

import pytest
from servers.installation import Installation, eventually
from servers.program import listens, until_exit


@pytest.fixture(scope="module")
def started_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that was killed during its first shift, and is up again."""
    installation = Installation(tmp_path_factory.mktemp("killed"), shift_seconds=600)
    with until_exit() as stack:
        stack.callback(installation.kill)
        installation.start()
        assert eventually(lambda: installation.shifts("RUNNING"))
        installation.kill()
        installation.start()
        yield installation


@pytest.fixture(scope="module")
def exit_code(started_again: Installation) -> int:
    """Its exit code, once Ctrl-C has ended it."""
    assert eventually(lambda: started_again.contacts("Fehler E17"))
    assert all(map(listens, started_again.ports))
    return started_again.interrupt()


@pytest.mark.rule("R1")
def test_a_shift_that_was_killed_is_told_and_another_one_goes_on(started_again):
    assert eventually(lambda: started_again.shifts("CRASHED"))
    assert eventually(lambda: started_again.contacts("Fehler E17"))


def test_ctrl_c_lets_a_shift_hand_over(started_again, exit_code):
    log = (started_again.home / "demo" / "runner.log").read_text()

    assert re.search(r"Flow run 'mail shift' - Finished in state Completed", log)


def test_ctrl_c_ends_everything(started_again, exit_code):
    assert exit_code == 0
    assert started_again.processes() == []
    for port in started_again.ports:
        socket.create_server(("127.0.0.1", port)).close()
