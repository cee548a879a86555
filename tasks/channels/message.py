"""Contacts go as messages into the receiving employees' inboxes (M2, M3, M4)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from domain.channel_rules import MESSAGE
from domain.delivery import Answer, Outcome
from domain.errors import ServerUnreachable
from domain.outgoing import File
from domain.sending import Texts
from domain.services import Problem, Service
from tasks.channels.channel import Channel, Configured, Line
from tasks.store.database import store
from tasks.store.inbox import tell
from tasks.store.parcels import Parcel


class MessageLine(Line):
    """The way into the inboxes, which lie in the same database."""

    def write(self, parcel: Parcel, files: Sequence[File]) -> Texts:
        """Take the contact's texts as they were when it was sent; its files stay with it."""
        return Texts(parcel.matchcode, parcel.text, parcel.html)

    def send(self, parcel: Parcel, written: Texts) -> Mapping[int, Answer]:
        """Put the message into each inbox, once for each delivery."""
        now = datetime.now(UTC)

        def putting(connection: Connection) -> None:
            for each in parcel.waiting:
                assert each.employee_id is not None
                key = f"delivery:{each.id}"
                tell(
                    connection,
                    key,
                    each.employee_id,
                    parcel.contact_id,
                    written,
                    now,
                    parcel.employee_id,
                )

        try:
            store().write(putting)
        except OperationalError as error:  # sent again later: an inbox takes each delivery once
            raise ServerUnreachable(f"the database does not answer: {error.orig}") from error
        arrived = Answer(Outcome.ACCEPTED, "in the inbox")
        return {each.id: arrived for each in parcel.waiting}


class Message(Channel):
    """Internal messages; there is nothing to configure."""

    rules = MESSAGE
    repeatable = True  # an inbox takes each delivery once

    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Give the one service that there always is."""
        return [Configured(Service("inbox", MESSAGE.channel), None)], []

    def line(self, settings: None) -> MessageLine:
        """Make the way into the inboxes."""
        return MessageLine()
