"""Contacts go out as SMS, by gateways that take them over HTTP (S1-S5)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from domain.channel_rules import SMS
from domain.delivery import Answer, DeliveryStatus
from domain.errors import MailServerError
from domain.gateways import SmsGateway
from domain.outgoing import File
from domain.services import Problem, Service
from tasks.channels.channel import Channel, Configured, Line
from tasks.gateways.sms_line import SmsLine
from tasks.store.look_ups import LookUp
from tasks.store.parcels import Parcel


class SmsChannelLine(Line):
    """The kept connection to an SMS gateway."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._line = SmsLine(gateway)
        if gateway.gives_receipts:
            self.looks_up = frozenset({DeliveryStatus.SENT})

    def write(self, parcel: Parcel, files: Sequence[File]) -> str:
        """Take the contact's text, whole; how many parts it needs was shown before."""
        return parcel.text

    def send(self, parcel: Parcel, written: str) -> Mapping[int, Answer]:
        """Hand the text in; it has one recipient (S3)."""
        return {
            each.id: self._line.send(each.to, written, parcel.message_id) for each in parcel.waiting
        }

    def look_up(self, asked: Sequence[LookUp]) -> Mapping[int, Answer | None]:
        """Ask the gateway for receipts."""
        found: dict[int, Answer | None] = {}
        with suppress(MailServerError):  # what was told until then counts
            for each in asked:
                found[each.delivery_id] = self._line.receipt(each.reference)
        return found

    def close(self) -> None:
        """Close the connection."""
        self._line.close()


class Sms(Channel):
    """SMS, by any gateway that is configured."""

    rules = SMS

    async def configured(self) -> tuple[list[Configured], list[Problem]]:
        """Read the gateways."""
        from tasks.gateway_blocks import SMS_GATEWAYS  # imported late: Prefect takes seconds

        gateways, bad = await SMS_GATEWAYS.all()
        return [Configured(_service(gateway), gateway) for gateway in gateways], bad

    def line(self, settings: SmsGateway) -> SmsChannelLine:
        """Make the way to a gateway."""
        return SmsChannelLine(settings)


def _service(gateway: SmsGateway) -> Service:
    return Service(
        gateway.name,
        SMS.channel,
        gateway.sender or "",
        connections=gateway.connections,
        per_minute=gateway.messages_per_minute,
    )
