"""HTTP servers of tests run in a thread of their own while a context lasts."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from threading import Thread
from typing import TypeVar

S = TypeVar("S", bound=HTTPServer)
LOOK = 0.02  # seconds between looks at whether it shall end


@contextmanager
def running(server: S, tls: ssl.SSLContext | None = None) -> Iterator[S]:
    """Let a server work, with TLS or without."""
    with server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(LOOK,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
