"""The demo's own mail server: SMTP in, IMAP out, in one process, on the loopback interface.

A message handed in by SMTP stands in its recipients' mailboxes a few milliseconds later, for
IDLE too. It is real in its protocols and modest in its means: everything is kept in memory, every
start brings other UIDVALIDITYs, there is no CONDSTORE and no TLS, and keywords of one's own are
dropped. It relays nothing: mail for the world outside (any other domain that ends in .example) ends
in mailboxes of its own, made when they are first written to, with the same password.
"""

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP
from proxyprotocol.reader import ProxyProtocolReader
from pymap.imap import IMAPServer

from deployments.demo.directory import HOST, folders_of_mailboxes, outsiders, password
from deployments.demo.mailboxes import MAX_BYTES, Mailboxes, open_mailboxes
from deployments.demo.messages import DemoMessage, demo_messages
from deployments.demo.outside_world import OutsideWorld
from deployments.demo.reception import Reception
from domain.errors import ConfigurationError

NAME = "mail.demo.example"


class PortTaken(ConfigurationError):
    """Somebody else listens where the demo's mail server should."""


def nobody_waits() -> None:
    """Stand where nobody wants to know that the server is ready."""


async def serve(
    imap_port: int,
    smtp_port: int,
    ready: Callable[[], None] = nobody_waits,
    messages: Iterable[DemoMessage] = (),
) -> None:
    """Serve until cancelled; the messages stand in the mailboxes before the first login.

    Raises PortTaken, before anything else happens.
    """
    async with AsyncExitStack() as stack:
        imap_socket = stack.enter_context(_listener(imap_port, "IMAP"))
        smtp_socket = stack.enter_context(_listener(smtp_port, "SMTP"))
        mailboxes = await open_mailboxes(folders_of_mailboxes(), password())
        for message in messages:
            await mailboxes.deliver(message.recipients, message.raw, message.arrived_at)
        await stack.enter_async_context(await _imap_server(mailboxes, imap_socket))
        await stack.enter_async_context(await _smtp_server(mailboxes, smtp_socket))
        ready()
        await asyncio.Event().wait()


def _listener(port: int, protocol: str) -> socket.socket:
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        reason = f"port {port} of {HOST}, meant for the demo's {protocol}, cannot be used"
        raise PortTaken(f"{reason}: {error.strerror}") from error
    # asyncio sets this on sockets that it opens itself only; without it an answer waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def _imap_server(mailboxes: Mailboxes, listener: socket.socket) -> asyncio.Server:
    config = mailboxes.login.config
    conversation = IMAPServer(mailboxes.login, config)
    connected = ProxyProtocolReader(config.proxy_protocol).get_callback(conversation)
    return await asyncio.start_server(connected, sock=listener)


async def _smtp_server(mailboxes: Mailboxes, listener: socket.socket) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    reception = Reception(mailboxes, OutsideWorld(outsiders()))
    return await loop.create_server(
        lambda: SMTP(reception, hostname=NAME, data_size_limit=MAX_BYTES, loop=loop),
        sock=listener,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server alone; case tokens in its messages are then plain case numbers."""
    options = _parser().parse_args(arguments)
    stock = [] if options.empty else demo_messages(datetime.now(UTC), lambda case: f"[{case}]")
    place = f"IMAP on {HOST}:{options.imap_port}, SMTP on {HOST}:{options.smtp_port}"
    server = serve(options.imap_port, options.smtp_port, lambda: _say(place), stock)
    try:
        asyncio.run(until_told_to_end(server))
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def until_told_to_end(server: Coroutine[None, None, None]) -> None:
    """Serve until SIGINT or SIGTERM, and end quietly then."""
    serving = asyncio.ensure_future(server)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with suppress(asyncio.CancelledError):
        await serving


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the demo's mail server.")
    parser.add_argument("--imap-port", type=int, default=1143)
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--empty", action="store_true", help="begin without the demo's messages")
    return parser


if __name__ == "__main__":
    sys.exit(main())
