"""Run the demo's mail server with its messages, and let more arrive while it runs."""

import asyncio
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from deployments.demo.mail_server import PortTaken, serve, until_told_to_end
from deployments.demo.messages import demo_messages
from deployments.demo.stream import stream
from domain.tokens import case_token
from tasks.settings import Settings, settings


def main() -> int:
    """Run until told to end; 2 where a port is taken."""
    try:
        asyncio.run(until_told_to_end(_serve_and_stream(settings())))
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def _serve_and_stream(settings: Settings) -> None:
    token = partial(case_token, secret=settings.token_secret)
    stock = demo_messages(_first_start(settings.folder / "demo-began"), token)
    serving = serve(settings.demo_imap_port, settings.demo_smtp_port, messages=stock)
    streaming = stream(settings.demo_smtp_port, partial(datetime.now, UTC), token)
    await asyncio.gather(serving, streaming)


def _first_start(path: Path) -> datetime:
    """Remember when the demo first began: the same messages the next time are known by then."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(datetime.now(UTC).isoformat())
    return datetime.fromisoformat(path.read_text())


if __name__ == "__main__":
    sys.exit(main())
