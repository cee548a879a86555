"""What the demo's mail server does with what it is handed by SMTP."""

import asyncio
from datetime import UTC, datetime
from itertools import count

from aiosmtpd.smtp import SMTP, Envelope, Session

from deployments.demo.directory import password
from deployments.demo.mailboxes import Mailboxes
from deployments.demo.messages import DemoMessage
from deployments.demo.outside_world import OutsideWorld, is_outside

NOBODY = "<>"  # whatever is sent so wants no answer (RFC 3834, 2)
THINKING = 3.0  # seconds until somebody outside has written an answer


class Reception:
    """Takes mail for the demo's own mailboxes and for the world outside, and for nobody else."""

    def __init__(self, mailboxes: Mailboxes, outside: OutsideWorld) -> None:
        self._mailboxes = mailboxes
        self._outside = outside
        self._numbers = count(1)
        self._opening = asyncio.Lock()
        self._answering: set[asyncio.Task[None]] = set()

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Accept a recipient, or say why not."""
        if refusal := self._refusal(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Deliver the message to all its recipients, byte for byte."""
        message = DemoMessage(tuple(envelope.rcpt_tos), envelope.original_content or b"")
        await self._deliver(message)
        if envelope.mail_from != NOBODY:
            self._let_people_answer(message)
        return f"250 2.0.0 Ok: queued as DEMO{next(self._numbers)}"

    def _refusal(self, address: str) -> str | None:
        if is_outside(address):
            return self._outside.refusal(address)
        if self._mailboxes.knows(address):
            return None
        return f"550 5.1.1 <{address}>: there is no such mailbox here"

    async def _deliver(self, message: DemoMessage) -> None:
        async with self._opening:
            for address in filter(is_outside, message.recipients):
                if not self._mailboxes.knows(address):
                    await self._mailboxes.open(address, [], password())
        await self._mailboxes.deliver(message.recipients, message.raw)

    def _let_people_answer(self, message: DemoMessage) -> None:
        answering = asyncio.create_task(self._answer(message))
        self._answering.add(answering)  # else it might be forgotten before it is done
        answering.add_done_callback(self._answering.discard)

    async def _answer(self, message: DemoMessage) -> None:
        await asyncio.sleep(THINKING)
        for answer in self._outside.answers(message.recipients, message.raw, datetime.now(UTC)):
            known = tuple(filter(self._mailboxes.knows, answer.recipients))
            await self._mailboxes.deliver(known, answer.raw)
