"""Gateways as Prefect blocks: edited in the UI's forms, secrets encrypted by the server."""

from prefect.blocks.core import Block

from domain.gateways import FaxGateway, FaxGatewaySettings, SmsGateway, SmsGatewaySettings
from domain.push_services import PushService, PushServiceSettings
from tasks.blocks import BlockKind


class SmsGatewayBlock(SmsGatewaySettings, Block):
    """A gateway by which contacts are sent as SMS."""

    _block_type_name = "SMS gateway"
    _block_type_slug = "sms-gateway"
    _description = "A gateway by which contacts are sent as SMS."


class FaxGatewayBlock(FaxGatewaySettings, Block):
    """An e-mail-to-fax gateway by which contacts are sent as fax."""

    _block_type_name = "Fax gateway"
    _block_type_slug = "fax-gateway"
    _description = "An e-mail-to-fax gateway by which contacts are sent as fax."


class PushServiceBlock(PushServiceSettings, Block):
    """A push service by which one employee is informed of appointments."""

    _block_type_name = "Push service"
    _block_type_slug = "push-service"
    _description = "A push service by which one employee is informed of appointments."


SMS_GATEWAYS = BlockKind(SmsGatewayBlock, SmsGateway, "SMS gateway")
FAX_GATEWAYS = BlockKind(FaxGatewayBlock, FaxGateway, "fax gateway")
PUSH_SERVICES = BlockKind(PushServiceBlock, PushService, "push service")
