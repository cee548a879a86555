"""A server that says exactly what a test wants it to say, and keeps what it was told."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

GREETING = b"* OK ready\r\n"
USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n%(tag)s OK done\r\n",
    "LOGIN": b"%(tag)s OK done\r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n%(tag)s OK done\r\n",
    "NOOP": b"%(tag)s OK done\r\n",
    "DONE": b"%(tag)s OK done\r\n",
    "LOGOUT": b"* BYE\r\n%(tag)s OK done\r\n",
}


@dataclass
class Scripted:
    """A running server: where it listens, and every line that it was sent."""

    port: int
    told: list[bytes] = field(default_factory=list)


@contextmanager
def scripted(replies: Mapping[str, bytes], tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """Serve one IMAP client; a reply is chosen by the command's name, %(tag)s is its tag."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(listener.getsockname()[1])
        arguments = (listener, {**USUAL, **replies}, server.told, tls)
        thread = Thread(target=_serve, args=arguments, daemon=True)
        thread.start()
        yield server
    thread.join(5)


def _serve(
    listener: socket.socket,
    replies: Mapping[str, bytes],
    told: list[bytes],
    tls: ssl.SSLContext | None,
) -> None:
    with suppress(OSError):  # the client ends as it likes, and so may the test
        connection, _ = listener.accept()
        with connection:
            talking = tls.wrap_socket(connection, server_side=True) if tls else connection
            with talking, talking.makefile("rwb") as stream:
                stream.write(GREETING)
                stream.flush()
                tag = b""
                while line := stream.readline():
                    told.append(line)
                    words = line.split()
                    name = words[-1] if len(words) == 1 else words[1]
                    tag = tag if len(words) == 1 else words[0]
                    stream.write(replies[name.decode()] % {b"tag": tag})
                    stream.flush()
