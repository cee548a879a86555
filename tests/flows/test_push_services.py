"""Push services are edited in the Prefect UI, which keeps their addresses to itself."""

import asyncio

import pytest
from flow_api import everything_told
from prefect.client.orchestration import get_client
from servers.push import push_service

from domain.services import Problem
from tasks.channels.push import Push
from tasks.gateway_blocks import PUSH_SERVICES, PushServiceBlock

ANNAS = push_service(
    "ntfys://ntfy.example.com/Geheimes-Thema", quiet_from="22:00", quiet_until="07:00"
)
OLAFS = push_service("nonsense://Geheimes-Thema", name="olaf-phone", employee="9999")

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture(autouse=True)
def saved():
    """Both services as blocks; they are gone after the test."""

    async def saving() -> None:
        await PushServiceBlock.aregister_type_and_schema()
        for service in (ANNAS, OLAFS):
            await PUSH_SERVICES.save(service.name, service)

    async def forgetting() -> None:
        async with get_client() as client:
            for document in await client.read_block_documents_by_type("push-service"):
                await client.delete_block_document(document.id)

    asyncio.run(saving())
    yield
    asyncio.run(forgetting())


def test_what_is_entered_is_read_and_a_bad_one_is_named():
    configured, problems = asyncio.run(Push().configured())

    assert [each.settings.service for each in configured] == [ANNAS]
    assert problems == [Problem("olaf-phone", "its address is none that apprise knows")]


def test_who_looks_at_a_block_or_at_a_log_does_not_see_the_address():
    asyncio.run(Push().configured())

    told = asyncio.run(everything_told())

    assert "anna-phone" in told
    assert "Geheimes-Thema" not in told
