"""The channels by which contacts are sent; a new one is registered here, and nowhere else.

Alarms have one more way, which is offered to nobody who sends a contact.
"""

from domain.alarms import PUSH
from tasks.channels.channel import Channel, Way
from tasks.channels.e_mail import EMail
from tasks.channels.fax import Fax
from tasks.channels.message import Message
from tasks.channels.push import Push
from tasks.channels.sms import Sms

CHANNELS: dict[str, Channel] = {
    channel.rules.channel: channel for channel in (EMail(), Sms(), Fax(), Message())
}
WAYS: dict[str, Way] = {**CHANNELS, PUSH: Push()}  # all that the dispatch shift sends by
