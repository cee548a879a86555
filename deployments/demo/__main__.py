"""Run the demo: its mail server and SMS gateway, with people who write to each other."""

import asyncio
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from deployments.demo.appointments import book_appointments
from deployments.demo.archive import archived_letters, keep_records
from deployments.demo.mail_server import PortTaken, serve, until_told_to_end
from deployments.demo.messages import demo_messages
from deployments.demo.outgoing import write_letters
from deployments.demo.publishing import publish_history
from deployments.demo.sms_gateway import serve_sms
from deployments.demo.stream import stream
from deployments.demo.todos import do_todos
from domain.tokens import case_token
from tasks.settings import Settings, settings


def main() -> int:
    """Run until told to end; 2 where a port is taken."""
    try:
        asyncio.run(until_told_to_end(_run(settings())))
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def _run(settings: Settings) -> None:
    token = partial(case_token, secret=settings.token_secret)
    began = _first_start(settings.folder / "demo-began")
    stock = [*archived_letters(began), *demo_messages(began, token)]
    serving = serve(settings.demo_imap_port, settings.demo_smtp_port, messages=stock)
    streaming = stream(settings.demo_smtp_port, partial(datetime.now, UTC), token)
    texting = serve_sms(settings.demo_sms_port)
    booking = book_appointments(datetime.now(UTC))
    people = (streaming, write_letters(), booking, do_todos(), publish_history())
    await asyncio.gather(serving, texting, *people, keep_records(began))


def _first_start(path: Path) -> datetime:
    """Remember when the demo first began: the same messages the next time are known by then."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(datetime.now(UTC).isoformat())
    return datetime.fromisoformat(path.read_text())


if __name__ == "__main__":
    sys.exit(main())
