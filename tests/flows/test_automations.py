"""The example automation, as the Prefect server has it."""

import asyncio
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import get_client
from prefect.events import Automation, AutomationCore, EventTrigger
from prefect.events.actions import RunDeployment

from deployments.automations import MANY_BOUNCES, deploy_automation
from domain.events import EMITTED, EventName
from flows.report_bounces import report_bounces

OWN = {"id", "owner_resource"}  # what the server gives and does not take


async def deployed() -> UUID:
    deployment = await report_bounces.ato_deployment("report-bounces")
    return await deployment.aapply()


async def automations() -> list[Automation]:
    async with get_client() as client:
        return await client.read_automations_by_name(MANY_BOUNCES)


async def change(automation: Automation, **changes: object) -> None:
    changed = AutomationCore.model_validate({**automation.model_dump(exclude=OWN), **changes})
    async with get_client() as client:
        await client.update_automation(automation.id, changed)


@pytest.fixture(autouse=True)
def _without(prefect_server) -> None:
    async def deleting() -> None:
        async with get_client() as client:
            for each in await automations():
                await client.delete_automation(each.id)

    asyncio.run(deleting())


def test_it_is_there_once_however_often_the_runner_starts():
    async def starting() -> list[Automation]:
        for _ in range(3):
            await deploy_automation(await deployed())
        return await automations()

    [automation] = asyncio.run(starting())

    [action] = automation.actions
    assert isinstance(action, RunDeployment)
    assert action.deployment_id == asyncio.run(deployed())


def test_it_waits_for_the_event_that_is_emitted_as_something_bounces():
    asyncio.run(deploy_automation(asyncio.run(deployed())))

    [automation] = asyncio.run(automations())

    trigger = automation.trigger
    assert isinstance(trigger, EventTrigger)
    assert trigger.expect == {EventName.CONTACT_BOUNCED}
    resource = f"{EMITTED[EventName.CONTACT_BOUNCED].resource}17"
    assert trigger.match.matches({"prefect.resource.id": resource})


def test_what_an_admin_has_changed_stays():
    async def changing() -> list[Automation]:
        await deploy_automation(await deployed())
        [automation] = await automations()
        await change(automation, enabled=False, description="Ours")
        await deploy_automation(await deployed())
        return await automations()

    [automation] = asyncio.run(changing())

    assert not automation.enabled
    assert automation.description == "Ours"


def test_one_whose_report_is_gone_runs_the_one_that_is_there():
    async def starting() -> list[Automation]:
        await deploy_automation(uuid4())
        await deploy_automation(await deployed())
        return await automations()

    [automation] = asyncio.run(starting())

    [action] = automation.actions
    assert isinstance(action, RunDeployment)
    assert action.deployment_id == asyncio.run(deployed())
