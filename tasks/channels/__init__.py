"""The channels by which contacts are sent; a new one is registered here, and nowhere else."""

from tasks.channels.channel import Channel
from tasks.channels.e_mail import EMail
from tasks.channels.fax import Fax
from tasks.channels.message import Message
from tasks.channels.sms import Sms

CHANNELS: dict[str, Channel] = {
    channel.rules.channel: channel for channel in (EMail(), Sms(), Fax(), Message())
}
