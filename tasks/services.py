"""The services of all channels: read as they are configured, and made known to requests (X1)."""

from collections.abc import Mapping
from dataclasses import replace

from domain.services import Problem
from tasks.channels import WAYS
from tasks.channels.channel import Configured, Way
from tasks.store.database import store
from tasks.store.invitations import tell_waiting_guests
from tasks.store.queues import enter_services, queue_name


async def configured_services() -> tuple[dict[str, tuple[Way, Configured]], list[Problem]]:
    """Read them by their queues' names; bad ones are named in the same way."""
    found: dict[str, tuple[Way, Configured]] = {}
    bad: list[Problem] = []
    for name, way in WAYS.items():
        configured, problems = await way.configured()
        found |= {queue_name(each.service): (way, each) for each in configured}
        bad += [replace(each, name=f"{name}/{each.name}") for each in problems]
    return found, bad


def make_known(found: Mapping[str, tuple[Way, Configured]]) -> None:
    """Let requests know by what contacts can be sent; guests who waited for it are written to."""
    enter_services(store(), [each.service for _, each in found.values()], list(WAYS))
    tell_waiting_guests(store(), store().now())
