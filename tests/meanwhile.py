"""Two transactions at once, for tests: one stops half way, and another begins."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

PATIENCE = 60  # seconds, on a very busy machine


@contextmanager
def stopped_before(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, work: Callable[[], Any]
) -> Iterator[Future[Any]]:
    """Let somebody work up to a call, in a thread, and go on where the block ends."""
    there, go = threading.Event(), threading.Event()
    real = getattr(module, name)

    def waiting(*arguments: Any) -> Any:
        there.set()
        assert go.wait(PATIENCE)
        return real(*arguments)

    with ThreadPoolExecutor(1) as beside:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, waiting)
            working = beside.submit(work)
            assert there.wait(PATIENCE)
        try:
            yield working
        finally:
            go.set()


def is_kept_waiting(work: Future[Any]) -> bool:
    with pytest.raises(TimeoutError):
        work.result(timeout=0.5)
    return True
